"""The last part of the history: scored by a scorecard that has not seen it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadqual.bundle import Evidence, Performance
from leadqual.calibration.interval import clopper_pearson
from leadqual.evaluation import base_rate_performance, change_fact, performance, reliability
from leadqual.fact import Fact, fact
from leadqual.leads import TimeSplit
from leadqual.leads.accounts import correlation
from leadqual.measures import log_losses

__all__ = ["HeldOut", "describe_evidence", "disappointments"]

Floats = NDArray[np.float64]
_MIN_STRANGERS = 30

_CONFIDENCE = 0.95
_ONE_SIDED = 1.645  # standard errors that chance exceeds in 5 % of cases
_TWO_SIDED = 1.96
_WORTH_SAYING = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """Later leads, with the scores and probabilities of models that were trained on earlier leads.

    Parameters
    ----------
    split
        Which leads were learned from and which are these.
    won
        Outcome of each of m leads, 1 or 0, (m,).
    points, probability
        The scorecard's whole points and calibrated probability, (m,).
    base_rate
        The win rate of the earlier leads.
    prior_points, prior_probability
        The same by the prior rule, (m,); None where there is no rule.
    new_account
        Which are of accounts that the earlier leads did not have, (m,); None where the schema names no account.
    account
        Number of each lead's account, (m,); None where leads are taken as independent.
    """

    split: TimeSplit
    won: Floats
    points: NDArray[np.int64]
    probability: Floats
    base_rate: float
    prior_points: NDArray[np.int64] | None = None
    prior_probability: Floats | None = None
    new_account: NDArray[np.bool_] | None = None
    account: NDArray[np.int64] | None = None


def describe_evidence(held_out: HeldOut, *, capacity_share: float, without_suspects: HeldOut | None = None) -> Evidence:
    """Measure the scorecard on the held-out leads, beside the base rate and the prior rule.

    Parameters
    ----------
    held_out
        The later leads.
    capacity_share
        The share of leads that sales can work, 0 to 1.
    without_suspects
        The same leads, scored without the fields that may know the outcome; None where there are none.
    """
    won, split = held_out.won, held_out.split
    card = performance("scorecard", won, held_out.probability, rank=held_out.points, capacity_share=capacity_share)
    performances = [card, base_rate_performance(won, held_out.base_rate, capacity_share=capacity_share)]
    if held_out.prior_points is not None and held_out.prior_probability is not None:
        performances.append(
            performance(
                "prior rule",
                won,
                held_out.prior_probability,
                rank=held_out.prior_points,
                capacity_share=capacity_share,
            )
        )
    if without_suspects is not None:
        performances.append(
            performance(
                "without suspects",
                won,
                without_suspects.probability,
                rank=without_suspects.points,
                capacity_share=capacity_share,
            )
        )
    strangers = _strangers(held_out, capacity_share)
    performances += [] if strangers is None else [strangers]
    return Evidence(
        method=split.method,
        test_from=split.test_from,
        test_to=split.test_to,
        trained_on=len(split.train),
        tested_on=len(won),
        wins=int(won.sum()),
        performances=tuple(performances),
        reliability=reliability(won, held_out.probability),
        warnings=(*split.warnings, *disappointments(held_out, performances), *_seen_before(held_out)),
    )


def _strangers(held_out: HeldOut, capacity_share: float) -> Performance | None:
    """Measure the scorecard on new accounts, where there are both known and enough new ones."""
    new = held_out.new_account
    if new is None or new.all() or int(new.sum()) < _MIN_STRANGERS:
        return None
    won = held_out.won[new]
    if not 0 < won.sum() < len(won):
        return None
    return performance(
        "new accounts", won, held_out.probability[new], rank=held_out.points[new], capacity_share=capacity_share
    )


def _seen_before(held_out: HeldOut) -> tuple[Fact, ...]:
    if held_out.new_account is None or held_out.new_account.all():
        return ()
    seen, leads = int((~held_out.new_account).sum()), len(held_out.won)
    return (fact("accounts_seen_before", seen=seen, leads=leads),)


def disappointments(held_out: HeldOut, performances: Sequence[Performance]) -> tuple[Fact, ...]:
    """Return where later leads show that the probabilities were off, or that something simpler predicted better.

    Parameters
    ----------
    held_out
        The later leads.
    performances
        Of the scorecard, the base rate, and the prior rule where there is one, on them.
    """
    by_name = {one.who: one for one in performances}
    loss, even = (by_name[who].value("log_loss") for who in ("scorecard", "base rate"))
    auc, found = by_name["scorecard"].value("auc"), list(_off(held_out))
    if loss is not None and even is not None and loss >= even:
        ranking = "" if auc is None else fact("its_auc", auc=auc)
        found.append(fact("no_better_than_base_rate", loss=loss, even=even, ranking=ranking))
    if held_out.prior_probability is not None:
        found += _beaten(held_out, held_out.prior_probability)
    return tuple(found)


def _off(held_out: HeldOut) -> Iterator[Fact]:
    """Yield a fact where the mean probability is off by a tenth or more and the exact interval of the win rate says so.

    Where outcomes within accounts are alike, the interval is that of as many leads as these are worth.
    """
    leads, wins, promised = len(held_out.won), float(held_out.won.sum()), float(held_out.probability.sum())
    if wins == 0:
        return
    account, effect = held_out.account, 1.0
    if account is not None:
        within = correlation(held_out.won, held_out.probability, account, centred=True)
        effect = within.design_effect(account)
    low, high = clopper_pearson(np.array([wins / effect]), np.array([leads / effect]), (1 - _CONFIDENCE) / 2)
    least, most = promised / (leads * float(high[0])), promised / (leads * float(low[0]))
    ratio = promised / wins
    if least <= 1 <= most or abs(ratio - 1) < _WORTH_SAYING:
        return
    counted = fact("leads_count_as_one", leads=round(effect, 6)) if effect > 1 else ""
    yield fact(
        "more_wins_promised" if ratio > 1 else "fewer_wins_promised",
        promised=round(promised, 6),
        wins=int(wins),
        ratio=round(ratio, 6),
        confidence=_CONFIDENCE,
        low=round(least, 6),
        high=round(most, 6),
        counted=counted,
    )


def _beaten(held_out: HeldOut, rule: Floats) -> Iterator[Fact]:
    """Yield a fact that the prior rule predicted better, and whether that is more than chance explains."""
    won, card = held_out.won, held_out.probability
    of_card, of_rule = log_losses(won, card), log_losses(won, rule)
    gain = of_card - of_rule
    mean = float(gain.mean())
    if mean <= 0:
        return
    error = float(gain.std(ddof=1)) / len(gain) ** 0.5 if len(gain) > 1 else 0.0
    if held_out.account is not None:
        # outcomes within an account are correlated
        error = max(error, float((np.bincount(held_out.account, gain - mean) ** 2).sum()) ** 0.5 / len(gain))
    losses = {"rule": round(float(of_rule.mean()), 6), "card": round(float(of_card.mean()), 6)}
    if mean > _ONE_SIDED * error:
        yield fact("prior_rule_better", **losses)
    else:
        change = change_fact(mean, mean - _TWO_SIDED * error, mean + _TWO_SIDED * error)
        yield fact("prior_rule_maybe_better", **losses, change=change)
