"""How many leads sales can work."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from leadqual.errors import PolicyError

__all__ = ["Capacity"]

WORKING_DAYS_PER_WEEK = 5
WEEKS_PER_MONTH = 365.25 / 12 / 7

_PER_WEEK = {"day": float(WORKING_DAYS_PER_WEEK), "week": 1.0, "month": 1 / WEEKS_PER_MONTH}
_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)\s*(?:(%)|/\s*(day|week|month))", re.ASCII | re.IGNORECASE)
_ALL = "all"
_WAY_OUT = "write it as 50/week, 200/month, 10/day or 20%, or all"


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many leads sales can work: a number per week, or a share of all leads; one of the two.

    Parameters
    ----------
    per_week
        Leads per week, 0 or more; None where it is a share.
    share
        Share of all leads, 0 to 1; None where it is a number.

    Raises
    ------
    PolicyError
        When both or none are given, or the one given is out of range.

    Examples
    --------
    >>> Capacity(share=0.2).describe()
    '20% of leads'
    """

    per_week: float | None = None
    share: float | None = None

    def __post_init__(self) -> None:
        if (self.per_week is None) == (self.share is None):
            got = "neither" if self.per_week is None else "both"
            raise PolicyError(
                f"capacity has {got} of per_week and share, it must have one; pass per_week=50 or share=0.2."
            )
        if self.per_week is not None and not (math.isfinite(self.per_week) and self.per_week >= 0):
            raise PolicyError(f"capacity is {self.per_week} leads per week, it must be 0 or more; {_WAY_OUT}.")
        if self.share is not None and not 0 <= self.share <= 1:
            raise PolicyError(f"capacity is a share of {self.share}, it must be 0 to 1; pass 0.2 for 20% of leads.")

    @classmethod
    def parse(cls, text: str) -> Capacity:
        """Read a capacity as people write it: ``"50/week"``, ``"200/month"``, ``"10/day"``, ``"20%"`` or ``"all"``.

        A day is a working day, five a week; a month is 365.25 / 12 days, 4.35 weeks; all is 100 %.

        Raises
        ------
        PolicyError
            When the text is none of these.

        Examples
        --------
        >>> Capacity.parse("10/day")
        Capacity(per_week=50.0, share=None)
        >>> Capacity.parse("20 %")
        Capacity(per_week=None, share=0.2)
        """
        if text.strip().lower() == _ALL:
            return cls(share=1.0)
        written = _WRITTEN.fullmatch(text.strip())
        if written is None:
            raise PolicyError(f'capacity is "{text}", it must be a number of leads per time or a share; {_WAY_OUT}.')
        number, percent, period = float(written[1]), written[2], written[3]
        return cls(share=number / 100) if percent else cls(per_week=number * _PER_WEEK[period.lower()])

    @property
    def works_all(self) -> bool:
        """Whether sales work every lead."""
        return self.share == 1

    def describe(self) -> str:
        """Return the capacity in words."""
        if self.works_all:
            return "all leads"
        if self.share is not None:
            return f"{100 * self.share:.4g}% of leads"
        return f"{self.per_week:.4g} leads a week"

    def share_of(self, leads_per_week: float | None) -> float:
        """Return the share of all leads that sales can work, 0 to 1.

        Parameters
        ----------
        leads_per_week
            How many leads come per week; None where that is unknown, which does for a share only.

        Raises
        ------
        PolicyError
            When the capacity is a number per week and the volume is unknown or not above 0, or not above the capacity:
            then nothing would be left to choose.

        Examples
        --------
        >>> Capacity(per_week=50).share_of(200)
        0.25
        """
        if self.share is not None:
            return self.share
        if leads_per_week is None:
            raise PolicyError(
                f"capacity is {self.describe()}, but how many leads come per week is unknown; give it as a share such "
                "as 20%, or name the column with the creation date in the schema."
            )
        if not (math.isfinite(leads_per_week) and leads_per_week > 0):
            raise PolicyError(f"leads_per_week is {leads_per_week}, it must be above 0; pass None where it is unknown.")
        per_week = self.per_week or 0.0
        if per_week >= leads_per_week:
            raise PolicyError(
                f"capacity is {self.describe()}, but {leads_per_week:.4g} leads come a week, so that sales could work "
                f"every lead and nothing would be left to choose; say less than {leads_per_week:.4g}/week, or all to "
                "work every lead."
            )
        return per_week / leads_per_week
