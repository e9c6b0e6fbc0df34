"""Words and plain forms of column names."""

import pytest

from leadqual.vocabulary.column_names import plain_name, word_set, words_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CreatedDate", ("created", "date")),
        ("CREATEDDATE", ("createddate",)),
        ("leadID", ("lead", "id")),
        ("HTTPStatus", ("http", "status")),
        ("stage_id/id", ("stage", "id", "id")),
        ("No. of Employees", ("no", "of", "employees")),
        ("(Do Not Modify) Lead", ("lead",)),
        ("Do Not Email", ("do", "not", "email")),
        ("", ()),
    ],
)
def test_words(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


def test_a_label_and_its_api_name_are_plainly_the_same() -> None:
    assert {plain_name(name) for name in ("Created Date", "CreatedDate", "CREATEDDATE", "created_date")} == {
        "createddate"
    }
    assert plain_name("Company / Account") == "companyaccount"
    assert plain_name("(do not modify)  Lead") == "lead"
    assert plain_name("Größe") == plain_name("GRÖSSE")


def test_word_sets() -> None:
    assert word_set("a b  a") == {"a", "b"}
    assert word_set("a b|c", "|") == {"a b", "c"}
