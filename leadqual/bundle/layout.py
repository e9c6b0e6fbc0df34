"""The layout of a bundle's file: which keys it has, in which order, and how they are set in lines that diff well."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from leadqual.bundle.contents import Contents
from leadqual.bundle.declared import Chance, Points, Share, declared_readers, read_as
from leadqual.bundle.probability_curve import ProbabilityCurve
from leadqual.bundle.record import Reader, record, several
from leadqual.errors import BundleError

__all__ = ["LINE_LENGTH", "plain", "read_bundle", "render"]

LINE_LENGTH = 160
B = TypeVar("B", bound=Contents)
# what the curve's file holds as it is; its columns are written as one entry for each whole point
_CURVE_REST = ("coverage", "method", "interval_method", "leads", "wins")
_points, _chance, _share = read_as(Points), read_as(Chance), read_as(Share)


def _read_entry(value: object, where: str) -> tuple[int, float, float, float]:
    if not isinstance(value, list) or len(value) != 4:
        raise BundleError(f"{where} has the wrong length, must be [points, probability, low, high]")
    return (
        _points(value[0], f"{where}[1]"),
        _chance(value[1], f"{where}[2]"),
        _share(value[2], f"{where}[3]"),
        _share(value[3], f"{where}[4]"),
    )


def _curve(entries: tuple[tuple[int, float, float, float], ...], **rest: Any) -> ProbabilityCurve:
    if not entries:
        raise BundleError("curve.entries is empty, must hold at least one entry")
    points, probability, low, high = zip(*entries, strict=True)
    step = next((i for i, value in enumerate(points) if value != points[0] + i), None)
    if step is not None:
        raise BundleError(f"curve.entries[{step + 1}] is out of step, must be for one point more than the one before")
    return ProbabilityCurve(first_points=points[0], probability=probability, low=low, high=high, **rest)


def _curve_reader() -> Reader[ProbabilityCurve]:
    readers = declared_readers(ProbabilityCurve)
    return record(_curve, entries=several(_read_entry), **{name: readers[name] for name in _CURVE_REST})


def read_bundle(value: object, build: Callable[..., B]) -> B:
    """Return what ``build`` makes of a bundle as plain data, read strictly.

    Parameters
    ----------
    value
        What `plain` gave.
    build
        `Contents`, or the bundle that extends it.

    Raises
    ------
    BundleError
        When a key is missing or unknown, or a value is not what its field takes; the message says where.
    """
    return record(build, **declared_readers(Contents) | {"curve": _curve_reader()})(value, "")


def plain(value: Any) -> Any:
    """Return a bundle, or any part of it, as the dicts, lists and scalars of its file.

    A probability curve becomes one entry ``[points, probability, low, high]`` per whole point, so that a changed
    curve reads as changed lines. Numbers of numpy become Python's.
    """
    if isinstance(value, ProbabilityCurve):
        return _plain_curve(value)
    if hasattr(value, "__dataclass_fields__"):
        return {key: plain(getattr(value, key)) for key in value.__dataclass_fields__}
    if isinstance(value, (tuple, list)):
        return [plain(entry) for entry in value]
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    return value.item() if type(value).__module__ == "numpy" and hasattr(value, "item") else value


def _plain_curve(curve: ProbabilityCurve) -> dict[str, Any]:
    first = plain(curve.first_points)
    if not len(curve.probability) == len(curve.low) == len(curve.high):
        raise BundleError("curve has a different number of probabilities, lows and highs, must have one of each")
    columns = plain(curve.probability), plain(curve.low), plain(curve.high)
    entries = [[first + i, *entry] for i, entry in enumerate(zip(*columns, strict=True))]
    return {"entries": entries} | {key: plain(getattr(curve, key)) for key in _CURVE_REST}


def render(value: Any, indent: str = "", room: int = LINE_LENGTH) -> str:
    """Return plain data as JSON text: whatever fits in a line stands in one, lists of scalars are filled.

    Parameters
    ----------
    value
        Dicts, lists and scalars.
    indent
        What the lines after the first start with.
    room
        How many characters are left in the first line.

    Examples
    --------
    >>> print(render({"name": "demo", "grades": [{"name": name, "share": 0.25, "points": 100} for name in "ABCD"]}))
    {
      "name": "demo",
      "grades": [
        {"name": "A", "share": 0.25, "points": 100},
        {"name": "B", "share": 0.25, "points": 100},
        {"name": "C", "share": 0.25, "points": 100},
        {"name": "D", "share": 0.25, "points": 100}
      ]
    }
    """
    flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not isinstance(value, (dict, list)) or len(flat) <= room - len(indent) - 1:
        return flat
    inner = indent + "  "
    if isinstance(value, dict):
        lines = []
        for key, entry in value.items():
            start = json.dumps(key, ensure_ascii=False) + ": "
            lines.append(start + render(entry, inner, LINE_LENGTH - len(start)))
        return "{\n" + inner + f",\n{inner}".join(lines) + f"\n{indent}}}"
    if any(isinstance(entry, (dict, list)) for entry in value):
        lines = [render(entry, inner) for entry in value]
    else:
        lines = _filled(value, LINE_LENGTH - len(inner))
    return "[\n" + inner + f",\n{inner}".join(lines) + f"\n{indent}]"


def _filled(scalars: list[Any], width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for scalar in scalars:
        shown = json.dumps(scalar, ensure_ascii=False, allow_nan=False)
        if line and len(line) + len(shown) + 3 > width:
            lines.append(line)
            line = shown
        else:
            line = f"{line}, {shown}" if line else shown
    return [*lines, line]
