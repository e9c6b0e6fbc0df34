"""Public holidays and the weekend days worked in their stead, by country; the one home of the package holidays."""

from __future__ import annotations

import difflib
from datetime import date
from functools import lru_cache
from typing import Any

from leadqual.errors import DependencyError, HandoffError

__all__ = ["check_country", "days_off", "make_up_days"]


def check_country(country: str, subdivision: str, team: str) -> None:
    """Refuse a country or a subdivision whose holidays are not known.

    Parameters
    ----------
    country, subdivision
        ISO 3166 codes; "" for no subdivision.
    team
        Whose they are, for the message.

    Raises
    ------
    HandoffError
        When they are not known.
    DependencyError
        When the package holidays is not installed.
    """
    known = _package().list_supported_countries(include_aliases=False)
    if country not in known:
        raise HandoffError(
            f"team {team!r} has country {country!r}, it must be an ISO 3166 code of two letters whose holidays are "
            f"known; write one such as DE{_near(country.upper(), known)}, or leave it out and list closed days."
        )
    if subdivision and subdivision not in known[country]:
        way_out = f"write one of {', '.join(known[country])}" if known[country] else "leave it out"
        raise HandoffError(
            f"team {team!r} has subdivision {subdivision!r}, it must be one of {country}'s; {way_out}"
            f"{_near(subdivision.upper(), known[country])}."
        )


def days_off(country: str, subdivision: str, year: int) -> frozenset[date]:
    """Return the public holidays of a year.

    Examples
    --------
    >>> date(2019, 5, 1) in days_off("CN", "", 2019)
    True
    """
    return _calendar(country, subdivision, year)[0]


def make_up_days(country: str, subdivision: str, year: int) -> frozenset[date]:
    """Return the weekend days of a year that are worked in the stead of others; empty before they were announced.

    Examples
    --------
    >>> date(2019, 5, 5) in make_up_days("CN", "", 2019), date(2019, 5, 12) in make_up_days("CN", "", 2019)
    (True, False)
    """
    return _calendar(country, subdivision, year)[1]


@lru_cache(maxsize=1000)
def _calendar(country: str, subdivision: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    found = _package().country_holidays(country, subdiv=subdivision or None, years=year, expand=False)
    made_up = frozenset(day for day in getattr(found, "weekend_workdays", ()) if day.year == year)
    return frozenset(day for day in found if day.year == year), made_up


def _near(text: str, known: Any) -> str:
    near = difflib.get_close_matches(text, list(known), n=1, cutoff=0.5)
    return f" (did you mean {near[0]}?)" if near else ""


def _package() -> Any:
    try:
        import holidays
    except ImportError:
        raise DependencyError(
            "a country's holidays need the package holidays, which is not installed; run "
            "`pip install 'leadqual[handoff]'`, or leave the country out and list closed days."
        ) from None
    return holidays
