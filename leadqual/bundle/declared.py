"""The types of bundle fields: what a field may hold and since which format it is there, declared where the field is.

A class of the bundle gives each field one of the types below. The strict reader of the class, the keys that older
files lack and the keys that stay out of a digest all follow from that.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from leadqual.bundle.record import Reader, choice, flag, number, optional, pair, record, several, text, told, whole
from leadqual.fact import Fact

__all__ = [
    "MAX_POINTS", "Amount", "Chance", "Count", "Name", "Number", "Points", "Share", "Since", "Takes", "Told",
    "Whole", "Words", "declared_readers", "one_of", "read_as", "whole_from", "with_later_keys", "without_unused",
]  # fmt: skip

MAX_POINTS = 1_000_000  # sums of them stay exact in every language that reads the file


class Takes:
    """What a field takes: the reader of its values, and what a signature says of them."""

    def __init__(self, description: str, reader: Reader[Any]) -> None:
        self.description = description
        self.reader = reader

    def __repr__(self) -> str:
        return self.description


def one_of(*allowed: str) -> Takes:
    """Return what a field of one of a few words takes."""
    return Takes(" or ".join(f'"{word}"' for word in allowed), choice(*allowed))


def whole_from(low: int, high: int | None = None) -> Takes:
    """Return what a field of whole numbers takes."""
    if high is None:
        return Takes(f"{low} or more", whole(low))
    return Takes(f"{low} to {high}", whole(low, high))


Words = Annotated[str, Takes("any", text())]
Name = Annotated[str, Takes("not empty", text(empty=False))]
Whole = Annotated[int, Takes("any", whole())]
Points = Annotated[int, whole_from(-MAX_POINTS, MAX_POINTS)]
Count = Annotated[int, whole_from(0)]
Number = Annotated[float, Takes("finite", number())]
Amount = Annotated[float, Takes("0 or more", number(0))]
Share = Annotated[float, Takes("0 to 1", number(0, 1))]
Chance = Annotated[float, Takes("above 0 and below 1", number(0, 1, inside=True))]


Told = Annotated[Fact | str, Takes("a fact, or a text of a file before format 4", told)]


class Since:
    """That a field came with a later format of the bundle's file.

    Parameters
    ----------
    version
        The format.
    before
        What the absence of the key means in a file of an earlier format, as plain data.
    """

    def __init__(self, version: int, before: Any) -> None:
        self.version = version
        self.before = before

    def __repr__(self) -> str:
        return f"since format {self.version}"


def read_as(kind: Any) -> Reader[Any]:
    """Return the strict reader that follows from a type.

    Parameters
    ----------
    kind
        One of the types above, ``bool``, a ``Literal`` of texts, a dataclass whose fields have such types, or tuples
        and options of these.

    Examples
    --------
    >>> read_as(tuple[Share, ...])([0.5, 1], "shares")
    (0.5, 1.0)
    """
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        found = next((one.reader for one in inner[1:] if isinstance(one, Takes)), None)
        return read_as(inner[0]) if found is None else found
    if origin in (Union, types.UnionType):
        return optional(read_as(next(one for one in inner if one is not type(None))))
    if origin is tuple:
        return several(read_as(inner[0])) if inner[1] is ... else pair(read_as(inner[0]), read_as(inner[1]))
    if origin is Literal:
        return choice(*inner)
    if kind is bool:
        return flag
    if isinstance(kind, type) and is_dataclass(kind):
        return record(kind, **declared_readers(kind))
    raise TypeError(f"{kind!r} says nothing of what a bundle's file may hold, it must be a type of this module")


@cache
def declared_readers(kind: Any) -> dict[str, Reader[Any]]:
    """Return the strict reader of each field of a dataclass, in the order of the fields."""
    return {name: read_as(one) for name, one in _types(kind).items()}


@cache
def _types(kind: Any) -> dict[str, Any]:
    # these classes stand in modules whose annotations are evaluated: a scorer loads a bundle when it starts
    return {field.name: field.type for field in fields(kind)}


@cache
def _later(kind: Any) -> dict[str, Since]:
    """Return the fields of a dataclass that came with a later format."""
    found = {}
    for name, one in _types(kind).items():
        for mark in get_args(one)[1:] if get_origin(one) is Annotated else ():
            if isinstance(mark, Since):
                found[name] = mark
    return found


@cache
def _parts(kind: Any) -> dict[str, Any]:
    """Return the fields of a dataclass that hold others in which something came later, each with the other's class."""
    found = {}
    for name, one in _types(kind).items():
        part = _class_in(one)
        if part is not None and (_later(part) or _parts(part)):
            found[name] = part
    return found


def _class_in(kind: Any) -> Any:
    if is_dataclass(kind):
        return kind
    return next((found for one in get_args(kind) if (found := _class_in(one)) is not None), None)


def with_later_keys(value: Any, kind: Any, version: int) -> Any:
    """Return plain data of an earlier format with the keys that came later, where they are not there.

    Parameters
    ----------
    value
        What the file holds of a dataclass, or of several in a list; anything else is left for the reader to refuse.
    kind
        The dataclass.
    version
        The format of the file.
    """

    def change(found: dict[str, Any]) -> dict[str, Any]:
        absent = {name: mark.before for name, mark in _later(kind).items() if mark.version > version}
        return absent | found

    return _each(value, kind, change, lambda part, inner: with_later_keys(part, inner, version))


def without_unused(value: Any, kind: Any) -> Any:
    """Return plain data without the later keys that say nothing new: what was signed before them stays signed."""

    def change(found: dict[str, Any]) -> dict[str, Any]:
        later = _later(kind)
        return {name: one for name, one in found.items() if name not in later or one != later[name].before}

    return _each(value, kind, change, without_unused)


def _each(
    value: Any, kind: Any, change: Callable[[dict[str, Any]], dict[str, Any]], inward: Callable[[Any, Any], Any]
) -> Any:
    if isinstance(value, list):
        return [_each(one, kind, change, inward) for one in value]
    if not isinstance(value, Mapping):
        return value
    found = change(dict(value))
    return found | {name: inward(found[name], part) for name, part in _parts(kind).items() if name in found}
