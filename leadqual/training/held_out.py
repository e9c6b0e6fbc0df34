"""The last part of the history: scored by a scorecard that has not seen it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadqual.bundle import Evidence, Performance
from leadqual.evaluation import base_rate_performance, performance, reliability
from leadqual.leads import TimeSplit

__all__ = ["HeldOut", "describe_evidence"]

Floats = NDArray[np.float64]
_FEWEST_STRANGERS = 30


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """Later leads, and what was said about them by models that only knew earlier ones.

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
    """

    split: TimeSplit
    won: Floats
    points: NDArray[np.int64]
    probability: Floats
    base_rate: float
    prior_points: NDArray[np.int64] | None = None
    prior_probability: Floats | None = None
    new_account: NDArray[np.bool_] | None = None


def describe_evidence(held_out: HeldOut, *, capacity_share: float, without_suspects: HeldOut | None = None) -> Evidence:
    """Measure what was said about the held-out leads, beside the base rate and the prior rule.

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
        warnings=(*split.warnings, *_disappointments(performances), *_seen_before(held_out)),
    )


def _strangers(held_out: HeldOut, capacity_share: float) -> Performance | None:
    """Measure the scorecard on accounts it has not seen, where some were seen and enough were not."""
    new = held_out.new_account
    if new is None or new.all() or int(new.sum()) < _FEWEST_STRANGERS:
        return None
    won = held_out.won[new]
    if not 0 < won.sum() < len(won):
        return None
    return performance(
        "new accounts", won, held_out.probability[new], rank=held_out.points[new], capacity_share=capacity_share
    )


def _seen_before(held_out: HeldOut) -> tuple[str, ...]:
    if held_out.new_account is None or held_out.new_account.all():
        return ()
    seen, leads = int((~held_out.new_account).sum()), len(held_out.won)
    said = (
        f"{seen} of {leads} later leads are of accounts that the earlier ones had too; the figures of new accounts are "
        "those of the others."
    )
    return (said,)


def _disappointments(performances: list[Performance]) -> list[str]:
    card, base, *prior = performances
    said = []
    loss, even = card.value("log_loss"), base.value("log_loss")
    if loss is not None and even is not None and loss >= even:
        said.append(
            f"On later leads the scorecard was no better than the base rate (log loss {loss:.4f} against {even:.4f}): "
            "these fields do not predict outcomes; do not route leads by it; look for fields that say more about need, "
            "intent, budget and decision chain."
        )
    for rule in (one for one in prior if one.who == "prior rule"):
        beaten = rule.value("log_loss")
        if loss is not None and beaten is not None and loss > beaten:
            said.append(
                f"On later leads the prior rule was better than the scorecard (log loss {beaten:.4f} against "
                f"{loss:.4f}); keep the rule until there are more outcomes."
            )
    return said
