import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadqual.bundle.record import choice, flag, number, optional, pair, record, several, text, whole
from leadqual.errors import BundleError

ANY = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.none()) | st.just({})


def accepts(reader, value):
    try:
        reader(value, "here")
    except BundleError:
        return False
    return True


@given(ANY)
def test_readers_take_their_own_type_and_nothing_like_it(value):
    kind = type(value)
    assert accepts(whole(), value) == (kind is int and abs(value) <= 2**53)
    assert accepts(number(), value) == (kind in (int, float) and math.isfinite(value))
    assert accepts(text(), value) == (kind is str)
    assert accepts(flag, value) == (kind is bool)
    assert accepts(several(whole()), value) == (value == [])
    assert accepts(optional(flag), value) == (kind is bool or value is None)
    assert accepts(choice("a", "b"), value) == (value in ("a", "b"))


@pytest.mark.parametrize(
    ("value", "inside", "taken"), [(0, False, True), (1, True, False), (0.5, True, True), (2, False, False)]
)
def test_ends_of_a_range_count_unless_only_the_inside_does(value, inside, taken):
    assert accepts(number(0, 1, inside=inside), value) == taken


def test_whole_numbers_stay_whole_and_others_become_floats():
    assert type(whole()(3, "")) is int
    assert type(number()(3, "")) is float


def test_records_name_the_place_of_what_is_wrong():
    reader = record(dict, a=several(pair(whole(), text())), b=flag)
    assert reader({"b": True, "a": [[1, "x"]]}, "") == {"a": ((1, "x"),), "b": True}
    for value, message in (
        ({"b": True, "a": [[1, "x"], [2, 3]]}, "^a\\[2\\]\\[2\\] is a whole number, must be text$"),
        ({"b": True, "a": [[1]]}, "^a\\[1\\] is a list of 1, must be a list of 2$"),
        ({"b": True}, "^a is missing$"),
        ({"a": [], "b": True, "c\ud800\n": 1}, 'it has the unknown key "c.ud800.n"'),
        ([], "^it is a list of 0, must be an object$"),
        ({"a": [], "b": object()}, "^b is of type object, must be true or false$"),
    ):
        with pytest.raises(BundleError, match=message):
            reader(value, "")
    with pytest.raises(BundleError, match=r"^outer\.b is missing$"):
        reader({"a": []}, "outer")
