"""Which leads belong together: by the schema's account, or by how much leads of one day repeat each other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadqual.leads import Leads, Outcomes
from leadqual.leads.accounts import Dependence
from leadqual.leads.day_likeness import day_likeness

__all__ = ["belonging", "repeating"]

_SAME = 1.05


def belonging(found: Dependence | None) -> tuple[str, ...]:
    """Say how many accounts the leads belong to, and what they are worth.

    Parameters
    ----------
    found
        What the fit found; None where the schema names no account.

    Examples
    --------
    >>> belonging(Dependence(leads=900, accounts=300, largest=0.1, correlation=0.25, design_effect=1.5))[0][:52]
    '900 leads belong to 300 accounts, the largest has 10'
    """
    if found is None:
        return ()
    note = (
        f"{found.leads} leads belong to {found.accounts} accounts, the largest has {100 * found.largest:.0f}% of "
        f"them; outcomes within an account correlate by {found.correlation:.2f}, so {found.design_effect:.2f} leads "
        "count as one."
    )
    return (note,)


def repeating(leads: Leads, outcomes: Outcomes) -> tuple[str, ...]:
    """Look for leads that repeat others of their day, where the schema names no account.

    Leads that are equal in every scored field are counted among pairs of one day, and among pairs of different days of
    one week, which chance alone makes as often; see `leadqual.leads.day_likeness.day_likeness`.

    Parameters
    ----------
    leads, outcomes
        The history, with its times.
    """
    schema = leads.schema
    if schema.account is not None or outcomes.as_of is None:
        return ()
    rows = np.flatnonzero(np.isfinite(outcomes.time))
    fields = [feature.name for feature in schema.scored]
    table = leads.table.iloc[rows][fields].astype("str")
    code = pd.factorize(pd.util.hash_pandas_object(table, index=False))[0]
    found = day_likeness(np.floor(outcomes.time[rows]).astype(np.int64), code)
    if not found.sure or found.effect < _SAME:
        return ()
    note = (
        f"Leads of one day repeat each other in all {len(fields)} fields more often than those of other days, as if "
        f"{found.effect:.1f} of them came from one company; leads are taken as independent all the same, so intervals "
        "and tests are too sure: name the column of the company as account in [lead]."
    )
    return (note,)
