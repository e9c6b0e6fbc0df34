"""The catalogues of a report: complete in both languages, and no word in them that nobody uses."""

import json
import re
from importlib.resources import files
from string import Formatter

import pytest

from leadqual.audit.finding import SEVERITIES
from leadqual.errors import LeadqualError
from leadqual.fact import fact
from leadqual.learners.yardsticks import YARDSTICKS
from leadqual.reports.language import LANGUAGES, Language, catalogue


def placeholders(text):
    """Return the names of a text's figures, each once: one language may need a number twice, for its plurals."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def file_words(language, name):
    """Return the words of one file of a catalogue."""
    return json.loads(files("leadqual.reports").joinpath("words", language, f"{name}.json").read_text("utf-8"))


def test_every_language_has_every_word_with_the_same_places():
    words = {language: catalogue(language) for language in LANGUAGES}
    assert list(words["en"]) == list(words["zh"])
    for key, text in words["en"].items():
        assert text.strip()
        assert placeholders(text) == placeholders(words["zh"][key])
        # they are put into the page as they are
        assert not re.search("[<>&]", text + words["zh"][key])
    worded = [key for key, text in words["en"].items() if re.search("[A-Za-z]", re.sub(r"{[^}]*}", "", text))]
    assert [key for key in worded if not re.search(r"[\u4e00-\u9fff]", words["zh"][key])] == []
    assert [key for key, text in words["en"].items() if re.search(r"[^\x20-\x7e]", text)] == []


def test_every_word_of_a_page_is_used_and_every_used_word_is_there():
    here = files("leadqual.reports")
    pages = "".join(file.read_text("utf-8") for file in here.iterdir() if file.name.endswith(".jinja"))
    code = "".join(file.read_text("utf-8") for file in here.iterdir() if file.name.endswith(".py"))
    plain = set(re.findall(r"words\.(\w+)", pages)) | set(re.findall(r'words\["(\w+)"\]', code))
    with_figures = set(re.findall(r'\bword\(\s*"(\w+)"', pages + code))
    facts = set(re.findall(r'\bfact\(\s*"(\w+)"', code))
    words = catalogue("en")
    assert plain | with_figures | facts <= set(words)
    specs = [spec or "" for text in words.values() for _, _, spec, _ in Formatter().parse(text)]
    families = {f"{spec[1:]}_" for spec in specs if spec.startswith("@")}
    families |= {f"{kind}_" for kind in re.findall(r'named\("(\w+)"\)', pages)} | {"plot_"}
    families |= {f"{kind}_" for kind in re.findall(r'words\[f"(\w+)_\{', code)}
    named = ("report", "monitoring_page", "measures", "week_page")
    of_pages = {key for name in named for key in file_words("en", name)}
    unused = of_pages - plain - with_figures - set(re.findall(r'"(\w+)"', code))
    assert {key for key in unused if not key.startswith(tuple(families))} == set()
    # a word in a page is put there as it is, so it has no place for a figure
    assert [key for key in plain if placeholders(words[key])] == []


@pytest.mark.parametrize(
    "name", [one.name for one in files("leadqual.reports").iterdir() if one.name.endswith(".jinja")]
)
def test_no_word_stands_in_a_page_itself(name):
    page = files("leadqual.reports").joinpath(name).read_text("utf-8")
    without_code = re.sub(r"(?s)<style>.*?</style>|{#.*?#}|{%.*?%}|{{.*?}}", " ", page)
    text = re.sub("<[^>]*>", " ", without_code)
    assert re.findall("[A-Za-z]+", text) == []


def test_the_words_of_families_are_those_that_the_library_says():
    english = file_words("en", "report")

    def family(prefix):
        return {key.removeprefix(prefix): text for key, text in english.items() if key.startswith(prefix)}

    assert list(family("severity_")) == list(SEVERITIES)
    assert list(family("who_").values()) == ["scorecard", "base rate", "prior rule", "new accounts", *YARDSTICKS]
    for prefix in ("who_", "dimension_", "role_", "part_", "severity_"):
        assert all(key == text.replace(" ", "_") for key, text in family(prefix).items())


def test_an_unknown_language_is_refused():
    with pytest.raises(LeadqualError, match="there is no language 'fr'; choose one of en, zh"):
        catalogue("fr")


# what each way to write a figure gives, by the conventions of the two languages
@pytest.mark.parametrize(
    ("value", "spec", "english", "chinese"),
    [
        (1200, "", "1,200", "1,200"),
        (3.0, "", "3", "3"),
        (0.256, ".2", "0.26", "0.26"),
        (0.256, "+.2", "+0.26", "+0.26"),
        (-0.001, ".2", "0.00", "0.00"),
        (722 / 4000, ".1%", f"{722 / 4000:.1%}", f"{722 / 4000:.1%}"),  # as everywhere else, not half to even
        (2.5, ".0", f"{2.5:.0f}", f"{2.5:.0f}"),
        (-0.0001, ".1%", "0.0%", "0.0%"),
        (1e20, ".1", "1e+20", "1e+20"),
        (0.012345, "~3", "0.0123", "0.0123"),
        (0.1234, ".1%", "12.3%", "12.3%"),
        (0.1234, "%", "12%", "12%"),
        (-0.1234, "+.1%", "-12.3%", "-12.3%"),
        (1, "win|wins", "1 win", "1 wins"),
        (0, "win|wins", "0 wins", "0 wins"),
        (1200, "win|wins", "1,200 wins", "1,200 wins"),
        (1, "=has|have", "has", "have"),
        (2, "=has|have", "have", "have"),
        ("2026-05-01T08:00:00Z", "date", "May 1, 2026", "2026年5月1日"),
        (("A", "B", "C"), "", "A, B, and C", "A、B和C"),
        (("22%", "30%"), "or", "22% or 30%", "22%或30%"),
        ((), "", "", ""),
        (float("nan"), ".2", "\N{EN DASH}", "\N{EN DASH}"),
        ("base_rate", "@who", "base rate", "基准赢单率"),
        (fact("the_rest"), "", "the rest", "其余线索"),
    ],
)
def test_a_figure_is_written_as_its_place_asks(value, spec, english, chinese):
    assert Language("en").format_field(value, spec) == english
    assert Language("zh").format_field(value, spec) == chinese


def test_a_fraction_without_its_format_is_refused():
    with pytest.raises(LeadqualError, match=r"a fraction without its format; write it as \{name:.2\}"):
        Language("en").format_field(0.5, "")


def test_facts_become_sentences():
    english = Language("en")
    assert (
        english.say(fact("won", rate=0.12, leads=100, wins=1))
        == "12.0% of leads were won; learned from 100 leads with 1 win."
    )
    assert english.say_all([fact("the_rest"), fact("bundle")]) == ("the rest", "The bundle")
