"""Strict readers for parsed JSON: each takes a value and its place, and returns it typed or says what is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

from leadqual.errors import BundleError
from leadqual.fact import Fact, Figure

__all__ = ["Reader", "choice", "flag", "number", "optional", "pair", "record", "several", "text", "told", "whole"]

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
Reader = Callable[[object, str], T]

MAX_WHOLE = 2**53  # every JSON reader keeps whole numbers up to here exact
MAX_NESTED, MAX_FIGURES, MAX_CODE_LENGTH = 4, 20, 60


def whole(at_least: int = -MAX_WHOLE, at_most: int = MAX_WHOLE) -> Reader[int]:
    """Return a reader of whole numbers in a range; 3.0 and true are none."""

    def read(value: object, where: str) -> int:
        if type(value) is not int:  # not isinstance: true is no number
            raise _flaw(where, value, "a whole number")
        if not at_least <= value <= at_most:
            raise BundleError(f"{where} is out of range, must be a whole number from {at_least} to {at_most}")
        return value

    return read


def number(low: float = -math.inf, high: float = math.inf, *, inside: bool = False) -> Reader[float]:
    """Return a reader of finite numbers from ``low`` to ``high``, both ends excluded where ``inside``."""
    ends = f"above {low:g} and below {high:g}" if inside else f"from {low:g} to {high:g}"

    def read(value: object, where: str) -> float:
        if type(value) is not float and type(value) is not int:
            raise _flaw(where, value, "a number")
        try:
            found = float(value)
        except OverflowError:
            found = math.inf
        if not math.isfinite(found):
            raise BundleError(f"{where} is not finite, must be a finite number")
        if not low <= found <= high or (inside and found in (low, high)):
            raise BundleError(f"{where} is {found:g}, must be {ends}")
        return found

    return read


def text(*, empty: bool = True) -> Reader[str]:
    """Return a reader of text that can be written as UTF-8."""

    def read(value: object, where: str) -> str:
        if type(value) is not str:
            raise _flaw(where, value, "text")
        if not value and not empty:
            raise BundleError(f"{where} is empty, must say something")
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise BundleError(f"{where} holds half a character, must be text that UTF-8 can hold") from None
        return value

    return read


def flag(value: object, where: str) -> bool:
    """Read true or false."""
    if value is True or value is False:
        return value
    raise _flaw(where, value, "true or false")


def choice(*allowed: str) -> Reader[Any]:
    """Return a reader of one of a few words."""

    def read(value: object, where: str) -> str:
        if type(value) is str and value in allowed:
            return value
        raise _flaw(where, value, " or ".join(f'"{word}"' for word in allowed))

    return read


def optional(reader: Reader[T]) -> Reader[T | None]:
    """Return a reader that also takes null."""
    return lambda value, where: None if value is None else reader(value, where)


def several(reader: Reader[T], at_most: int | None = None) -> Reader[tuple[T, ...]]:
    """Return a reader of a list, each entry read by ``reader``; entries count from 1."""
    must = "a list" if at_most is None else f"a list of at most {at_most}"

    def read(value: object, where: str) -> tuple[T, ...]:
        if not isinstance(value, list) or (at_most is not None and len(value) > at_most):
            raise _flaw(where, value, must)
        return tuple([reader(entry, f"{where}[{i}]") for i, entry in enumerate(value, 1)])

    return read


def pair(first: Reader[A], second: Reader[B]) -> Reader[tuple[A, B]]:
    """Return a reader of a list of exactly two."""

    def read(value: object, where: str) -> tuple[A, B]:
        if not isinstance(value, list) or len(value) != 2:
            raise _flaw(where, value, "a list of 2")
        return first(value[0], f"{where}[1]"), second(value[1], f"{where}[2]")

    return read


def record(build: Callable[..., T], **readers: Reader[Any]) -> Reader[T]:
    """Return a reader of an object with exactly these keys, handed to ``build`` by name."""
    expected = readers.keys()

    def read(value: object, where: str) -> T:
        if not isinstance(value, dict):
            raise _flaw(where, value, "an object")
        prefix = f"{where}." if where else ""
        if value.keys() != expected:
            missing = [key for key in readers if key not in value]
            if missing:
                raise BundleError(f"{prefix}{missing[0]} is missing")
            unknown = next(key for key in value if key not in expected)
            raise BundleError(f"{where or 'it'} has the unknown key {_shortened(unknown)}, must have only known keys")
        return build(**{key: reader(value[key], prefix + key) for key, reader in readers.items()})

    return read


def told(value: object, where: str) -> Fact | str:
    """Read what is said to people: a fact, as code and figures; or a text, as files before format 4 hold it."""
    return _words(value, where) if type(value) is str else _fact(value, where, 0)


def _fact(value: object, where: str, depth: int) -> Fact:
    if not isinstance(value, dict) or value.keys() != {"code", "figures"} or depth == MAX_NESTED:
        raise _flaw(where, value, "text, or an object with code and figures")
    code, figures = value["code"], value["figures"]
    if type(code) is not str or not 0 < len(code) <= MAX_CODE_LENGTH or not (code.isascii() and code.isidentifier()):
        raise BundleError(f"{where}.code is no code, must be letters, digits and underscores")
    if not isinstance(figures, dict) or len(figures) > MAX_FIGURES:
        raise _flaw(f"{where}.figures", figures, f"an object of at most {MAX_FIGURES} figures")
    for name in figures:
        if not (name.isascii() and name.isidentifier()):
            raise BundleError(f"{where}.figures has the key {_shortened(name)}, must have letters and underscores")
    return Fact(code, {name: _figure(one, f"{where}.figures.{name}", depth) for name, one in figures.items()})


def _figure(value: object, where: str, depth: int) -> Figure:
    if type(value) is str:
        return _words(value, where)
    if isinstance(value, list):
        return _names(value, where)
    if isinstance(value, dict):
        return _fact(value, where, depth + 1)
    return _whole(value, where) if type(value) is int else _number(value, where)


def _flaw(where: str, value: object, must: str) -> BundleError:
    return BundleError(f"{where or 'it'} is {_named(value)}, must be {must}")


def _named(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    for kind, name in ((dict, "an object"), (str, "text"), (int, "a whole number"), (float, "a decimal number")):
        if isinstance(value, kind):
            return name
    return f"of type {type(value).__name__}"


def _shortened(key: object) -> str:
    shown = ascii(str(key))[1:-1]
    return f'"{shown[:40]}..."' if len(shown) > 40 else f'"{shown}"'


_words, _whole, _number = text(), whole(), number()
_names = several(_words)
