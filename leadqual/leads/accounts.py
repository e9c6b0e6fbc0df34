"""Accounts: which leads belong together, how alike their outcomes are, and how many leads they are worth."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from leadqual.bundle.account_names import account_name
from leadqual.bundle.values import MISSING_VALUES
from leadqual.errors import LeadError
from leadqual.tables.distinct import distinct_values

__all__ = [
    "LOOK_DAYS",
    "Correlation",
    "Dependence",
    "account_numbers",
    "account_sizes",
    "correlation",
    "dependence",
    "draw_weights",
    "numbered",
]

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

LOOK_DAYS = 28
"""Days in which an account counts once where leads are counted by their fields."""
_MIN_REPEATING = 10
_ERRORS = 2.0


def account_numbers(column: pd.Series, missing_values: Collection[str] = MISSING_VALUES) -> Numbers:
    """Return the number of each lead's account, from 0, int64 (n,); a lead without one is an account of its own.

    Parameters
    ----------
    column
        What names the account of each of n leads.
    missing_values
        Texts that mean "no value".

    Examples
    --------
    >>> account_numbers(pd.Series(["Acme", None, "acme ", "Bolt", None])).tolist()
    [0, 2, 0, 1, 3]
    """
    distinct = distinct_values(column, missing_values)
    places: dict[str, int] = {}
    of_value = np.full(len(distinct.values) + 1, -1, dtype=np.int64)
    for number, (value, missing) in enumerate(zip(distinct.values, distinct.missing, strict=True)):
        key = None if missing else account_name(value)
        if key is not None:
            of_value[number] = places.setdefault(key, len(places))
    found = of_value[distinct.codes]
    alone = found < 0
    found[alone] = len(places) + np.arange(int(alone.sum()))
    return found


def numbered(account: ArrayLike, size: int) -> Numbers:
    """Return accounts given as any array, (n,), as numbers from 0.

    Numbers stay distinct numbers; anything else is read as `account_numbers` reads a column.

    Raises
    ------
    LeadError
        When there is not one for each of ``size`` leads.
    """
    values = account if isinstance(account, pd.Series) else np.asarray(account)
    if values.ndim != 1 or len(values) != size:
        raise LeadError(f"account has {len(values)} values for {size} leads; pass one for each lead, or leave it out.")
    if values.dtype.kind in "iu":
        return np.asarray(np.unique(np.asarray(values), return_inverse=True)[1], dtype=np.int64)
    return account_numbers(pd.Series(values).reset_index(drop=True))


def account_sizes(account: Numbers, weight: Floats | None = None) -> Floats:
    """Return how many leads (or how much weight) the account of each lead has, (n,).

    Examples
    --------
    >>> account_sizes(np.array([0, 1, 0])).tolist()
    [2.0, 1.0, 2.0]
    """
    return np.asarray(np.bincount(account, weight).astype(np.float64)[account])


def draw_weights(account: Numbers, time: Floats | None = None) -> Floats:
    """Return weights by which each account counts once in 28 days, (n,); once in all where there is no time.

    Parameters
    ----------
    account
        Number of each lead's account, (n,).
    time
        In days, (n,); None: unknown.

    Examples
    --------
    >>> draw_weights(np.array([0, 0, 0, 1]), np.array([0.0, 3.0, 40.0, 3.0])).tolist()
    [0.5, 0.5, 1.0, 1.0]
    """
    if time is None:
        return np.asarray(1 / account_sizes(account))
    stretch = np.floor((time - time.min()) / LOOK_DAYS).astype(np.int64) if len(time) else np.zeros(0, dtype=np.int64)
    pairs = np.unique(np.column_stack((account, stretch)), axis=0, return_inverse=True)[1].reshape(-1)
    return np.asarray(1 / account_sizes(pairs.astype(np.int64)))


@dataclass(frozen=True, slots=True)
class Correlation:
    """The correlation of residuals (outcome less predicted probability) among the leads of one account.

    Parameters
    ----------
    value
        The estimate, 0 to 1.
    upper
        Two standard errors above it, 0 to 1; 1 where fewer than ten accounts have several leads, as nobody can tell.
    lower
        Two standard errors below it, 0 to 1; 0 in that case.
    repeating
        How many accounts have several leads.
    """

    value: float
    upper: float
    lower: float
    repeating: int

    def weights(self, account: Numbers, *, upper: bool = False) -> Floats:
        """Return how many leads each lead is worth, ``1 / (1 + (m - 1) rho)`` for an account of m leads, (n,).

        Parameters
        ----------
        account
            Number of each lead's account, (n,).
        upper
            Take the upper end as rho, as intervals and tests must.
        """
        return np.asarray(1 / (1 + (account_sizes(account) - 1) * (self.upper if upper else self.value)))

    def design_effect(self, account: Numbers) -> float:
        """Return by how much likeness widens the variance of a plain mean over leads, 1 or more (Kish 1965).

        It is ``1 + (sum(m**2) / sum(m) - 1) rho`` over accounts of m leads, with the upper end as rho.

        Parameters
        ----------
        account
            Number of each lead's account, (n,).
        """
        return 1 + (float(account_sizes(account).mean()) - 1) * self.upper if len(account) else 1.0


def correlation(won: Floats, probability: Floats, account: Numbers, *, centred: bool = False) -> Correlation:
    r"""Estimate the correlation of outcomes within accounts, given the probabilities.

    With :math:`r = y - p` and :math:`s = \sqrt{p (1 - p)}` it is the sum of :math:`r_i r_j` over the pairs of each
    account over that of :math:`s_i s_j`, each account of m leads divided by m - 1: so one account of a third of all
    leads speaks for about a third, and not for nearly all as it would among pairs (Karlin, Cameron and Williams 1981,
    doi:10.1073/pnas.78.5.2664; compared by Ridout, Demetrio and Firth 1999, doi:10.1111/j.0006-341x.1999.00137.x).

    Parameters
    ----------
    won
        Outcome of n leads, 1 or 0, (n,).
    probability
        What was promised for each, (n,). It must not have learned an account's own outcomes at their full number, else
        what is left of them is too little.
    account
        Number of each lead's account, (n,).
    centred
        Take off what all leads have in common first, so that a shift of all leads alike is not taken for likeness.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> of_account, account = rng.random(500) < 0.3, np.repeat(np.arange(500), 3)
    >>> alike = correlation(np.repeat(of_account, 3) * 1.0, np.full(1500, 0.3), account)
    >>> apart = correlation((rng.random(1500) < 0.3) * 1.0, np.full(1500, 0.3), account)
    >>> alike.value > 0.8, apart.value < 0.1
    (True, True)
    """
    p = np.clip(probability, 1e-4, 1 - 1e-4)
    spread, rest = np.sqrt(p * (1 - p)), won - p
    if centred and len(rest):
        rest = rest - spread * (rest.sum() / spread.sum())
    sizes = np.bincount(account).astype(np.float64)
    several = sizes > 1
    repeating = int(several.sum())
    if not repeating:
        return Correlation(0.0, 0.0, 0.0, 0)
    products, most = (
        (np.bincount(account, one) ** 2 - np.bincount(account, one * one))[several] / (sizes[several] - 1)
        for one in (rest, spread)
    )
    value = float(products.sum() / most.sum())
    error = float(np.sqrt(((products - value * most) ** 2).sum()) / most.sum())
    known = repeating >= _MIN_REPEATING
    low, high = (value - _ERRORS * error, value + _ERRORS * error) if known else (0.0, 1.0)
    inside = [float(np.clip(one, 0, 1)) for one in (value, high, low)]
    return Correlation(inside[0], inside[1], inside[2], repeating)


@dataclass(frozen=True, slots=True)
class Dependence:
    """How far leads are from being independent.

    Parameters
    ----------
    leads, accounts
        How many leads, and how many accounts they belong to.
    largest
        Share of the leads that the largest account has, 0 to 1.
    correlation
        Of outcomes within an account, beyond what probabilities explain, 0 to 1.
    design_effect
        How many leads are worth one independent lead, on average, at least 1.
    """

    leads: int
    accounts: int
    largest: float
    correlation: float
    design_effect: float


def dependence(account: Numbers, within: Correlation) -> Dependence:
    """Describe how far leads are from being independent.

    Parameters
    ----------
    account
        Number of each lead's account, (n,).
    within
        How alike their outcomes are.

    Examples
    --------
    >>> found = dependence(np.array([0, 0, 0, 1]), Correlation(1.0, 1.0, 1.0, 1))
    >>> found.accounts, found.largest, found.design_effect
    (2, 0.75, 2.0)
    """
    counts = np.bincount(account)
    leads, worth = len(account), float(within.weights(account).sum())
    return Dependence(
        leads=leads,
        accounts=int((counts > 0).sum()),
        largest=float(counts.max(initial=0)) / max(leads, 1),
        correlation=round(within.value, 6),
        design_effect=round(leads / worth, 6) if leads else 1.0,
    )
