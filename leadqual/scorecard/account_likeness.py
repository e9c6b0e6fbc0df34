"""How alike outcomes within accounts are, beyond what the fields explain."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from leadqual.leads.accounts import Correlation, account_sizes, correlation
from leadqual.scorecard.fit import fit_effects, predict
from leadqual.scorecard.forward import WalkForward
from leadqual.scorecard.penalty import total_penalty
from leadqual.scorecard.rows import banded_rows

__all__ = ["outcome_correlation"]

_STRENGTH = 10.0
_MAX_LEADS = 50_000


def outcome_correlation(walk: WalkForward, seed: int = 0) -> Correlation:
    """Estimate the correlation of outcomes within accounts from leads to learn from.

    A fit over fine bands in which each account counts once says what the fields explain; see
    `leadqual.leads.accounts.correlation`. With more than 50,000 leads a sample of the accounts speaks for all.

    Parameters
    ----------
    walk
        The leads, with their accounts.
    seed
        Of the sample.
    """
    if walk.account is None:
        raise TypeError("walk must have accounts")
    rows = np.arange(len(walk.won))
    if len(rows) > _MAX_LEADS:
        accounts = int(walk.account.max()) + 1
        chosen = np.random.default_rng(seed).random(accounts) < _MAX_LEADS / len(rows)
        largest = np.bincount(walk.account).argmax()  # always in the sample
        chosen[largest] = True
        rows = np.flatnonzero(chosen[walk.account])
    account, won = walk.account[rows], walk.won[rows]
    once = walk.weight[rows] / account_sizes(account)
    banded = banded_rows(
        walk.table.iloc[rows], won, once, walk.features, walk.missing_values, walk.constraints, walk.prior
    )
    if not banded.fields:
        return correlation(won, np.full(len(won), float(once @ won / once.sum())), account)
    offset, design = banded.offset(1.0), banded.design()
    strengths = np.full(len(banded.blocks), _STRENGTH)
    penalty = total_penalty(banded.blocks, strengths, banded.shares, banded.fields, float(once.sum()))
    effects = fit_effects(design, won, penalty, offset=offset)
    return correlation(won, expit(predict(design, effects, offset)), account)
