"""Whether a scorecard's settings and its prior rule are such that a fit can follow them."""

from __future__ import annotations

import math
from typing import Any

from leadqual.bundle.points_table import PointsTable
from leadqual.errors import EvidenceError, RuleError, SchemaError

__all__ = ["check_prior", "check_settings"]

_MAX_DOUBLINGS = 30


def check_settings(card: Any) -> None:
    """Check the parameters of a `leadqual.scorecard.ScorecardClassifier`.

    Raises
    ------
    EvidenceError
        When a number is out of its range.
    SchemaError
        When a feature is listed twice.
    """
    ranges = {"strength": (1e-6, 1e9), "prior_weight": (0.0, 1.0), "half_life": (1e-3, math.inf)}
    for name, (low, high) in ranges.items():
        value = getattr(card, name)
        if value is None and name == "half_life":
            continue
        if value != "auto" and not (_number(value) and low <= value <= high):
            raise EvidenceError(f'{name} is {value!r}, it must be "auto" or from {low:g} to {high:g}; correct it.')
    if isinstance(card.max_bands, bool) or not isinstance(card.max_bands, int) or card.max_bands < 2:
        raise EvidenceError(f"max_bands is {card.max_bands!r}, it must be a whole number of at least 2; 6 is usual.")
    names = [feature.name for feature in card.features or ()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SchemaError(f"{len(twice)} features are listed twice ({', '.join(twice)}); list each once.")


def check_prior(prior: PointsTable) -> None:
    """Refuse a rule that claims more than any data could overrule.

    Raises
    ------
    RuleError
        When the best possible lead has more than 2 to the power of 30 times the odds of the worst.
    """
    span = sum(
        max(band.points for band in field.bands) - min(band.points for band in field.bands) for field in prior.fields
    )
    doublings = span / prior.points_to_double_odds
    if doublings > _MAX_DOUBLINGS:
        enough = math.ceil(span / _MAX_DOUBLINGS)
        raise RuleError(
            f"the prior rule spans {span} points at {prior.points_to_double_odds} to double the odds, which is "
            f"{doublings:.0f} doublings; it must be at most {_MAX_DOUBLINGS}; set points_to_double_odds to {enough} "
            "or more: how many of its points does the team think double the odds?"
        )


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)
