"""Explained weights: for each field its bands with what they rest on, what the field adds, and how stable it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.agreement.edits import Edit, LeaveOut
from leadqual.agreement.later_leads import LaterLeads, whole_history
from leadqual.agreement.price import PricedMeasure, price
from leadqual.agreement.proposal import Proposal
from leadqual.audit import Audit, Finding
from leadqual.bundle import Bundle, FieldPoints
from leadqual.calibration.interval import clopper_pearson
from leadqual.errors import ProposalError
from leadqual.evaluation import change_fact
from leadqual.fact import Fact, fact
from leadqual.leads.accounts import Correlation
from leadqual.measures import PRICED_MEASURES
from leadqual.scorecard import refit_points
from leadqual.scorecard.fine_bands import band_codes

__all__ = ["BandWeight", "FieldWeight", "Weights", "explain_weights", "lost_without"]

Floats = NDArray[np.float64]

BLOCKS = 5
_MIN_WINS = 10
_COVERAGE = 0.95


@dataclass(frozen=True, slots=True)
class BandWeight:
    """One band of a field and what its points rest on.

    Parameters
    ----------
    label
        The band.
    points
        Its points in the bundle.
    leads, wins
        Mature leads in it, and wins among them.
    win_rate, low, high
        Share that won, with its 95 % Clopper-Pearson interval; None without leads.
    by_block
        Its points when learned from each fifth of the history alone, in time order; None where a fifth holds too few
        wins to learn from.
    """

    label: str
    points: int
    leads: int
    wins: int
    win_rate: float | None
    low: float | None
    high: float | None
    by_block: tuple[int | None, ...]

    @property
    def spread(self) -> int | None:
        """Most less fewest of its points over the blocks; None with fewer than two of them."""
        known = [points for points in self.by_block if points is not None]
        return max(known) - min(known) if len(known) > 1 else None

    @property
    def trend(self) -> float | None:
        """Points of the last two blocks on average less those of the first two; None with fewer than four blocks."""
        known = [points for points in self.by_block if points is not None]
        return (sum(known[-2:]) - sum(known[:2])) / 2 if len(known) > 3 else None


@dataclass(frozen=True, slots=True)
class FieldWeight:
    """One field and what it is worth.

    Parameters
    ----------
    field, kind
        Its name and kind.
    dimension
        What it is evidence of; None where the schema does not say.
    actionable
        Whether a person can influence it.
    bands
        Its bands, in the order of the table.
    log_loss
        How much the log loss of later leads rises without it, points of all other fields learned again; nats a lead.
    wins
        How many wins at capacity are lost without it, in ``Weights.wins_per``.
    findings
        What the audit found in it; empty where none was given.
    """

    field: str
    kind: str
    dimension: str | None
    actionable: bool
    bands: tuple[BandWeight, ...]
    log_loss: PricedMeasure
    wins: PricedMeasure
    findings: tuple[Finding, ...] = ()

    @property
    def spread(self) -> int | None:
        """The largest spread among bands that hold at least 5 % of the leads; None where it is not known."""
        total = sum(band.leads for band in self.bands)
        known = [band.spread for band in self.bands if band.spread is not None and band.leads >= 0.05 * total]
        return max(known, default=None)


@dataclass(frozen=True, slots=True, repr=False)
class Weights:
    """All fields, those that add most first.

    Parameters
    ----------
    fields
        The fields.
    leads, wins
        Mature leads and wins that the bands were counted on.
    later
        Later leads that the contributions were measured on.
    wins_per
        ``"quarter"`` or ``"1,000 leads"``.
    """

    fields: tuple[FieldWeight, ...]
    leads: int
    wins: int
    later: int
    wins_per: str

    def to_frame(self) -> pd.DataFrame:
        """Return one row per band, in the order shown, with what its field adds."""
        rows = [
            {
                "field": one.field,
                "band": band.label,
                "points": band.points,
                "leads": band.leads,
                "wins": band.wins,
                "win_rate": band.win_rate,
                "win_rate_low": band.low,
                "win_rate_high": band.high,
                "spread": band.spread,
                "trend": band.trend,
                "adds_log_loss": one.log_loss.difference,
                "adds_log_loss_low": one.log_loss.low,
                "adds_log_loss_high": one.log_loss.high,
                "adds_wins": one.wins.difference,
                "adds_wins_low": one.wins.low,
                "adds_wins_high": one.wins.high,
                "dimension": one.dimension,
                "findings": ", ".join(finding.code for finding in one.findings),
            }
            for one in self.fields
            for band in one.bands
        ]
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        return f"Weights({len(self.fields)} fields, {self.leads:,} leads, {self.wins:,} wins)"

    def _repr_html_(self) -> str:
        frame = self.to_frame()
        shown = frame[["field", "band", "points", "leads", "wins", "win_rate", "spread", "trend", "adds_wins"]]
        html: str = shown.to_html(index=False, float_format=lambda value: f"{value:.3f}", na_rep="")
        return html


def lost_without(field: FieldWeight, wins_per: str) -> Fact:
    """Return what later leads lose without a field, by the intervals: in log loss, and in wins.

    Parameters
    ----------
    field
        The field.
    wins_per
        ``Weights.wins_per``.
    """
    found = []
    loss, wins = field.log_loss, field.wins
    if loss.difference is not None and loss.low is not None and loss.high is not None:
        digits = PRICED_MEASURES["log_loss"].digits
        found.append(fact("log_loss_without", change=change_fact(loss.difference, loss.low, loss.high, digits=digits)))
    if wins.difference is not None and wins.low is not None and wins.high is not None:
        digits = PRICED_MEASURES["wins_at_capacity"].digits
        change = change_fact(-wins.difference, -wins.high, -wins.low, digits=digits, way="fewer")
        found.append(fact("wins_without", per=wins_per, change=change))
    if not found:
        return fact("adds_unknown")
    if len(found) == 1:
        return fact("lost_without", one=found[0])
    return fact("lost_without_two", one=found[0], two=found[1])


def explain_weights(
    bundle: Bundle, held: LaterLeads, *, audit: Audit | None = None, repetitions: int = 1000, seed: int = 0
) -> Weights:
    """Say for each field what its points rest on, what it adds, and how stable it is.

    What a field adds is the price of leaving it out: the other points are learned again without it from the earlier
    leads, and both scorecards are judged on the same later ones.

    Parameters
    ----------
    bundle
        Whose points are explained.
    held
        Its history; see `hold_later`.
    audit
        What was found in the history; None: no findings are named.
    repetitions, seed
        Of the bootstrap.

    Raises
    ------
    ProposalError
        When the leads were held for another bundle.

    Examples
    --------
    >>> from leadqual.agreement import hold_later
    >>> from leadqual.leads import label_outcomes, read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> leads = read_leads(sample.table, sample.schema)
    >>> bundle = train(leads, name="demo").bundle
    >>> weights = explain_weights(bundle, hold_later(bundle, leads, label_outcomes(leads)), repetitions=50)
    >>> weights.fields[0].field in ("Need", "Intent")
    True
    """
    if bundle.digest != held.bundle:
        raise ProposalError("the leads were held for another bundle; hold them again for this one.")
    everyone = whole_history(held)
    blocks = _points_by_block(everyone)
    fields, wins_per = [], "1,000 leads" if held.leads_per_week is None else "quarter"
    for number, field in enumerate(bundle.points_table.fields):
        without = Proposal(bundle.digest, (Edit(LeaveOut(field.name)),))
        cost = price(without, held, by="refit", repetitions=repetitions, seed=seed)
        fields.append(
            FieldWeight(
                field=field.name,
                kind=field.kind,
                dimension=field.dimension,
                actionable=field.actionable,
                bands=_bands(field, everyone, [None if block is None else block[number] for block in blocks]),
                log_loss=cost.measure("log_loss"),
                wins=_turned(cost.measure("wins_at_capacity")),
                findings=() if audit is None else tuple(f for f in audit.findings if f.field == field.name),
            )
        )
    fields.sort(key=lambda one: (-(one.log_loss.difference or 0.0), one.field))
    won = everyone.earlier_won
    return Weights(tuple(fields), len(won), int(won.sum()), len(held.later), wins_per)


def _turned(measure: PricedMeasure) -> PricedMeasure:
    """Return what is lost by leaving out as what is gained by keeping."""
    if measure.difference is None or measure.low is None or measure.high is None:
        return measure
    # from 0, as the negative of 0.0 is shown with a sign
    gain, low, high = (0 - value for value in (measure.difference, measure.high, measure.low))
    return PricedMeasure(measure.name, measure.after, measure.before, gain, low, high)


def _bands(
    field: FieldPoints, everyone: LaterLeads, blocks: Sequence[tuple[int, ...] | None]
) -> tuple[BandWeight, ...]:
    count = len(field.bands)
    table = everyone.table
    band = band_codes(field, everyone.earlier[field.name], table.missing_values, reading=table.reading)
    leads = np.bincount(band, minlength=count + 1)[:count].astype(np.float64)
    wins = np.bincount(band, everyone.earlier_won, minlength=count + 1)[:count].astype(np.float64)
    effect = np.ones(count)
    if everyone.earlier_account is not None:
        rho = everyone.account_correlation
        within = Correlation(rho, rho, rho, 0)
        effect = np.array([within.design_effect(everyone.earlier_account[band == i]) for i in range(count)])
    low, high = clopper_pearson(wins / effect, leads / effect, (1 - _COVERAGE) / 2)
    found = []
    for i, one in enumerate(field.bands):
        known = leads[i] > 0
        found.append(
            BandWeight(
                label=one.label,
                points=one.points,
                leads=int(leads[i]),
                wins=int(wins[i]),
                win_rate=float(wins[i] / leads[i]) if known else None,
                low=float(low[i]) if known else None,
                high=float(high[i]) if known else None,
                by_block=tuple(None if block is None else block[i] for block in blocks),
            )
        )
    return tuple(found)


def _points_by_block(everyone: LaterLeads) -> list[list[tuple[int, ...]] | None]:
    """Return for each block the points of each band of each field, learned from that block alone."""
    rows = np.argsort(everyone.earlier_time, kind="stable")
    learned: list[list[tuple[int, ...]] | None] = []
    for block in np.array_split(rows, BLOCKS):
        won = everyone.earlier_won[block]
        if min(won.sum(), len(won) - won.sum()) < _MIN_WINS:
            learned.append(None)
            continue
        table = refit_points(
            everyone.table,
            everyone.earlier.iloc[block],
            won,
            weight=None if everyone.earlier_account is None else everyone.weight[block],
            strength=everyone.strength,
            constraints=everyone.constraints,
            prior=everyone.prior,
        )
        learned.append([tuple(band.points for band in field.bands) for field in table.fields])
    return learned
