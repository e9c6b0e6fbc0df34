import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadqual.agreement.ledger_text import MAX_DEPTH, check_content, check_text, shown_text
from leadqual.errors import AgreementError

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(st.characters()),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(), max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(PLAIN)
def test_what_is_taken_can_be_stored_and_read_back(value):
    try:
        check_content(value, "an entry")
    except AgreementError:
        return
    text = json.dumps(value, allow_nan=False)
    assert json.loads(text) == value
    assert json.dumps(value, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"a": ["x", chr(0xD800)]}, "half a character"),
        ({chr(0xDFFF): 1}, "half a character"),
        ({"a": 10**400}, r"beyond 2\^53"),
        ({"a": float("nan")}, "not finite"),
        ({1: 2}, "no text"),
        ({"a": {1, 2}}, "holds a set"),
    ],
)
def test_what_could_not_be_read_back_is_refused_without_repeating_it(value, said):
    with pytest.raises(AgreementError, match=said) as refused:
        check_content(value, "an entry")
    str(refused.value).encode()


def test_too_deep_is_refused():
    value = []
    for _ in range(MAX_DEPTH + 2):
        value = [value]
    with pytest.raises(AgreementError, match="deep"):
        check_content(value, "an entry")


@given(st.text(st.characters()))
def test_any_text_can_be_shown(text):
    shown = shown_text(text)
    shown.encode()
    try:
        check_text(text, "a text")
    except AgreementError:
        return
    assert shown == text
