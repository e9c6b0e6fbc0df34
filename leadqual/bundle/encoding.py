"""Which band a raw value falls in: the one definition behind training, single scores and batches."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from leadqual.bundle.points_table import FieldPoints, PointsTable
from leadqual.bundle.values import (
    FALSE_VALUES,
    MISSING_VALUES,
    TRUE_VALUES,
    is_missing,
    is_single,
    missing_of_kind,
    read_boolean,
    read_category,
    read_number,
    read_reference,
)

__all__ = ["FieldEncoder", "Place", "encoders"]

NEVER_MISSING = "missing, never seen so in training; counted as average"
UNREADABLE = "cannot be read; counted as average"
NEW_VALUE = "new value; counted as average"
NEW_IN_OTHER = "new value"
BELOW_RANGE = "below the range seen in training"
ABOVE_RANGE = "above the range seen in training"
NOT_GIVEN = "not given; counted as missing"
NOT_GIVEN_NOR_KNOWN = "not given; counted as average"

_EXACT = 2**53  # whole numbers up to here are the same number as a float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value ended up.

    Parameters
    ----------
    band
        Index of the band in the field, or None where no band takes the value.
    label
        The band's label, or ``"(average)"``.
    points
        The band's points, or the field's average.
    note
        What the score must say about it; None when nothing is unusual.
    """

    band: int | None
    label: str
    points: int
    note: str | None = None


class FieldEncoder:
    """Turns one field's raw values into codes, and says what each code is worth.

    Codes below ``len(field.bands)`` are the bands themselves; those after them are the unusual cases, so that a
    score is nothing but a look-up in `places`.

    Parameters
    ----------
    field
        The field of a points table.
    missing_values
        Texts that mean "no value".
    reading
        The rule of reading of the points table.

    Attributes
    ----------
    places
        One `Place` per code.
    encode
        The function from a raw value to its code.
    absent_code
        The code of a lead that has no such field at all; `encode` never returns it.

    Examples
    --------
    >>> from leadqual.bundle import Band, FieldPoints
    >>> visits = FieldPoints("visits", "numeric", (Band("under 3", -5, interval=(None, 3.0)),
    ...                                            Band("3 and more", 9, interval=(3.0, None))))
    >>> encoder = FieldEncoder(visits)
    >>> [encoder.places[encoder.encode(v)].points for v in (2, "3", None)]
    [-5, 9, 0]
    """

    def __init__(
        self, field: FieldPoints, missing_values: tuple[str, ...] = MISSING_VALUES, *, reading: int = 2
    ) -> None:
        self.field, self.reading = field, reading
        said = missing_values if reading < 2 else missing_of_kind(field.kind, missing_values)
        self.missing_values = frozenset(text.strip().lower() for text in said)
        bands = field.bands
        count = len(bands)
        self.missing_code = next((i for i, band in enumerate(bands) if band.missing), count)
        self.unreadable_code = count + 1
        other = next((i for i, band in enumerate(bands) if band.other), None)
        self.new_code = count + 2 if other is None else count + 3
        self.absent_code = count + 4
        intervals = [i for i, band in enumerate(bands) if band.interval is not None]
        self.edges: list[float] = [bands[i].interval[0] for i in intervals[1:]]  # type: ignore[index,misc]
        # A number out of the range seen has the band that holds it, with a note: so each band has a place for that.
        self.below_code, self.above_code = count + 5, count + 5 + max(len(intervals), 1)
        regular = [Place(i, band.label, band.points) for i, band in enumerate(bands)]
        nowhere = Place(None, "(average)", field.average_points)

        held = [regular[i] for i in intervals] or [nowhere]

        def odd(place: Place, note: str) -> Place:
            return Place(place.band, place.label, place.points, note)

        self.places: tuple[Place, ...] = (
            *regular,
            odd(nowhere, NEVER_MISSING),
            odd(nowhere, UNREADABLE),
            odd(nowhere, NEW_VALUE),
            odd(nowhere if other is None else regular[other], NEW_IN_OTHER),
            odd(regular[self.missing_code], NOT_GIVEN)
            if self.missing_code < count
            else odd(nowhere, NOT_GIVEN_NOR_KNOWN),
            *(odd(place, BELOW_RANGE) for place in held),
            *(odd(place, ABOVE_RANGE) for place in held),
        )
        self.encode: Callable[[object], int] = self._numeric() if field.kind == "numeric" else self._listed()

    def _numeric(self) -> Callable[[object], int]:
        edges, missing, unreadable = self.edges, self.missing_code, self.unreadable_code
        below, above, decimal, nothing = self.below_code, self.above_code, self.field.decimal, self.missing_values
        thousands, reading = self.field.thousands, self.reading
        lowest, highest = self.field.seen or (float("-inf"), float("inf"))

        def encode(value: object) -> int:
            if value is None:
                return missing
            if value.__class__ is float:
                number: float = value
                if number != number:
                    return missing
            elif value.__class__ is int and -_EXACT <= value <= _EXACT:
                number = value
            else:
                if is_missing(value, nothing):
                    return missing
                read = read_number(value, decimal, thousands, reading=reading)
                if read is None:
                    return unreadable
                number = read
            band = bisect_right(edges, number)
            if number < lowest:
                return below + band
            if number > highest:
                return above + band
            return band

        return encode

    def _listed(self) -> Callable[[object], int]:
        missing, new, unreadable, nothing = self.missing_code, self.new_code, self.unreadable_code, self.missing_values
        texts, codes = self._codes()
        read = read_boolean if self.field.kind == "boolean" else _single_category
        named = self.field.kind == "category" and self.reading > 1

        def encode(value: object) -> int:
            if value is None:
                return missing
            if value.__class__ is str:
                code = texts.get(value)
                if code is not None:
                    return code
            if is_missing(value, nothing):
                return missing
            text = read(value)
            if named and codes.get(text or "") is None:
                text = read_reference(value) or text
            return unreadable if text is None else codes.get(text, new)

        return encode

    def _codes(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return the code of text as it comes, as far as it is usual, and of every value that was read."""
        codes = {value: i for i, band in enumerate(self.field.bands) for value in band.values}
        usual = codes
        if self.field.kind == "boolean":
            known = [
                spell(text) for text in (*TRUE_VALUES, *FALSE_VALUES) for spell in (str.lower, str.title, str.upper)
            ]
            usual = {text: codes.get(read_boolean(text) or "", self.new_code) for text in known}
        return {text: code for text, code in usual.items() if not is_missing(text, self.missing_values)}, codes


def _single_category(value: object) -> str | None:
    try:
        return read_category(value) if is_single(value) else None
    except Exception:  # a foreign object's text may raise anything
        return None


def encoders(table: PointsTable) -> tuple[FieldEncoder, ...]:
    """Return one encoder per field of the table, in its order."""
    return tuple(FieldEncoder(field, table.missing_values, reading=table.reading) for field in table.fields)
