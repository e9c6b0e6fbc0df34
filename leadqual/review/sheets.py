"""The sheets of the review workbook: their columns, and the rows that a bundle has in them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from leadqual.agreement.edits import Threshold
from leadqual.bundle import Bundle
from leadqual.errors import ProposalError

__all__ = [
    "ABOUT",
    "FORMAT",
    "MAX_CHARACTERS",
    "POINTS",
    "POLICY",
    "Column",
    "PointsRow",
    "PolicyRow",
    "place",
    "plain",
    "points_rows",
    "policy_rows",
]

FORMAT = 1
MAX_CHARACTERS = 1000
"""The longest reason, and the longest name of a field or band."""

# what XML cannot hold, and what Excel reads as an escaped character: _x000D_ is a line break to it
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet.

    Parameters
    ----------
    heading
        What stands in the first row.
    width
        In characters.
    form
        The number format of its cells.
    """

    heading: str
    width: int
    form: str = "General"


POINTS = (
    Column("field", 24),
    Column("band", 32),
    Column("points", 9, "+0;-0;0"),
    Column("leads", 9, "#,##0"),
    Column("wins", 8, "#,##0"),
    Column("win rate", 9, "0.0%"),
    Column("low (95 %)", 9, "0.0%"),
    Column("high (95 %)", 9, "0.0%"),
    Column("field adds wins", 10, "+0.0;-0.0;0.0"),
    Column("explanation", 56),
    Column("proposed points", 11, "0"),
    Column("leave out", 9),
    Column("reason", 36),
)
"""The columns of the sheet Points; the last three are open."""

POLICY = (
    Column("threshold", 18),
    Column("present", 12),
    Column("explanation", 64),
    Column("proposed", 12),
    Column("reason", 44),
)
"""The columns of the sheet Policy; the last two are open."""

ABOUT = ("Bundle", "Digest", "Format", "Your name", "Your role")
"""What the second column of the sheet About holds, by the words in the first; the last two are open."""


@dataclass(frozen=True, slots=True)
class PointsRow:
    """A row of the sheet Points.

    Parameters
    ----------
    field
        The field it is about.
    band
        The band it is about; None for the row of the field itself, where it can be left out.
    points
        What the band is worth; None for the row of the field itself.
    """

    field: str
    band: str | None
    points: int | None

    @property
    def key(self) -> tuple[str, str]:
        """What its first two cells say, by which it is found again wherever it was sorted to."""
        return plain(self.field), "" if self.band is None else plain(self.band)


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A row of the sheet Policy.

    Parameters
    ----------
    name
        What its first cell says.
    threshold
        The threshold it moves; None for the row of the capacity.
    present
        Where the threshold is in points, or the share of leads that sales can work; None where the latter is not known.
    """

    name: str
    threshold: Threshold | None
    present: float | None


def points_rows(bundle: Bundle) -> tuple[PointsRow, ...]:
    """Return the rows that the sheet Points must have: each field, then its bands.

    Raises
    ------
    ProposalError
        When two of them would read the same in a spreadsheet.

    Examples
    --------
    >>> from leadqual.leads import read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> rows = points_rows(train(read_leads(sample.table, sample.schema), name="demo").bundle)
    >>> rows[0].band is None, rows[1].field == rows[0].field
    (True, True)
    """
    rows = []
    for field in bundle.points_table.fields:
        rows.append(PointsRow(field.name, None, None))
        rows += [PointsRow(field.name, band.label, band.points) for band in field.bands]
    same = [key for key, count in Counter(row.key for row in rows).items() if count > 1]
    if same:
        raise ProposalError(
            f"{len(same)} fields or bands read the same as another in a spreadsheet, each must have a name of its own; "
            "rename them, or review them on the page."
        )
    return tuple(rows)


def policy_rows(bundle: Bundle) -> tuple[PolicyRow, ...]:
    """Return the rows that the sheet Policy must have: SQL, MQL, the grades that begin somewhere, and the capacity."""
    policy = bundle.policy
    starts = {grade.name: grade.minimum_points for grade in policy.grades}
    grades: tuple[Threshold, ...] = ("A", "B", "C")
    return (
        PolicyRow("SQL", "SQL", policy.sql_points),
        PolicyRow("MQL", "MQL", policy.mql_points),
        *(PolicyRow(f"grade {name}", name, starts[name]) for name in grades if starts.get(name) is not None),
        PolicyRow("capacity share", None, policy.capacity_share),
    )


def plain(text: str) -> str:
    r"""Return a name as a spreadsheet can hold it and gives it back.

    Examples
    --------
    >>> plain(" Fair\r\nand web "), plain("a_x0041_"), plain("=1+1")
    ('Fair  and web', 'a-x0041_', '=1+1')
    """
    return _ESCAPE.sub("-", _UNWRITABLE.sub(" ", text))[:MAX_CHARACTERS].strip()


def place(sheet: str, row: int, column: int) -> str:
    """Return the name of a cell, such as ``"Points!K7"``; rows and columns count from 1.

    Examples
    --------
    >>> place("Points", 7, 11), place("Points", 1, 27)
    ('Points!K7', 'Points!AA1')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{sheet}!{letters}{row}"
