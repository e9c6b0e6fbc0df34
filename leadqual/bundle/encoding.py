"""Which band a raw value falls in: the one definition behind training, single scores and batches."""

from __future__ import annotations

import math
import sys
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from leadqual.bundle.choices import NONE_SCORED
from leadqual.bundle.field_points import FieldPoints
from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.points_table import PointsTable
from leadqual.bundle.precision import is_narrow, widened
from leadqual.bundle.values import (
    FALSE_VALUES,
    MISSING_VALUES,
    TRUE_VALUES,
    category_text,
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
NEW_IN_OTHER = "rare or new value"  # training pooled rare values there, and the bundle does not name them
BELOW_RANGE = "below the range seen in training"
ABOVE_RANGE = "above the range seen in training"
NOT_GIVEN = "not given; counted as missing"
NOT_GIVEN_NOR_KNOWN = "not given; counted as average"
NO_CHOICE_SCORED = "none of its choices is scored; each counted as not chosen"

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
        The rule by which values are read, of the points table; see `PointsTable`.

    Attributes
    ----------
    places
        One `Place` per code.
    encode
        The function from a raw value to its code.
    same
        Doubles that are read as another number; see `leadqual.bundle.precision.widened`.
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
        self.field = field
        self.reading = reading
        missing = missing_values if reading == 1 else missing_of_kind(field.kind, missing_values)
        self.missing_values = MissingCodes.of(missing, reading)
        bands = field.bands
        count = len(bands)
        self.missing_code = next((i for i, band in enumerate(bands) if band.missing), count)
        self.unreadable_code = count + 1
        other = next((i for i, band in enumerate(bands) if band.other), None)
        self.new_code = count + 2 if other is None else count + 3
        self.absent_code = count + 4
        intervals = [i for i, band in enumerate(bands) if band.interval is not None]
        self.edges: list[float] = [bands[i].interval[0] for i in intervals[1:]]  # type: ignore[index,misc]
        # The greatest float stands for an infinite number that was seen: nothing is above that.
        lowest, highest = self.field.seen or (-math.inf, math.inf)
        self.range = (
            -math.inf if lowest == -sys.float_info.max else lowest,
            math.inf if highest == sys.float_info.max else highest,
        )
        ends = [end for end in self.range if math.isfinite(end)]
        self.same = {} if reading == 1 else widened([*self.edges, *ends])
        # A number out of the range seen has the band that holds it, with a note: so each band has a place for that.
        self.below_code, self.above_code = count + 5, count + 5 + max(len(intervals), 1)
        regular = [Place(i, band.label, band.points) for i, band in enumerate(bands)]
        nowhere = Place(None, "(average)", field.average_points)

        held = [regular[i] for i in intervals] or [nowhere]
        unchosen = next((i for i, band in enumerate(bands) if "no" in band.values), None)

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
            *((odd(regular[unchosen] if unchosen is not None else nowhere, NO_CHOICE_SCORED),) if field.choice else ()),
        )
        self.encode: Callable[[object], int] = self._numeric() if field.kind == "numeric" else self._listed()

    def _numeric(self) -> Callable[[object], int]:
        edges, missing, (lowest, highest) = self.edges, self.missing_code, self.range
        below, above, other = self.below_code, self.above_code, self._other_number()
        settled = {double: self._code_of(number) for double, number in self.same.items()}
        settled |= dict.fromkeys(self.missing_values.numbers, missing)

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
                return other(value)
            if number in settled:
                return settled[number]
            band = bisect_right(edges, number)
            if number < lowest:
                return below + band
            if number > highest:
                return above + band
            return band

        return encode

    def _other_number(self) -> Callable[[object], int]:
        """Return the encoding of what is neither a plain float nor a plain int."""
        nothing, decimal, missing = self.missing_values, self.field.decimal, self.missing_code
        unreadable, same, code_of = self.unreadable_code, self.same, self._code_of
        widen, numbers = self.reading == 1, nothing.numbers
        thousands, reading = self.field.thousands, self.reading

        def encode(value: object) -> int:
            if value.__class__ is str and not numbers:  # most apps send text; this is the fastest way
                if value.strip().lower() in nothing:
                    return missing
            else:
                if widen and is_narrow(value):
                    value = float(value)  # type: ignore[arg-type]  # bit by bit, as the first rule does
                if is_missing(value, nothing):
                    return missing
            number = read_number(value, decimal, thousands, reading=reading)
            if number is None:
                return unreadable
            if number in numbers and isinstance(value, str):  # a code that only the field's marks can read: "-9,999"
                return missing
            return code_of(same.get(number, number))

        return encode

    def _code_of(self, number: float) -> int:
        band = bisect_right(self.edges, number)
        lowest, highest = self.range
        return band + (self.below_code if number < lowest else self.above_code if number > highest else 0)

    def _listed(self) -> Callable[[object], int]:
        missing, new, unreadable, nothing = self.missing_code, self.new_code, self.unreadable_code, self.missing_values
        texts, codes = self._codes()
        read = self._boolean if self.field.kind == "boolean" else self._category
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

    def _boolean(self, value: object) -> str | None:
        if self.reading == 1 and isinstance(value, str) and value.strip().endswith(".0"):
            return None  # the first rule reads 1.0 and 0.0 as numbers only
        return read_boolean(value)

    def _category(self, value: object) -> str | None:
        try:
            if not is_single(value):
                return None
            return category_text(value) if self.reading == 1 else read_category(value)
        except Exception:  # a foreign object's text may raise anything
            return None

    def _codes(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return the code of text as it comes, as far as it is usual, and of every value that was read."""
        usual = {value: i for i, band in enumerate(self.field.bands) for value in band.values}
        codes = dict(usual)
        if self.field.kind == "category" and self.reading != 1:
            for value, code in usual.items():  # a band that lists "3.0" takes what is read as "3", unless another does
                codes.setdefault(read_category(value), code)
        if self.field.kind == "boolean":
            known = [
                spell(text) for text in (*TRUE_VALUES, *FALSE_VALUES) for spell in (str.lower, str.title, str.upper)
            ]
            usual = {text: codes.get(read_boolean(text) or "", self.new_code) for text in known}
        texts = {text: code for text, code in usual.items() if not is_missing(text, self.missing_values)}
        if self.field.choice is not None:
            texts[NONE_SCORED] = len(self.places) - 1
        return texts, codes


def encoders(table: PointsTable) -> tuple[FieldEncoder, ...]:
    """Return one encoder per field of the table, in its order."""
    return tuple(FieldEncoder(field, table.missing_values, reading=table.reading) for field in table.fields)
