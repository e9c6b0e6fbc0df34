"""What a field of a bundle's type may hold is declared with the field; the reader and the formats follow from that."""

from dataclasses import dataclass
from typing import Annotated, Literal

import pytest

from leadqual.bundle.contents import Contents
from leadqual.bundle.declared import (
    Amount,
    Chance,
    Count,
    Name,
    Number,
    Points,
    Share,
    Since,
    Whole,
    Words,
    declared_readers,
    read_as,
    with_later_keys,
    without_unused,
)
from leadqual.errors import BundleError


@dataclass
class Wheel:
    size: Annotated[int, Since(3, 1)]


@dataclass
class Car:
    name: Name
    wheels: tuple[Wheel, ...]
    colour: Annotated[Words | None, Since(2, None)] = None
    spare: Wheel | None = None


@pytest.mark.parametrize(
    ("kind", "taken", "refused"),
    [
        (Words, "", 1),
        (Name, "a", ""),
        (Whole, -5, 0.5),
        (Points, -1_000_000, 1_000_001),
        (Count, 0, -1),
        (Number, -0.5, "0.5"),
        (Amount, 0.0, -0.5),
        (Share, 1.0, 1.5),
        (Chance, 0.5, 1),
        (bool, True, 1),
        (Literal["a", "b"], "b", "c"),
        (Share | None, None, "x"),
    ],
)
def test_a_type_says_what_is_taken(kind, taken, refused):
    assert read_as(kind)(taken, "here") == taken
    with pytest.raises(BundleError, match=r"^here"):
        read_as(kind)(refused, "here")


def test_tuples_are_lists_of_any_length_or_pairs():
    assert read_as(tuple[Count, ...])([1, 2, 3], "here") == (1, 2, 3)
    assert read_as(tuple[Name, Share])(["a", 0.5], "here") == ("a", 0.5)
    with pytest.raises(BundleError, match=r"here is a list of 3, must be a list of 2"):
        read_as(tuple[Name, Share])(["a", 0.5, 1], "here")


@dataclass
class Plain:
    name: Name
    size: Share = 0.0


def test_a_class_is_an_object_with_its_fields_as_keys():
    assert read_as(Plain)({"name": "a", "size": 0.5}, "here") == Plain("a", 0.5)
    for wrong, said in (
        ({"name": "a"}, "here.size is missing"),
        ({"name": "a", "size": 2}, "here.size is 2, must be from 0 to 1"),
        ({"name": "a", "size": 0.5, "x": 1}, "unknown key"),
    ):
        with pytest.raises(BundleError, match=said):
            read_as(Plain)(wrong, "here")


def test_a_field_that_declares_nothing_is_found_when_its_class_is_read():
    with pytest.raises(TypeError, match="says nothing of what a bundle's file may hold"):
        read_as(str)
    assert list(declared_readers(Contents)) == list(Contents.__dataclass_fields__)


def test_keys_that_came_later_are_added_to_older_files_at_every_depth():
    old = {"name": "a", "wheels": [{}, {"size": 2}], "spare": None}
    assert with_later_keys(old, Car, 1) == {
        "colour": None, "name": "a", "wheels": [{"size": 1}, {"size": 2}], "spare": None,
    }  # fmt: skip
    assert with_later_keys(old, Car, 2) == {"name": "a", "wheels": [{"size": 1}, {"size": 2}], "spare": None}
    assert with_later_keys(old, Car, 3) == old


def test_what_is_no_object_is_left_for_the_reader_to_refuse():
    for wrong in (None, 3, "x", [1, None], {"wheels": 4, "spare": [None]}):
        assert with_later_keys(wrong, Car, 3) == wrong


def test_later_keys_that_say_nothing_new_stay_out_of_a_digest():
    said = {"name": "a", "colour": None, "wheels": [{"size": 1}, {"size": 2}], "spare": {"size": 1}}
    assert without_unused(said, Car) == {"name": "a", "wheels": [{}, {"size": 2}], "spare": {}}
    assert said["wheels"][0] == {"size": 1}
