"""Experience: what became of scored leads, as it can honestly be learned from and judged on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle import Bundle, PointsTable, ProbabilityCurve
from leadqual.calibration import MEMORIES, Following, account_correlation, follow_recent, read_follow_up
from leadqual.errors import EvidenceError
from leadqual.fact import Fact, fact
from leadqual.feedback import Standing, lead_standing, values_of
from leadqual.feedback.history import moment
from leadqual.monitoring.belonging import ledger_accounts
from leadqual.scorecard.fine_bands import band_codes
from leadqual.scorer.choice_columns import with_choices
from leadqual.scorer.given_fields import FieldKeys

__all__ = ["Experience", "gather_experience", "unripe_segments"]

_RECENT_DAYS = 91
_MIN_NOW = 20
_OF_EACH = ("won", "won_after", "time", "mature", "learn", "judge", "watch")


@dataclass(frozen=True, slots=True, eq=False)
class Experience:
    """Scored leads in the order in which they were scored, with what was known of each.

    Parameters
    ----------
    leads
        Fields of n leads as they were when scored, one row each.
    won
        1 where they are known to have won within the window, else 0, (n,); a label only where ``mature``.
    won_after
        Days from their score to their win, NaN where none is known, (n,).
    time
        Days since the first was scored, (n,).
    mature
        Whose window has passed, (n,).
    learn
        Which mature ones points are learned from: worked leads, as an unworked one looks lost whatever it was worth,
        (n,).
    judge
        Which mature ones probabilities are learned from and everything is judged on: the worked ones, of these
        only those drawn at random where there are enough, (n,); see `leadqual.feedback.Standing`.
    watch
        Those that would be among ``judge`` once mature, the mature ones too, (n,): a hazard learns from the young.
    until
        Days from the first score to ``as_of``.
    window_days
        Days a lead has to win.
    basis
        ``"random"``, ``"worked"`` or ``"all"``; see `leadqual.monitoring.Cohort`.
    recent
        Fields of the leads of the last 13 weeks, decided or not: a policy is set for leads like these.
    as_of
        The date (ISO 8601).
    left_out
        Which leads were left out, and why; empty where none was.
    account
        Number of each lead's account, (n,); None where the ledger knows none.
    """

    leads: pd.DataFrame
    won: NDArray[np.float64]
    won_after: NDArray[np.float64]
    time: NDArray[np.float64]
    mature: NDArray[np.bool_]
    learn: NDArray[np.bool_]
    judge: NDArray[np.bool_]
    watch: NDArray[np.bool_]
    until: float
    window_days: int
    basis: str
    recent: pd.DataFrame
    as_of: str
    left_out: tuple[Fact, ...] = ()
    account: NDArray[np.int64] | None = None

    def where(self, chosen: NDArray[np.bool_]) -> Experience:
        """Return some of the leads, (n,) True for each of them."""
        rows = np.flatnonzero(chosen)
        cut = {name: getattr(self, name)[rows] for name in _OF_EACH}
        account = None if self.account is None else self.account[rows]
        return replace(self, leads=self.leads.iloc[rows].reset_index(drop=True), account=account, **cut)

    def worth(self, points: NDArray[np.int64], *, upper: bool = False) -> NDArray[np.float64] | None:
        """Return how many independent leads each is worth, (n,), beyond what points explain; None without accounts.

        Parameters
        ----------
        points
            Of all leads, (n,).
        upper
            As in `leadqual.leads.accounts.Correlation.weights`.
        """
        if self.account is None:
            return None
        known = self.mature
        within = account_correlation(points[known], self.won[known], self.account[known])
        return within.weights(self.account, upper=upper)

    def before(self, day: float) -> Experience:
        """Return the leads scored before a day, each watched through its window."""
        return replace(self.where(self.time < day), until=min(self.until, day + self.window_days))

    def follow(
        self,
        curve: ProbabilityCurve,
        points: NDArray[np.int64],
        *,
        base_rate: float,
        points_to_double_odds: int,
        memory: float | None,
    ) -> Following:
        """Let a curve follow young leads where that predicts better; see `leadqual.calibration.follow_recent`.

        Parameters
        ----------
        curve
            Learned from the leads of ``judge``.
        points
            Of all leads, by tables that have not seen their outcomes, (n,).
        base_rate, points_to_double_odds
            The scale of the points: the win rate that 100 of them stand for, and how many double the odds.
        memory
            The half-life that the curve was learned with; where it has one, the whole history is known to mislead, and
            no hazard learns from that.
        """
        seen = self.where(self.watch)
        worth = self.worth(points, upper=True)
        follow_up = read_follow_up(
            points[self.watch],
            seen.time,
            seen.won_after,
            until=self.until,
            window_days=self.window_days,
            weight=None if worth is None else worth[self.watch],
        )
        return follow_recent(
            curve,
            follow_up,
            base_rate=base_rate,
            points_to_double_odds=points_to_double_odds,
            memories=[days for days in MEMORIES if memory is None or days is not None],
        )


def gather_experience(
    history: pd.DataFrame,
    bundles: Mapping[str, Bundle],
    *,
    window_days: int,
    as_of: str,
    leads: pd.DataFrame | None = None,
    standing: Standing | None = None,
) -> Experience:
    """Read what can be learned from the feedback ledger.

    Each lead is seen as it was when it was scored: by the bands it was in, for each of which a value stands, unless its
    raw fields are given. Its label is that of its window; of leads whose window has not passed it is known how long
    they have been watched, and whether they have won so far.

    Parameters
    ----------
    history
        See `leadqual.feedback.feedback_history`.
    bundles
        The bundles that scored the leads, by digest.
    window_days
        The window in which a win counts.
    as_of
        The date (ISO 8601).
    leads
        Raw fields as they were when scored, indexed by lead id (text), found as the scorer finds them; None: the bands
        are used.
    standing
        Where the leads of the history stand, where that was judged already; see `leadqual.feedback.Snapshot`. None, or
        where people among them were forgotten, whose bands nobody knows: it is judged here.

    Raises
    ------
    EvidenceError
        When no lead can be learned from, or a bundle is missing.

    Examples
    --------
    See `leadqual.retraining.build_challengers`.
    """
    kept = history[history["codes"].notna()].reset_index(drop=True)
    missing = set(kept["bundle"]) - set(bundles)
    if missing:
        raise EvidenceError(
            f"leads were scored by {len(missing)} bundles that were not given, their bands mean nothing without them; "
            "pass every bundle that was deployed."
        )
    now = moment(as_of)
    if standing is None or len(kept) < len(history):
        standing = lead_standing(kept, window_days=window_days, as_of=as_of)
    if not standing.mature.any():
        raise EvidenceError(f"no scored lead has had its {window_days} days; wait until some have.")
    fields = _fields(kept, bundles) if leads is None else _given(kept, leads, bundles)
    start = kept["scored_at"].min()
    recent = (kept["scored_at"] > now - pd.Timedelta(days=_RECENT_DAYS)).to_numpy()
    return Experience(
        leads=fields.reset_index(drop=True),
        won=standing.won.astype(np.float64),
        won_after=standing.days_to_win,
        time=np.asarray((kept["scored_at"] - start).dt.total_seconds() / 86400, dtype=np.float64),
        mature=standing.mature,
        learn=standing.worked & standing.mature,
        judge=standing.judged & standing.mature,
        watch=standing.judged,
        until=(now - start).total_seconds() / 86400,
        window_days=window_days,
        basis=standing.basis,
        recent=fields[recent if recent.any() else standing.mature].reset_index(drop=True),
        as_of=as_of,
        left_out=standing.left_out,
        account=ledger_accounts(kept),
    )


def unripe_segments(table: PointsTable, experience: Experience) -> tuple[Fact, ...]:
    """Return a fact for each band in which leads come now, none of which has matured.

    Parameters
    ----------
    table
        The bands; fields with numbers are passed over, as neighbouring bands speak for each other there.
    experience
        See `gather_experience`.
    """
    ripe, found = experience.leads[experience.learn], []
    for field in table.fields:
        if field.kind == "numeric" or field.name not in ripe:
            continue
        now, then = (
            np.bincount(
                band_codes(field, one[field.name], table.missing_values, reading=table.reading),
                minlength=len(field.bands) + 1,
            )
            for one in (experience.recent, ripe)
        )
        for k in np.flatnonzero((now >= _MIN_NOW) & (then == 0)):
            if k < len(field.bands):
                found.append(fact("band_not_matured", leads=int(now[k]), band=field.bands[k].label, field=field.name))
            else:
                found.append(fact("no_band_not_matured", leads=int(now[k]), field=field.name))
    return tuple(found)


def _fields(kept: pd.DataFrame, bundles: Mapping[str, Bundle]) -> pd.DataFrame:
    parts = []
    for digest, part in kept.groupby("bundle", sort=False):
        values = values_of(part["codes"], bundles[str(digest)].points_table)
        values.index = part.index
        parts.append(values)
    return pd.concat(parts).sort_index()


def _given(kept: pd.DataFrame, leads: pd.DataFrame, bundles: Mapping[str, Bundle]) -> pd.DataFrame:
    lacking = int((~kept["lead"].isin(leads.index)).sum())
    if lacking:
        raise EvidenceError(f"{lacking} scored leads have no fields in the table given; pass all, or none for bands.")
    given = leads.loc[kept["lead"]].reset_index(drop=True)
    for bundle in bundles.values():
        table = bundle.points_table
        given = with_choices(FieldKeys(table).find(given.columns).renamed(given), table)
    return given
