"""Column names in other languages, read as English words."""

import pytest

from leadqual.vocabulary.header_words import english_words
from leadqual.vocabulary.headers_asian import ASIAN
from leadqual.vocabulary.headers_european import EUROPEAN
from leadqual.vocabulary.headers_slavic import SLAVIC


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Date de création", ("date", "de", "created")),
        ("Abschlussdatum", ("closed", "date")),
        ("Erstelldatum", ("created", "date")),
        ("Kundennummer", ("customer", "number")),
        ("Data de criação", ("created", "date")),
        ("Nombre de pages", ("number", "pages")),
        ("Nombre", ("name",)),
        ("最后跟进时间", ("last", "followup", "time")),
        ("成交金额", ("won", "amount")),
        ("受注予定日", ("won", "expected", "date")),
        ("담당자", ("owner",)),
        ("N°", ("number",)),
        ("No. of Employees", ("number", "of", "employees")),
        ("CreatedDate", ("created", "date")),
        ("Data source", ("data", "source")),
        ("Commercial property", ("commercial", "property")),
        ("Commercial", ("owner",)),
        ("Portable device", ("portable", "device")),
        ("データ", ("データ",)),
        ("Właściciel leada", ("owner", "lead")),
        ("Дата создания", ("date", "created")),
        ("Interessenten-Nr.", ("lead", "number")),
        ("", ()),
    ],
)
def test_words(name: str, words: tuple[str, ...]) -> None:
    assert english_words(name) == words


def test_every_term_is_found_in_a_name_of_its_own() -> None:
    for tables in (EUROPEAN, SLAVIC, ASIAN):
        for language, table in tables.items():
            for terms in table.values():
                for term in terms.split() if tables is ASIAN else terms.split("|"):
                    assert english_words(term) != (term,) or term in table, (language, term)


def test_terms_of_different_meaning_do_not_share_a_language() -> None:
    for tables in (EUROPEAN, SLAVIC, ASIAN):
        for language, table in tables.items():
            terms = [one for text in table.values() for one in (text.split() if tables is ASIAN else text.split("|"))]
            assert sorted({term for term in terms if terms.count(term) > 1}) == [], language
