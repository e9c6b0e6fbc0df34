"""Which scored leads belong together, and how many independent leads each is worth in what is watched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.leads.accounts import correlation, draw_weights
from leadqual.leads.day_likeness import day_likeness, day_outcome_likeness

__all__ = ["Counting", "counting", "ledger_accounts", "outcome_worth"]

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Counting:
    """How recent leads are counted where their values are compared with those of training.

    Parameters
    ----------
    by
        ``"accounts"``: each account counts once; ``"days"``: leads of one day repeat each other, and count less;
        ``"leads"``: each counts, as nothing says that they belong together.
    weight
        How much each recent lead counts, (n,).
    effect
        By how much the counts of each field are divided, (fields,).
    """

    by: Literal["accounts", "days", "leads"]
    weight: Floats
    effect: Floats

    @property
    def design_effect(self) -> float:
        """How many leads are worth one, on average over the fields."""
        mean = float(np.mean(self.effect)) if len(self.effect) else 1.0
        return mean * (len(self.weight) / float(self.weight.sum()) if len(self.weight) else 1.0)


def ledger_accounts(history: pd.DataFrame) -> Numbers | None:
    """Return the number of each lead's account in a history, (n,); None where it knows none.

    Parameters
    ----------
    history
        See `leadqual.feedback.feedback_history`. A lead without an account is one of its own.

    Examples
    --------
    >>> ledger_accounts(pd.DataFrame({"account": ["a1", "", "a1", ""]})).tolist()
    [0, 1, 0, 2]
    """
    if "account" not in history or not (history["account"] != "").any():
        return None
    named = history["account"].to_numpy(dtype=object) != ""
    numbers = np.empty(len(named), dtype=np.int64)
    numbers[named] = pd.factorize(history["account"][named])[0]
    numbers[~named] = (numbers[named].max() + 1 if named.any() else 0) + np.arange(int((~named).sum()))
    return numbers


def counting(history: pd.DataFrame, recent: pd.DataFrame, fields: int, *, by_account: bool) -> Counting:
    """Decide how recent leads are counted.

    Where accounts are known, then and now, an account counts once among recent leads, as it counted once in each 28
    days of training. Where they are not, leads of one day are compared with those of other days of the week, over all
    that the ledger holds; see `leadqual.leads.day_likeness.day_likeness`.

    Parameters
    ----------
    history, recent
        All scored leads, and the recent ones, with their ``codes``.
    fields
        How many fields the codes have.
    by_account
        Whether training counted accounts.
    """
    account = ledger_accounts(recent) if by_account else None
    if account is not None:
        return Counting("accounts", draw_weights(account), np.ones(fields))
    one = np.ones(len(recent))
    known = history[history["codes"].notna()] if "scored_at" in history else history.iloc[:0]
    if not len(known):
        return Counting("leads", one, np.ones(fields))
    start = known["scored_at"].min().normalize()
    day = np.asarray((known["scored_at"] - start).dt.days, dtype=np.int64)
    codes = np.array([[-1 if code is None else code for code in row] for row in known["codes"]], dtype=np.int64)
    effect = np.array([day_likeness(day, codes[:, field]).used for field in range(fields)])
    return Counting("days" if (effect > 1).any() else "leads", one, effect)


def outcome_worth(
    probability: Floats, won: Floats, account: Numbers | None, day: Numbers | None
) -> tuple[Floats | None, Literal["accounts", "days", "leads"]]:
    """Return how many independent leads each matured lead is worth, (n,), and by what; None where each is worth one.

    Parameters
    ----------
    probability, won
        What n matured leads were promised, and whether they won, (n,).
    account, day
        Number of each lead's account, and of its day, (n,); None where it is not known.
    """
    if account is not None:
        return correlation(won, probability, account, centred=True).weights(account, upper=True), "accounts"
    if day is None:
        return None, "leads"
    found = day_outcome_likeness(day, won - probability)
    return (np.full(len(won), 1 / found.used), "days") if found.used > 1 else (None, "leads")
