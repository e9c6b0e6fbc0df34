"""The price of a proposal: what it costs or gains on later leads, with how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from leadqual.agreement.appraisal import Appraisal, appraise, starts_of, thresholds_moved_alike
from leadqual.agreement.edits import Change
from leadqual.agreement.later_leads import LaterLeads
from leadqual.agreement.override import move_alike
from leadqual.agreement.proposal import Proposal
from leadqual.agreement.refit import refit
from leadqual.bundle import PointsTable, Policy
from leadqual.errors import PolicyError, ProposalError
from leadqual.evaluation import Resamples, resamples
from leadqual.measures import log_losses

__all__ = ["By", "MovedThreshold", "Price", "PricedMeasure", "Regraded", "price"]

Floats = NDArray[np.float64]
By = Literal["override", "refit"]

_WEEKS = 13.0


@dataclass(frozen=True, slots=True)
class PricedMeasure:
    """One figure before and after a proposal, on the same later leads.

    Parameters
    ----------
    name
        ``"log_loss"`` (nats a lead), ``"predicted_over_actual"``, ``"wins_at_capacity"`` (in ``Price.wins_per``),
        ``"precision_sql"`` or ``"precision_mql"`` (share won).
    before, after
        The figure now and under the proposal; None where no lead is an SQL or MQL.
    difference, low, high
        After less before, with its 95 % interval (block bootstrap in time, both scored on the same drawn leads); None
        where one of them is.
    """

    name: str
    before: float | None
    after: float | None
    difference: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Regraded:
    """How many leads of one segment change grade.

    Parameters
    ----------
    field, value
        The segment; rare values are together as ``"(others)"``.
    leads, up, down
        Later leads in it, and how many get a better or a worse grade.
    """

    field: str
    value: str
    leads: int
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class MovedThreshold:
    """A threshold or the start of a grade that moves, on the later leads.

    Parameters
    ----------
    name
        ``"SQL"``, ``"MQL"``, or a grade: ``"A"``, ``"B"``, ``"C"``, ``"D"``.
    before, after
        The points it begins at in the deployed policy, and moved by as much as it moves on the later leads; None for
        the last grade, which takes the rest.
    share_before, share_after
        Share of the later leads that reach it (SQL, MQL) or are in it (a grade), 0 to 1.
    """

    name: str
    before: int | None
    after: int | None
    share_before: float
    share_after: float


@dataclass(frozen=True, slots=True, eq=False)
class Price:
    """What a proposal costs or gains.

    Parameters
    ----------
    proposal, by
        What was priced, and how it was applied.
    leads, wins
        How many later leads it was priced on, and wins among them.
    leads_per_week, capacity_share
        How many leads come (None without dates), and the share that sales work under the proposal.
    wins_per
        What ``wins_at_capacity`` counts in: ``"quarter"``, or ``"1,000 leads"`` where nobody knows how many come.
    measures
        The figures.
    thresholds
        The thresholds and grades that begin at other points, or that hold another share of the leads.
    moves
        Number of later leads by grade now and under the proposal, where the two differ.
    regraded
        Who they are, by segment, those with most changes first: counts, never people.
    before, after
        All about the later leads, now and under the proposal.
    """

    proposal: Proposal
    by: By
    leads: int
    wins: int
    leads_per_week: float | None
    capacity_share: float
    wins_per: str
    measures: tuple[PricedMeasure, ...]
    thresholds: tuple[MovedThreshold, ...]
    moves: Mapping[tuple[str, str], int]
    regraded: tuple[Regraded, ...]
    before: Appraisal
    after: Appraisal

    def measure(self, name: str) -> PricedMeasure:
        """Return the figure of that name; raises KeyError when there is none."""
        for measure in self.measures:
            if measure.name == name:
                return measure
        raise KeyError(name)

    @property
    def regraded_share(self) -> float:
        """Share of the later leads whose grade changes, 0 to 1."""
        return sum(self.moves.values()) / self.leads

    def __str__(self) -> str:
        edits = "; ".join(str(edit.change) for edit in self.proposal.edits) or "Nothing changed"
        at = self.capacity_share * self.leads_per_week if self.leads_per_week is not None else None
        volume = f"{self.capacity_share:.3g} of leads" if at is None else f"{at:.3g} leads a week"
        change = f"{100 * self.regraded_share:.2g}% of leads change grade"
        return f"{edits}: {self._wins()} at {volume}; {change}{self._emptied()}."

    def _emptied(self) -> str:
        emptied = [one.name for one in self.thresholds if one.share_before > 0 and one.share_after == 0]
        return f"; no lead is left as {', '.join(emptied)}" if emptied else ""

    def _wins(self) -> str:
        wins = self.measure("wins_at_capacity")
        if wins.difference is None or wins.low is None or wins.high is None:
            return "no leads worked"
        low, middle, high = (round(value) for value in (wins.low, wins.difference, wins.high))
        if low == middle == high == 0:
            return f"no change in wins per {self.wins_per}"
        if wins.low <= 0 <= wins.high or middle == 0:
            return f"no clear change: {_span(low, high)} wins per {self.wins_per}"
        noun = "win" if abs(middle) == 1 else "wins"
        ends = sorted((abs(low), abs(high)))
        way = "more" if middle > 0 else "fewer"
        return f"{abs(middle)} {way} {noun} per {self.wins_per} ({ends[0]} to {ends[1]})"

    def to_dict(self) -> dict[str, Any]:
        """Return the price as plain data."""
        keys = ("name", "before", "after", "difference", "low", "high")
        return {
            "said": str(self),
            "by": self.by,
            "leads": self.leads,
            "wins": self.wins,
            "leads_per_week": self.leads_per_week,
            "capacity_share": self.capacity_share,
            "wins_per": self.wins_per,
            "measures": [{key: getattr(measure, key) for key in keys} for measure in self.measures],
            "thresholds": [asdict(one) for one in self.thresholds],
            "moves": [{"from": a, "to": b, "leads": count} for (a, b), count in self.moves.items()],
            "regraded": [
                {"field": one.field, "value": one.value, "leads": one.leads, "up": one.up, "down": one.down}
                for one in self.regraded
            ],
        }


def _span(low: int, high: int) -> str:
    """Word an interval of a difference that may be nothing: "5 fewer to 7 more"."""
    if low < 0 < high:
        return f"{-low} fewer to {high} more"
    return f"{-high} to {-low} fewer" if low < 0 else f"{low} to {high} more"


def price(
    proposal: Proposal, held: LaterLeads, *, by: By = "override", repetitions: int = 1000, seed: int = 0
) -> Price:
    """Compare a proposal with the present points on later leads.

    Both are scored on the same later leads, with probabilities calibrated on the earlier ones (Platt 1999 on the
    points' log-odds) and thresholds that follow the same capacity. Wins at capacity count the best leads that sales
    can work; of leads with the same points, each counts the share of them that is worked. A threshold moves by as much
    as the edit moves the deployed one.

    Parameters
    ----------
    proposal
        The edits.
    held
        Earlier and later leads; see `hold_later`.
    by
        ``"override"``: points change by as much as the edits change the deployed ones, and nothing else does.
        ``"refit"``: the edits are constraints, and all other points adapt.
    repetitions, seed
        Of the bootstrap.

    Raises
    ------
    ProposalError
        When edits conflict, are about another bundle, or cannot be made.
    ConstraintError
        When a refit cannot hold what is demanded.
    PolicyError
        When thresholds are out of order, or the capacity is above what comes.

    Examples
    --------
    >>> from leadqual.agreement import Edit, PinBand, hold_later
    >>> from leadqual.leads import label_outcomes, read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> leads = read_leads(sample.table, sample.schema)
    >>> bundle = train(leads, name="demo").bundle
    >>> held = hold_later(bundle, leads, label_outcomes(leads))
    >>> field = max(bundle.points_table.fields, key=lambda field: field.bands[0].points)
    >>> proposal = Proposal(bundle.digest).with_edit(Edit(PinBand(field.name, field.bands[0].label, 0)))
    >>> price(proposal, held).measure("log_loss").difference > 0
    True
    """
    if proposal.bundle != held.bundle:
        raise ProposalError(
            "the proposal is about other points than these, it must be about this bundle; make its edits again on it."
        )
    if by not in ("override", "refit"):
        raise ProposalError(f'a proposal is applied by "override" or "refit", not {by!r}; choose one of them.')
    proposal.check()
    changes = [edit.change for edit in proposal.edits]
    before = appraise(held.table, held, ())
    table = move_alike(held.table, held.deployed, changes) if by == "override" else refit(changes, held)
    after = _appraised(table, held, changes, before)
    draws = resamples(held.block, repetitions=repetitions, seed=seed)
    grades = [_grades(one) for one in (before, after)]
    worse = grades[1] - grades[0]
    names = [grade.name for grade in held.policy.grades]
    pairs, counts = np.unique(np.column_stack(grades)[worse != 0], axis=0, return_counts=True)
    return Price(
        proposal=proposal,
        by=by,
        leads=len(held.later),
        wins=int(held.later_won.sum()),
        leads_per_week=held.leads_per_week,
        capacity_share=after.capacity_share,
        wins_per="1,000 leads" if held.leads_per_week is None else "quarter",
        measures=_measures(before, after, held, draws),
        thresholds=_thresholds((before, after), grades, held.policy),
        moves={(names[a], names[b]): int(count) for (a, b), count in zip(pairs, counts, strict=True)},
        regraded=_regraded(held, worse),
        before=before,
        after=after,
    )


def _appraised(table: PointsTable, held: LaterLeads, changes: Sequence[Change], before: Appraisal) -> Appraisal:
    """Appraise the table, and refuse thresholds out of order as they were proposed, not as they are on these points."""
    moved = [change for change in changes if change.starts]
    try:
        return appraise(table, held, thresholds_moved_alike(changes, held.policy, before.policy))
    except PolicyError:
        if not moved or any(change.capacity is not None for change in changes):
            raise
        raise PolicyError(
            f"{' and '.join(map(str, moved))} puts thresholds out of order, MQL must not start above SQL and each "
            "grade must start above the next; move them apart, or take the edit back."
        ) from None


def _measures(before: Appraisal, after: Appraisal, held: LaterLeads, draws: Resamples) -> tuple[PricedMeasure, ...]:
    won, one = held.later_won, np.ones(len(held.later_won))
    scale = 1000.0 if held.leads_per_week is None else _WEEKS * held.leads_per_week
    parts: dict[str, Callable[[Appraisal], tuple[Floats, Floats]]] = {
        "log_loss": lambda side: (log_losses(won, side.probability), one),
        "predicted_over_actual": lambda side: (side.probability, won),
        "wins_at_capacity": lambda side: (scale * won * _worked(side), one),
        "precision_sql": lambda side: _precision(won, side.points >= side.policy.sql_points),
        "precision_mql": lambda side: _precision(won, side.points >= side.policy.mql_points),
    }
    return tuple(_measure(name, part(before), part(after), draws) for name, part in parts.items())


def _measure(name: str, before: tuple[Floats, Floats], after: tuple[Floats, Floats], draws: Resamples) -> PricedMeasure:
    values = [float(above.sum() / below.sum()) if below.sum() else None for above, below in (before, after)]
    if values[0] is None or values[1] is None:
        return PricedMeasure(name, values[0], values[1], None, None, None)
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = draws.sums(after[0]) / draws.sums(after[1]) - draws.sums(before[0]) / draws.sums(before[1])
    drawn = drawn[np.isfinite(drawn)]
    low, high = np.quantile(drawn, [0.025, 0.975]) if len(drawn) else (np.nan, np.nan)
    return PricedMeasure(name, values[0], values[1], values[1] - values[0], float(low), float(high))


def _precision(won: Floats, chosen: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    return won * chosen, chosen.astype(np.float64)


def _worked(side: Appraisal) -> Floats:
    """Return how much of each lead sales work: the best first, those with the same points in equal parts."""
    distinct, place, leads = np.unique(-side.points, return_inverse=True, return_counts=True)
    before = np.concatenate(([0], np.cumsum(leads)[:-1]))
    room = side.capacity_share * len(side.points) - before
    return np.asarray(np.clip(room / leads, 0.0, 1.0)[place] if len(distinct) else np.empty(0))


def _grades(side: Appraisal) -> NDArray[np.int64]:
    starts = [grade.minimum_points for grade in side.policy.grades if grade.minimum_points is not None]
    return np.asarray(np.sum(side.points[:, None] < np.array(starts)[None, :], axis=1), dtype=np.int64)


def _thresholds(
    sides: tuple[Appraisal, Appraisal], grades: Sequence[NDArray[np.int64]], deployed: Policy
) -> tuple[MovedThreshold, ...]:
    """Return what moves, in points as they are deployed: by as much as it moves on the later leads."""
    found = []
    starts = [starts_of(side.policy) for side in sides]
    for name, in_force in starts_of(deployed).items():
        old, new = (start[name] for start in starts)
        shares = [_share(name, side, graded) for side, graded in zip(sides, grades, strict=True)]
        start = None if in_force is None or old is None or new is None else in_force + new - old
        if start != in_force or shares[0] != shares[1]:
            found.append(MovedThreshold(name, in_force, start, shares[0], shares[1]))
    return tuple(found)


def _share(name: str, side: Appraisal, graded: NDArray[np.int64]) -> float:
    if name in ("SQL", "MQL"):
        start = side.policy.sql_points if name == "SQL" else side.policy.mql_points
        return float(np.mean(side.points >= start))
    return float(np.mean(graded == [grade.name for grade in side.policy.grades].index(name)))


def _regraded(held: LaterLeads, worse: NDArray[np.int64]) -> tuple[Regraded, ...]:
    found = []
    for field, segment in held.segments.items():
        size = len(segment.values)
        leads = np.bincount(segment.place, minlength=size)
        up = np.bincount(segment.place[worse < 0], minlength=size)
        down = np.bincount(segment.place[worse > 0], minlength=size)
        found += [
            Regraded(field, value, int(leads[i]), int(up[i]), int(down[i]))
            for i, value in enumerate(segment.values)
            if up[i] + down[i]
        ]
    return tuple(sorted(found, key=lambda one: (-(one.up + one.down), one.field, one.value)))
