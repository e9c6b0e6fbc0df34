"""The ids that name leads, read from a column alike wherever it comes from: "7.0" of one file is "7" of another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadqual.bundle.values import is_missing
from leadqual.errors import FeedbackError
from leadqual.feedback.events import is_email
from leadqual.scorer.spreadsheet_cells import raw_cell

if TYPE_CHECKING:
    import pandas as pd

    from leadqual.bundle import Bundle

__all__ = ["LeadIds", "lead_id_column", "read_lead_ids"]

_INTEGER = re.compile(r"[+-]?\d+")
_WHOLE = re.compile(r"([+-]?\d+)\.0+")
# as spreadsheets write a long number (12 digits and more): the missing digits cannot be recovered
_ROUNDED = re.compile(r"[+-]?\d(?:[.,]\d+[eE]\+\d+|[eE]\+(?:1[1-9]|[2-9]\d))")
_MAX_EXACT = 2**53


def lead_id_column(bundle: Bundle, given: str | None = None) -> str:
    """Return the column that names leads: the one given, else the bundle's.

    Parameters
    ----------
    bundle
        The bundle.
    given
        The column as somebody names it; None: nobody did.

    Raises
    ------
    FeedbackError
        When neither says it.
    """
    name = given or bundle.id_field
    if name is None:
        raise FeedbackError(
            "the bundle does not know which column names a lead, and somebody must say it; name it with --id (in "
            "Python id_field)."
        )
    return name


@dataclass(frozen=True, slots=True)
class LeadIds:
    """The ids of a column.

    Parameters
    ----------
    texts
        The id of each row; None where there is none.
    whole
        How many were written as 7.0, and are 7.
    emails
        How many are e-mail addresses.
    """

    texts: tuple[str | None, ...]
    whole: int
    emails: int


def read_lead_ids(column: pd.Series) -> LeadIds:
    """Read a column of ids.

    A column of whole numbers with gaps becomes one of floats in pandas, and in files it writes; where every id is a
    whole number, those written as 7.0 are therefore 7. An apostrophe that leadqual wrote in front of an id, so that no
    spreadsheet runs it, is not part of it.

    Parameters
    ----------
    column
        As it came.

    Raises
    ------
    FeedbackError
        When ids were rounded: then nobody knows whose they are.

    Examples
    --------
    >>> import pandas as pd
    >>> read_lead_ids(pd.Series([7, None, 12])).texts
    ('7', None, '12')
    >>> read_lead_ids(pd.Series(["7.0", "L-8"])).texts
    ('7.0', 'L-8')
    """
    texts = [None if is_missing(value) else raw_cell(str(value).strip()) for value in column]
    present = [text for text in texts if text is not None]
    rounded = sum(
        text is not None
        and (_ROUNDED.fullmatch(text) is not None or (isinstance(value, float) and abs(value) > _MAX_EXACT))
        for text, value in zip(texts, column, strict=True)
    )
    if rounded:
        raise FeedbackError(
            f"{column.name} holds {rounded} ids that are rounded numbers, an id must have all its digits; export the "
            "column as text."
        )
    whole = [_WHOLE.fullmatch(text) for text in present]
    if all(match or _INTEGER.fullmatch(text) for match, text in zip(whole, present, strict=True)):
        texts = [None if text is None else _WHOLE.sub(r"\1", text) for text in texts]
        written = sum(match is not None for match in whole)
    else:
        written = 0
    return LeadIds(tuple(texts), written, sum(is_email(text) for text in present))
