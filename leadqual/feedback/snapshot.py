"""One view of the ledger per round: its events read once, and the history and standing judged once from them."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import numpy as np

from leadqual.feedback.columns import KIND, EventColumns, in_columns
from leadqual.feedback.history import history_of
from leadqual.feedback.standing import Standing, lead_standing

if TYPE_CHECKING:
    import pandas as pd

    from leadqual.feedback.store import FeedbackStore

__all__ = ["Snapshot"]


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The ledger as it was known on one day; histories and standings are made when first asked for, and kept.

    Parameters
    ----------
    columns
        Its events, in the order in which they were added; those that were known later count for nothing.
    as_of
        The date (ISO 8601).

    Examples
    --------
    >>> import tempfile
    >>> from leadqual.feedback import Event, FeedbackStore
    >>> score = {"bundle": "b", "points": 120, "probability": 0.2, "grade": "A"}
    >>> store = FeedbackStore(f"{tempfile.mkdtemp()}/feedback.db")
    >>> store.append([Event("scored", "L-7", "2026-01-01", score)], known_at="2026-01-01")
    1
    >>> snapshot = Snapshot.read(store, as_of="2026-06-01")
    >>> snapshot.history()["lead"].tolist(), snapshot.standing(window_days=90).mature.tolist()
    (['L-7'], [True])
    >>> snapshot.history() is snapshot.history()
    True
    """

    columns: EventColumns
    as_of: str
    _histories: dict[str | None, pd.DataFrame] = field(default_factory=dict, init=False, repr=False)
    _standings: dict[tuple[str | None, int], Standing] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def read(cls, store: FeedbackStore, *, as_of: str) -> Self:
        """Read a ledger.

        Parameters
        ----------
        store
            The ledger.
        as_of
            As it was known then (ISO 8601).
        """
        with closing(store.rows()) as rows:
            return cls(in_columns(rows), as_of)

    def updated(self, store: FeedbackStore, *, as_of: str) -> Self:
        """Return the ledger as it is known on another day: only events that were added since are read.

        It equals one that `read` makes. Where a person was forgotten meanwhile, which changes earlier events, or where
        an event was added under a number that had been passed (transactions of PostgreSQL that end in another order),
        all is read again.

        Parameters
        ----------
        store
            The same ledger.
        as_of
            As in `read`.

        Examples
        --------
        >>> import tempfile
        >>> from leadqual.feedback import Event, FeedbackStore
        >>> score = {"bundle": "b", "points": 120, "probability": 0.2, "grade": "A"}
        >>> store = FeedbackStore(f"{tempfile.mkdtemp()}/feedback.db")
        >>> snapshot = Snapshot.read(store, as_of="2026-06-01")
        >>> store.append([Event("scored", "L-7", "2026-06-01", score)], known_at="2026-06-02")
        1
        >>> snapshot.updated(store, as_of="2026-06-03").history()["lead"].tolist()
        ['L-7']
        """
        held = self.columns.numbers["number"]
        last = int(held[-1]) if len(held) else 0
        if store.count(until=last) != len(held):
            return self.read(store, as_of=as_of)
        with closing(store.rows(after=last)) as rows:
            columns = in_columns(rows, before=self.columns)
        if (columns.numbers["kind"][len(held) :] == KIND["forgotten"]).any():
            return self.read(store, as_of=as_of)
        missing = columns.unresolved()
        return type(self)(columns.with_corrected(store.numbers(missing)) if missing else columns, as_of)

    def history(self, *, bundle: str | None = None) -> pd.DataFrame:
        """Return each scored lead, which must not be changed; see `feedback_history`.

        Parameters
        ----------
        bundle
            Digest of the bundle whose scores count; None: those of any.
        """
        if bundle not in self._histories:
            order = np.argsort(self.columns.numbers["known"], kind="stable")
            self._histories[bundle] = history_of(self.columns, order, as_of=self.as_of, bundle=bundle)
        return self._histories[bundle]

    def standing(self, *, window_days: int, bundle: str | None = None) -> Standing:
        """Return where each lead of that history stands; see `lead_standing`.

        Parameters
        ----------
        window_days
            The window in which a win counts.
        bundle
            As in `history`.
        """
        asked = bundle, window_days
        if asked not in self._standings:
            history = self.history(bundle=bundle)
            self._standings[asked] = lead_standing(history, window_days=window_days, as_of=self.as_of)
        return self._standings[asked]
