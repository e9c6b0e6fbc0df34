"""How one raw value of a lead is read: the single definition that training and every scorer share.

CRM exports hold numbers as text, booleans as Yes/No, and a dozen ways of saying nothing. Training reads columns and
the scorer reads single values, so both call these functions (training once per distinct value).
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from numbers import Number
from typing import Any

from leadqual.bundle.missing_codes import MissingCodes, whole_text
from leadqual.bundle.precision import as_written, is_narrow

__all__ = [
    "FALSE_VALUES",
    "MISSING_VALUES",
    "TRUE_VALUES",
    "category_text",
    "is_missing",
    "is_single",
    "missing_of_kind",
    "read_boolean",
    "read_category",
    "read_number",
    "read_reference",
]

MISSING_VALUES: tuple[str, ...] = ("", "-", "n/a", "na", "nan", "none", "null", "select", "#n/a", "<na>", "nat")
TRUE_VALUES = frozenset({"yes", "y", "true", "t", "1", "on"})
FALSE_VALUES = frozenset({"no", "n", "false", "f", "0", "off"})

_BOOLEANS = frozenset({"bool", "bool_"})
_NOTHING = frozenset({"NAType", "NaTType", "NoneType"})
_MARKS = {".": ".", ",": ",", "'": "'\u2019", " ": " \u00a0\u202f\u2009\u2007"}
_MARKS_OF_RULE_1 = ",.' \u00a0\u202f"
_PLAIN = {
    ".": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"),
    ",": re.compile(r"[+-]?(?:\d+(?:,\d*)?|,\d+)(?:[eE][+-]?\d+)?"),
}


def _grouped(decimal: str, marks: str) -> tuple[re.Pattern[str], dict[int, None]]:
    """Return the form of a number in groups, and the table that takes the marks between them out."""
    # Indian numbers have groups of two, but the last group has three digits: "12,50" is never 1250.
    number = rf"[+-]?\d{{1,3}}(?:[{marks}]\d{{2,3}})*[{marks}]\d{{3}}(?:{re.escape(decimal)}\d*)?(?:[eE][+-]?\d+)?"
    return re.compile(number), dict.fromkeys(map(ord, marks))


# (decimal mark, mark of thousands) -> the form of grouped numbers, and what is taken out of them. None takes any mark.
_GROUPED = {
    (decimal, thousands): _grouped(
        decimal, "".join(_MARKS.values()).replace(decimal, "") if thousands is None else _MARKS[thousands]
    )
    for decimal in ".,"
    for thousands in (None, *_MARKS)
    if thousands != decimal
}
_GROUPED_BY_RULE_1 = {decimal: _grouped(decimal, _MARKS_OF_RULE_1.replace(decimal, "")) for decimal in ".,"}
_DRESSING = re.compile(r"^(?:[$€£¥₹]|R\$|[A-Z]{3}\s)\s*|\s*(?:[$€£¥₹%]|\s[A-Z]{3})$")
_MAX_NUMBER_LENGTH = 100  # characters; longer text is no number, and is not worth searching
_REFERENCE = re.compile(r"\[\s*\d+\s*,\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")\s*\]")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\(.)", re.DOTALL)
_NOT_NUMBERS = ("datetime64", "timedelta64", "complex")  # numpy turns these into a float, and should not


def is_missing(value: object, missing_values: Collection[str] = MISSING_VALUES) -> bool:
    """Tell whether a raw value says nothing.

    None, NaN, pandas' NA and NaT are missing; text is missing when it equals one of ``missing_values`` without case
    and surrounding space. Of `MissingCodes` the numbers count too, whatever the type they come in; True and False are
    no numbers.

    Parameters
    ----------
    value
        Anything a lead may hold.
    missing_values
        Texts that mean "no value", in lower case. ``"false"`` among them also takes the boolean False, which Odoo gives
        for an empty field.

    Examples
    --------
    >>> [is_missing(v) for v in (None, float("nan"), " Select ", "0", 0)]
    [True, True, True, False, False]
    >>> [is_missing(v, MissingCodes.of(["-999"])) for v in ("-999", -999, -999.0, "-999.0", "-99")]
    [True, True, True, True, False]
    >>> is_missing(False), is_missing(False, {"false"})
    (False, True)
    """
    numbers = missing_values.numbers if isinstance(missing_values, MissingCodes) else ()
    if isinstance(value, str):
        text = value.strip().lower()
        return text in missing_values or (bool(numbers) and whole_text(text) in missing_values)
    if type(value).__name__ in _BOOLEANS:
        if isinstance(missing_values, MissingCodes):
            return not value and missing_values.takes_false
        return not value and "false" in missing_values
    if isinstance(value, float):
        return math.isnan(value) or value in numbers
    if type(value).__name__ in _NOTHING:
        return True
    if not is_single(value):
        return False
    try:
        return bool(value != value) or (bool(numbers) and _is_number(value) and read_number(value) in numbers)
    except Exception:  # a foreign object's comparison may raise anything
        return False


def _is_number(value: object) -> bool:
    return isinstance(value, Number) and not isinstance(value, bool)


def is_single(value: object) -> bool:
    """Tell whether a raw value is one value rather than several: not a list, mapping, array, table or bytes.

    Examples
    --------
    >>> [is_single(v) for v in ("text", 3, None, [3], {"a": 3}, b"3")]
    [True, True, True, False, False, False]
    """
    # asked of the type: a foreign object's own attributes may raise anything when they are looked up
    return isinstance(value, str) or not hasattr(type(value), "__len__")


def missing_of_kind(kind: str, missing_values: Collection[str]) -> Collection[str]:
    """Return the texts that mean "no value" in a field of that kind: "false" is a value of a boolean field.

    Examples
    --------
    >>> sorted(missing_of_kind("boolean", {"-", "false"})), sorted(missing_of_kind("category", {"-", "false"}))
    (['-'], ['-', 'false'])
    """
    if kind != "boolean":
        return missing_values
    return [text for text in missing_values if text.strip().lower() != "false"]


def read_number(value: object, decimal: str = ".", thousands: str | None = None, *, reading: int = 2) -> float | None:
    """Read a number, or None when the value is not one.

    Booleans are 1 and 0; infinite numbers stay infinite; a float16 or float32 is its shortest decimal. Text may carry a
    sign, a currency or percent sign and grouped thousands; which mark is the decimal one is said by ``decimal``, never
    guessed.

    Parameters
    ----------
    value
        Anything a lead may hold.
    decimal
        ``"."`` or ``","``.
    thousands
        The mark between groups of digits: ``"."``, ``","``, ``"'"`` (also the curly one) or ``" "`` (any kind of
        space); text with another mark is then no number. None takes any of them but the decimal mark.
    reading
        The rule of reading of a points table; 1 knows neither ``thousands`` nor thin spaces.

    Examples
    --------
    >>> read_number("1,234.5"), read_number("1.234,5", ","), read_number("€ 99"), read_number("a lot")
    (1234.5, 1234.5, 99.0, None)
    >>> read_number("1.200"), read_number("1.200", ",", "."), read_number("1 200", ",", ".")
    (1.2, 1200.0, None)
    """
    if isinstance(value, str):
        grouped = _GROUPED_BY_RULE_1[decimal] if reading < 2 else _GROUPED.get((decimal, thousands))
        return _number_in_text(value, decimal, grouped)
    if not is_single(value) or type(value).__name__.startswith(_NOT_NUMBERS):
        return None
    try:
        # whatever float() takes: Decimal, numpy, pandas
        number = as_written(value) if is_narrow(value) else float(value)  # type: ignore[arg-type]
    except Exception:  # a foreign object's conversion may raise anything
        return None
    return None if math.isnan(number) else number


def _number_in_text(value: str, decimal: str, grouped: tuple[re.Pattern[str], dict[int, None]] | None) -> float | None:
    text = value.strip().replace("\u2212", "-")
    if len(text) > _MAX_NUMBER_LENGTH:
        return None
    plain = _without_groups(text, decimal, grouped)
    if plain is None:
        sign = text[0] if text[:1] in ("+", "-") else ""
        bare = sign + _DRESSING.sub("", _DRESSING.sub("", text[len(sign) :].lstrip()))
        plain = _without_groups(bare, decimal, grouped)
    if plain is None:
        return None
    number = float(plain.replace(",", "."))
    return number if math.isfinite(number) else None


def _without_groups(text: str, decimal: str, grouped: tuple[re.Pattern[str], dict[int, None]] | None) -> str | None:
    if _PLAIN[decimal].fullmatch(text):
        return text
    if grouped is None:
        return None
    form, marks = grouped
    return text.translate(marks) if form.fullmatch(text) else None


def read_reference(value: object) -> str | None:
    """Read the name in a reference as Odoo gives it, ``[4, 'Won']``, as a list or as text; None for anything else.

    Examples
    --------
    >>> read_reference("[4, 'Won']"), read_reference([4, "Won"]), read_reference("[4, 5]"), read_reference("Won")
    ('Won', 'Won', None, None)
    """
    if isinstance(value, str):
        found = _REFERENCE.fullmatch(value.strip()) if value[:1] in ("[", " ") else None
        return None if found is None else _ESCAPED.sub(_unescaped, found[1] if found[1] is not None else found[2])
    if isinstance(value, (list, tuple)) and len(value) == 2:
        number, name = value
        if isinstance(number, int) and not isinstance(number, bool) and isinstance(name, str):
            return name
    return None


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        return chr(int(code, 16))
    return {"n": "\n", "t": "\t", "r": "\r"}.get(found[3], found[3])


def read_boolean(value: object) -> str | None:
    """Read a boolean as ``"yes"`` or ``"no"``, or None when the value is neither.

    Examples
    --------
    >>> read_boolean(True), read_boolean("No"), read_boolean(1.0), read_boolean("1.0"), read_boolean("maybe")
    ('yes', 'no', 'yes', 'yes', None)
    """
    if isinstance(value, str):
        text = whole_text(value.strip().lower())
        return "yes" if text in TRUE_VALUES else "no" if text in FALSE_VALUES else None
    if not is_single(value):
        return None
    try:
        return "yes" if value == 1 else "no" if value == 0 else None
    except Exception:  # a foreign object's comparison may raise anything
        return None


def read_category(value: object) -> str:
    """Read a category as text: stripped; whole floats without their ".0" (pandas makes 3.0 of a 3 beside a gap).

    The text of a whole float, as files hold it, loses its ".0" too; a float16 or float32 is its shortest decimal.

    Examples
    --------
    >>> read_category(" Webinar "), read_category(3.0), read_category("3.0"), read_category("007"), read_category(True)
    ('Webinar', '3', '3', '007', 'yes')
    """
    return whole_text(category_text(as_written(value) if is_narrow(value) else value))


def category_text(value: object) -> str:
    """Read a category as text as bundles of the formats 1 and 2 do; `read_category` is the rule since format 3.

    Examples
    --------
    >>> category_text(" 3.0 "), category_text(3.0)
    ('3.0', '3')
    """
    if isinstance(value, str):
        return value.strip()
    if type(value).__module__ == "numpy" and type(value).__name__.startswith(("bool", "float", "longdouble")):
        value = value.item() if type(value).__name__ != "longdouble" else float(value)  # type: ignore[attr-defined,arg-type]
    elif type(value).__name__ == "datetime64":
        value = _moment(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _moment(value: Any) -> object:
    """Return numpy's moment as pandas gives it back from a table: with a time, also where it is a whole day."""
    exact = value.astype("datetime64[us]")
    return exact.item() if exact == value else value
