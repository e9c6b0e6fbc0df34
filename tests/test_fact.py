"""Facts: codes and figures; and every fact in the code has its sentence, with the same figures, in each language."""

import ast
import json
import re
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leadqual
from leadqual.fact import Fact, fact, read_fact
from leadqual.reports.language import LANGUAGES, catalogue

HERE = Path(leadqual.__file__).parent
# files with the words of pages, whose use tests/reports checks
NAMED = ("audit_check_",)  # families whose words code and pages name
OF_PAGES = ("measures", "monitoring_page", "report", "week_page", "review")

figures = st.recursive(
    st.integers() | st.floats(allow_nan=False) | st.text() | st.lists(st.text()).map(tuple),
    lambda inner: st.builds(Fact, st.text(), st.dictionaries(st.text(), inner)),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.builds(Fact, st.text(), st.dictionaries(st.text(), figures)))
def test_a_fact_survives_json(found):
    assert read_fact(json.loads(json.dumps(found.to_dict()))) == found


def test_a_fact_is_its_code_and_its_figures():
    assert fact("who", wins=3) == Fact("who", {"wins": 3})
    assert fact("who") != fact("who", wins=3)


def calls():
    """Return each call of `fact` in the package: where it is, its code, and the names of its figures."""
    for path in sorted(HERE.rglob("*.py")):
        if path.name == "fact.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "fact":
                place = f"{path.relative_to(HERE)}:{node.lineno}"
                for code in codes(node.args[0]):
                    yield pytest.param(code, {word.arg for word in node.keywords}, id=f"{place} {code}")


def codes(node):
    """Return the codes that an argument may be: a text, or one of two; None where it is anything else."""
    if isinstance(node, ast.IfExp):
        return [*codes(node.body), *codes(node.orelse)]
    return [node.value if isinstance(node, ast.Constant) else None]


def names(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("code", "given_names"), list(calls()))
def test_every_fact_has_a_sentence_with_its_figures(code, given_names, language):
    assert code is not None, "the code is written out where fact is called"
    words = catalogue(language)
    assert code in words
    # with **figures the names cannot be read from the code
    assert None in given_names or names(words[code]) == given_names


def test_every_sentence_of_facts_is_used():
    # in a file of facts each key is the code of a fact, or a word that the code of a word names
    used = {param.values[0] for param in calls()}
    folder = HERE / "reports" / "words" / "en"
    for file in sorted(folder.iterdir()):
        if file.stem not in OF_PAGES:
            words = json.loads(file.read_text("utf-8"))
            specs = [spec or "" for text in words.values() for _, _, spec, _ in Formatter().parse(text)]
            families = (*(f"{spec[1:]}_" for spec in specs if spec.startswith("@")), *NAMED)
            assert [key for key in words if key not in used and not key.startswith(families)] == []


def test_no_two_files_of_a_language_have_the_same_key():
    for language in LANGUAGES:
        keys = [
            key
            for file in sorted((HERE / "reports" / "words" / language).iterdir())
            for key in json.loads(file.read_text("utf-8"))
        ]
        assert sorted(keys) == sorted(set(keys))


def test_languages_have_the_same_files():
    found = [{file.name for file in (HERE / "reports" / "words" / language).iterdir()} for language in LANGUAGES]
    assert all(one == found[0] for one in found)
    assert all(re.fullmatch(r"\w+\.json", name) for name in found[0])
