"""Experience: what became of scored leads, as it can honestly be learned from and judged on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle import Bundle
from leadqual.errors import EvidenceError
from leadqual.feedback import values_of

__all__ = ["Experience", "gather_experience"]

_ENOUGH_DRAWN = 200
_RECENT_DAYS = 91


@dataclass(frozen=True, slots=True, eq=False)
class Experience:
    """Matured leads in the order in which they were scored.

    Parameters
    ----------
    leads
        Fields of n leads as they were when scored, one row each.
    won
        1 where they won within the window, else 0, (n,).
    time
        Days since the first was scored, (n,).
    learn
        Which of them points are learned from: worked leads, as an unworked one looks lost whatever it was worth, (n,).
    judge
        Which of them probabilities are learned from and everything is judged on: those drawn at random where there are
        enough, else those of ``learn``, (n,).
    basis
        ``"random"``, ``"worked"`` or ``"all"``; see `leadqual.monitoring.Cohort`.
    recent
        Fields of the leads of the last 13 weeks, decided or not: a policy is set for leads like these.
    as_of
        The date (ISO 8601).
    """

    leads: pd.DataFrame
    won: NDArray[np.float64]
    time: NDArray[np.float64]
    learn: NDArray[np.bool_]
    judge: NDArray[np.bool_]
    basis: str
    recent: pd.DataFrame
    as_of: str

    @property
    def holds_for(self) -> str:
        """Whom figures hold for, in words."""
        return {
            "random": "all leads",
            "worked": "leads like those that were worked: conditional on past follow-up",
            "all": "all leads, if all were worked: the ledger does not say which were",
        }[self.basis]


def gather_experience(
    history: pd.DataFrame,
    bundles: Mapping[str, Bundle],
    *,
    window_days: int,
    as_of: str,
    leads: pd.DataFrame | None = None,
) -> Experience:
    """Read what can be learned from the feedback ledger.

    Each lead is seen as it was when it was scored: by the bands it was in, for each of which a value stands, unless its
    raw fields are given. Its label is that of its window; leads whose window has not passed have none.

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
        Raw fields as they were when scored, indexed by lead id (text); None: the bands are used.

    Raises
    ------
    EvidenceError
        When no lead can be learned from, or a bundle is missing.

    Examples
    --------
    See `leadqual.retraining.build_challengers`.
    """
    kept = history[[codes is not None for codes in history["codes"]]].reset_index(drop=True)
    missing = set(kept["bundle"]) - set(bundles)
    if missing:
        raise EvidenceError(
            f"leads were scored by {len(missing)} bundles that were not given, their bands mean nothing without them; "
            "pass every bundle that was deployed."
        )
    now = pd.Timestamp(as_of)
    now = now if now.tzinfo is None else now.tz_convert("UTC").tz_localize(None)
    window = pd.Timedelta(days=window_days)
    matured = (kept["scored_at"] + window <= now).to_numpy()
    if not matured.any():
        raise EvidenceError(f"no scored lead has had its {window_days} days; wait until some have.")
    fields = _fields(kept, bundles) if leads is None else _given(kept, leads)
    rows = kept[matured].reset_index(drop=True)
    drawn = (rows["picked"] == "random").to_numpy()
    worked = (rows["worked_at"].notna() | (rows["disposition"] == "accepted") | (rows["outcome"] == "won")).to_numpy()
    known = bool(rows["worked_at"].notna().any())
    learn = worked | drawn if known or drawn.any() else np.ones(len(rows), dtype=np.bool_)
    enough = int(drawn.sum()) >= _ENOUGH_DRAWN
    won = (rows["outcome"] == "won") & (rows["closed_at"] <= rows["scored_at"] + window)
    time = (rows["scored_at"] - rows["scored_at"].min()).dt.total_seconds().to_numpy() / 86400
    recent = (kept["scored_at"] > now - pd.Timedelta(days=_RECENT_DAYS)).to_numpy()
    return Experience(
        leads=fields[matured].reset_index(drop=True),
        won=np.asarray(won, dtype=np.float64),
        time=np.asarray(time, dtype=np.float64),
        learn=np.asarray(learn, dtype=np.bool_),
        judge=np.asarray(drawn if enough else learn, dtype=np.bool_),
        basis="random" if enough else "worked" if known else "all",
        recent=fields[recent if recent.any() else matured].reset_index(drop=True),
        as_of=as_of,
    )


def _fields(kept: pd.DataFrame, bundles: Mapping[str, Bundle]) -> pd.DataFrame:
    parts = []
    for digest, part in kept.groupby("bundle", sort=False):
        values = values_of(part["codes"], bundles[str(digest)].points_table)
        values.index = part.index
        parts.append(values)
    return pd.concat(parts).sort_index()


def _given(kept: pd.DataFrame, leads: pd.DataFrame) -> pd.DataFrame:
    lacking = int((~kept["lead"].isin(leads.index)).sum())
    if lacking:
        raise EvidenceError(f"{lacking} scored leads have no fields in the table given; pass all, or none for bands.")
    return leads.loc[kept["lead"]].reset_index(drop=True)
