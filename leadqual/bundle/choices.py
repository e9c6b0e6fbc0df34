"""Lists of choices: one cell such as ``ERP;BI`` taken apart, and turned into a yes or no for each scored choice."""

from __future__ import annotations

import ast
import csv
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

from leadqual.bundle.field_points import FieldPoints
from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.values import MISSING_VALUES, is_missing, is_single, read_category

__all__ = [
    "NONE_SCORED",
    "UNREADABLE_LIST",
    "ChoiceList",
    "ChoiceLists",
    "choice_name",
    "read_choices",
]

NONE_SCORED = "\x00none of its choices is scored"
"""What a choice has, instead of "no", where a lead's list holds choices and none of them is scored."""
UNREADABLE_LIST = "\x00cannot be read"
"""What a choice has where the lead's cell is no list of choices."""

_MAX_LIST_LENGTH = 20_000  # characters; longer text is no list that a person picked
_WIDE = {";": "\uff1b", ",": "\uff0c\u3001", "|": "\uff5c"}  # the same marks as Chinese and Japanese text has them
_QUOTED = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[+-]?\d+(?:\.\d+)?|None|True|False)"""
_PYTHON_LIST = re.compile(rf"\[\s*(?:{_QUOTED}\s*,\s*)*(?:{_QUOTED})?\s*\]")


def choice_name(column: str, choice: str) -> str:
    """Return the name of the field that tells whether a list holds a choice.

    Examples
    --------
    >>> choice_name("Products", "ERP")
    'Products: ERP'
    """
    return f"{column}: {choice}"


def read_choices(
    value: object, separator: str, missing_values: Collection[str] = MISSING_VALUES
) -> tuple[str, ...] | None:
    """Take one cell apart into its choices.

    A list, tuple, set or array holds its choices whatever the separator, and so does text that is a JSON list; other
    text is split. Choices are trimmed, brought to one form of Unicode (NFC), and named once each; their case stays.
    Quotes protect a separator inside a choice (``"Fish, frozen",Meat``). Empty parts, and parts that mean "no value",
    are no choices.

    Parameters
    ----------
    value
        Anything a lead may hold.
    separator
        ``";"``, ``","``, ``"|"``, or ``"json"`` for a JSON list.
    missing_values
        Texts that mean "no value", in lower case; of `MissingCodes` the numbers too.

    Returns
    -------
    tuple of str or None
        The choices in their order. Empty: nothing is chosen, whether the cell is empty, says "no value" or is an
        empty list; exports do not tell these apart, so a list without choices is missing, however it is written.
        None: the value is no list of choices, such as a mapping or bytes.

    Examples
    --------
    >>> read_choices("ERP; BI;;ERP", ";"), read_choices('["ERP", "BI"]', "json"), read_choices(["ERP", None], ";")
    (('ERP', 'BI'), ('ERP', 'BI'), ('ERP',))
    >>> read_choices("", ";"), read_choices([], ";"), read_choices({"ERP": 1}, ";")
    ((), (), None)
    """
    try:
        if isinstance(value, str):
            parts = _parts_of_text(value, separator, missing_values)
        elif is_missing(value, missing_values):
            return ()
        elif is_single(value):
            parts = (value,)
        elif isinstance(value, Mapping | bytes | bytearray | memoryview) or not isinstance(value, Iterable):
            return None
        else:
            parts = tuple(value)
        chosen: dict[str, None] = {}
        for part in () if parts is None else parts:
            if not is_missing(part, missing_values):
                if not is_single(part):
                    return None
                chosen[_plain(read_category(part))] = None
    except Exception:  # a foreign object's methods may raise anything
        return None
    return None if parts is None else tuple(chosen)


def _parts_of_text(text: str, separator: str, missing_values: Collection[str]) -> Iterable[object] | None:
    text = text.strip()
    if is_missing(text, missing_values):
        return ()
    if text[:1] == "[" and text[-1:] == "]" and len(text) <= _MAX_LIST_LENGTH:
        listed = _listed(text)
        if listed is not None or separator == "json":
            return listed
    if separator == "json":
        return (text,)
    if not text.isascii():
        for mark in _WIDE[separator]:
            text = text.replace(mark, separator)
    if '"' in text:
        try:
            return next(csv.reader([text], delimiter=separator, skipinitialspace=True), ())
        except csv.Error:
            pass
    return text.split(separator)


def _listed(text: str) -> list[object] | None:
    """Return the list that a text is, as JSON or as Python writes it; None for any other text."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        # 'a' 'b' without a comma, as numpy prints it, would be read as one choice: such text is refused
        read = ast.literal_eval(text) if _PYTHON_LIST.fullmatch(text) else None
    return read if isinstance(read, list) else None


def _plain(choice: str) -> str:
    return choice if choice.isascii() else unicodedata.normalize("NFC", choice)


class ChoiceList:
    """One column that holds a list of choices, and the fields that are made of it.

    Parameters
    ----------
    column, separator
        As in `leadqual.bundle.field_points.Choice`.
    fields
        The field of each choice: its name, by the choice as it is spelt in the list.
    missing_values
        Texts that mean "no value", and the numbers that some of them write.
    """

    __slots__ = ("column", "fields", "missing_values", "nothing", "separator", "unchosen")

    def __init__(
        self,
        column: str,
        separator: str,
        fields: Mapping[str, str],
        missing_values: Collection[str] = MISSING_VALUES,
    ) -> None:
        self.column, self.separator = column, separator
        self.fields = {_plain(choice): name for choice, name in fields.items()}
        self.missing_values = MissingCodes.of(missing_values)
        self.nothing: dict[str, str | None] = dict.fromkeys(self.fields.values(), None)
        self.unchosen: dict[str, str | None] = dict.fromkeys(self.fields.values(), "no")

    def read(self, value: object) -> Mapping[str, str | None]:
        """Return ``"yes"`` or ``"no"`` for each field, None where the list is missing; see `read_choices`.

        Where the list holds choices and none that is scored, or is no list, each field has `NONE_SCORED` or
        `UNREADABLE_LIST`, which an encoder reads with a note.
        """
        choices = read_choices(value, self.separator, self.missing_values)
        if not choices:
            return dict.fromkeys(self.nothing, UNREADABLE_LIST) if choices is None else self.nothing
        chosen = [name for name in map(self.fields.get, choices) if name is not None]
        if not chosen:
            return dict.fromkeys(self.nothing, NONE_SCORED)
        return {**self.unchosen, **dict.fromkeys(chosen, "yes")}


class ChoiceLists:
    """The list columns of a points table, to split each list of a lead once.

    A list is looked for under its column's own name; `leadqual.scorer.given_fields.FieldKeys` finds aliases.

    Parameters
    ----------
    fields
        The fields of a points table; those without a choice are passed over.
    missing_values
        Texts that mean "no value".

    Examples
    --------
    >>> from leadqual.bundle import Choice
    >>> erp = FieldPoints("Products: ERP", "boolean", (), choice=Choice("Products", "ERP", ";"))
    >>> ChoiceLists((erp,)).expanded({"Products": "BI;ERP", "Visits": 3})
    {'Products: ERP': 'yes', 'Products': 'BI;ERP', 'Visits': 3}
    """

    __slots__ = ("lists",)

    def __init__(self, fields: Iterable[FieldPoints], missing_values: Collection[str] = MISSING_VALUES) -> None:
        found: dict[tuple[str, str], dict[str, str]] = {}
        for field in fields:
            if field.choice is not None:
                key = (field.choice.column, field.choice.separator)
                found.setdefault(key, {})[field.choice.choice] = field.name
        self.lists = tuple(ChoiceList(*key, own, missing_values) for key, own in found.items())

    def expanded(self, lead: Mapping[str, object]) -> Mapping[str, object]:
        """Return the lead with a yes or no for each scored choice; a field that it has already stays as it is."""
        added: dict[str, object] = {}
        for one in self.lists:
            if one.column in lead:
                added |= one.read(lead[one.column])
        return {**added, **lead} if added else lead
