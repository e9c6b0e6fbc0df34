"""The catalogues of a report: complete in both languages, and no word in them that nobody uses."""

import re
from importlib.resources import files

import pytest

from leadqual.audit.finding import SEVERITIES
from leadqual.errors import LeadqualError
from leadqual.learners.yardsticks import YARDSTICKS
from leadqual.reports.comparison import MEASURES
from leadqual.reports.language import LANGUAGES, catalogue

FAMILIES = ("measure_", "evidence_", "who_", "severity_", "dimension_", "part_", "role_", "plot_")


def placeholders(text):
    return sorted(re.findall(r"{(\w+)}", text))


def test_every_language_has_every_word_with_the_same_places():
    words = {language: catalogue(language) for language in LANGUAGES}
    assert list(words["en"]) == list(words["zh"])
    for key, text in words["en"].items():
        assert text.strip()
        assert placeholders(text) == placeholders(words["zh"][key])
        # they are put into the page as they are
        assert not re.search("[<>&]", text + words["zh"][key])
    worded = [key for key, text in words["en"].items() if re.search("[A-Za-z]", re.sub(r"{\w+}", "", text))]
    assert [key for key in worded if not re.search(r"[\u4e00-\u9fff]", words["zh"][key])] == []
    assert [key for key, text in words["en"].items() if re.search(r"[^\x20-\x7e]", text)] == []


def test_every_word_is_used_and_every_used_word_is_there():
    here = files("leadqual.reports")
    pages = "".join(here.joinpath(name).read_text("utf-8") for name in ("report.html.jinja", "bundle.html.jinja"))
    code = "".join(here.joinpath(name).read_text("utf-8") for name in ("report.py", "report_html.py"))
    used = set(re.findall(r"words\.(\w+)", pages)) | set(re.findall(r'words\["(\w+)"\]', code))
    keys = set(catalogue("en"))
    assert used <= keys
    assert {key for key in keys - used if not key.startswith(FAMILIES)} == set()
    named = {f"{kind}_" for kind in re.findall(r'named\("(\w+)"\)', pages)}
    assert named | {"evidence_", "plot_"} == set(FAMILIES)


@pytest.mark.parametrize("name", ["report.html.jinja", "bundle.html.jinja"])
def test_no_word_stands_in_a_page_itself(name):
    page = files("leadqual.reports").joinpath(name).read_text("utf-8")
    without_code = re.sub(r"(?s)<style>.*?</style>|{#.*?#}|{%.*?%}|{{.*?}}", " ", page)
    text = re.sub("<[^>]*>", " ", without_code)
    assert re.findall("[A-Za-z]+", text) == []


def test_the_words_of_families_are_those_that_the_library_says():
    english = catalogue("en")

    def family(prefix):
        return {key.removeprefix(prefix): text for key, text in english.items() if key.startswith(prefix)}

    assert family("measure_") == {name: label for name, label, _, _ in MEASURES}
    assert family("evidence_") == {name: name.replace("_", " ") for name, *_ in MEASURES}
    assert list(family("severity_")) == list(SEVERITIES)
    assert list(family("who_").values()) == ["scorecard", "base rate", "prior rule", "new accounts", *YARDSTICKS]
    for prefix in ("who_", "dimension_", "role_", "part_", "severity_"):
        assert all(key == text.replace(" ", "_") for key, text in family(prefix).items())


def test_an_unknown_language_is_refused():
    with pytest.raises(LeadqualError, match="there is no language 'fr'; choose one of en, zh"):
        catalogue("fr")
