"""The hand-made rule that the simulated company qualifies its leads by."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["OLD_RULE", "rule_points"]

OLD_RULE = """\
# The MQL rule that marketing and sales agreed on years ago: 30 points or more make an MQL.
# Plausible, and partly wrong: it overrates trade shows, large companies and one region, knows nothing of who decides,
# and takes an open newsletter for interest.
points_to_double_odds = 20
base_points = 0

[[rule]]
field = "Need"
is = "Urgent"
points = 20

[[rule]]
field = "Need"
is = "Planned"
points = 10

[[rule]]
field = "Intent"
in = ["Demo request", "Pricing question"]
points = 20

[[rule]]
field = "Campaign"
is = "Trade Show"
points = 15

[[rule]]
field = "Campaign"
is = "Bought List"
points = -10

[[rule]]
field = "Employees"
at_least = 1000
points = 15

[[rule]]
field = "Visits"
at_least = 5
points = 10

[[rule]]
field = "Region"
is = "North America"
points = 10

[[rule]]
field = "Newsletter"
is = "Yes"
points = 5

[[rule]]
field = "Business Email"
is = "No"
points = -10

[[rule]]
field = "Budget"
known = true
points = 5
"""


_COMPARE: dict[str, Callable[[NDArray, Any], NDArray]] = {
    "is": np.equal,
    "in": np.isin,
    "at_least": np.greater_equal,
    "below": np.less,
}


def rule_points(
    rule: str, fields: Mapping[str, NDArray], missing: Mapping[str, NDArray[np.bool_]]
) -> NDArray[np.int64]:
    r"""Return the points that the rule gives to each of n leads: base points plus those of every rule that holds.

    A rule about a value does not hold where the value is missing.

    Parameters
    ----------
    rule
        TOML text: ``base_points`` and ``[[rule]]`` with field, points, and the conditions is, in, at_least, below,
        missing and known, all of which must hold.
    fields
        Text or numbers of each field, (n,).
    missing
        True where the export does not show the value, (n,), for each field.

    Examples
    --------
    >>> rule_points('base_points = 1\n[[rule]]\nfield = "x"\nat_least = 5\npoints = 3',
    ...             {"x": np.array([4, 5, 9])}, {"x": np.array([False, False, True])})
    array([1, 4, 1])
    """
    parsed = tomllib.loads(rule)
    points = np.full(len(next(iter(fields.values()))), parsed["base_points"], dtype=np.int64)
    for one in parsed["rule"]:
        values, absent = fields[one["field"]], missing[one["field"]]
        holds = np.ones(len(points), dtype=np.bool_)
        for condition, want in one.items():
            if condition not in ("field", "points"):
                holds &= _holds(condition, want, values, absent)
        points[holds] += one["points"]
    return points


def _holds(condition: str, want: Any, values: NDArray, absent: NDArray[np.bool_]) -> NDArray[np.bool_]:
    answer: NDArray[np.bool_]
    if condition in ("missing", "known"):
        answer = absent == (want if condition == "missing" else not want)
        return answer
    compare = _COMPARE[condition]
    answer = ~absent & compare(values, want).astype(np.bool_)
    return answer
