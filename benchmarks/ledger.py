"""How long the ledger of feedback takes, and how much memory: appending, reading, history, status, forgetting.

    python -m benchmarks.ledger                                       # 1,000,000 events on SQLite
    python -m benchmarks.ledger --events 100000 --store postgresql+psycopg://lq@/empty

Each lead is scored; a third of them is worked, accepted or rejected, and won or lost. The store must be empty.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.machine import described, table
from leadqual.feedback import Event, FeedbackStore, Snapshot, feedback_history, feedback_status

_START = datetime(2025, 1, 1)  # the ledger takes it for UTC
_AS_OF = "2027-01-01"
_AT_ONCE = 1000
_CODES = list(range(12))


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--events", type=int, default=1_000_000, help="events to add")
    parser.add_argument("--store", metavar="URL", help="an empty ledger; an SQLite file of its own if left out")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = measured(chosen.store or str(Path(folder) / "feedback.db"), chosen.events)
    print(described())
    print(table([f"{chosen.events:,} events", "seconds", "peak memory so far, MB"], rows))


def measured(url: str, count: int) -> list[list[str]]:
    """Return what each thing took: its name, seconds, and the most memory that the process had by then."""
    rows: list[list[str]] = []
    with FeedbackStore(url) as store:
        added = _timed(rows, f"append, {_AT_ONCE:,} at a time", lambda: _append(store, count))
        _timed(rows, "append the same again: nothing new", lambda: _append(store, min(count, 100 * _AT_ONCE)))
        read = _timed(rows, "read events() one by one", lambda: sum(1 for _ in store.events()))
        _timed(rows, "read into a Snapshot with history and standing", _snapshot_of(store))
        history = _timed(rows, "read into feedback_history()", lambda: feedback_history(store.events(), as_of=_AS_OF))
        _timed(rows, "feedback_status() of that", lambda: feedback_status(history, as_of=_AS_OF))
        _timed(rows, "forget() one lead of four events", lambda: store.forget("L-0", at=_AS_OF))
        _timed(rows, "forget() ten more", lambda: [store.forget(f"L-{3 * i}", at=_AS_OF) for i in range(1, 11)])
    if not added == read == count:
        raise SystemExit(f"{added} events were added and {read} read, of {count}; name an empty store.")
    return rows


def _timed(rows: list[list[str]], name: str, job: Callable[[], Any]) -> Any:
    print(f"... {name}", file=sys.stderr, flush=True)
    begun = time.perf_counter()
    result = job()
    taken = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows.append([name, f"{taken:.2f}", f"{peak:.0f}"])
    return result


def _snapshot_of(store: FeedbackStore) -> Callable[[], Any]:
    return lambda: Snapshot.read(store, as_of=_AS_OF).standing(window_days=90)


def _append(store: FeedbackStore, count: int) -> int:
    events, added = islice(_events(), count), 0
    while some := list(islice(events, _AT_ONCE)):
        added += store.append(some, known_at=_AS_OF)
    return added


def _events() -> Iterator[Event]:
    """Yield events without end: of every third lead four, of the others one."""
    number = 0
    while True:
        at, lead = _START + timedelta(minutes=number), f"L-{number}"
        content = {"bundle": "b" * 64, "points": number % 200, "probability": 0.2, "grade": "ABCD"[number % 4]}
        yield Event("scored", lead, at.isoformat(), {**content, "codes": _CODES, "picked": "rank"})
        if number % 3 == 0:
            yield Event("worked", lead, (at + timedelta(hours=3)).isoformat())
            yield Event("accepted", lead, (at + timedelta(hours=4)).isoformat())
            yield Event("won" if number % 2 else "lost", lead, (at + timedelta(days=20)).isoformat())
        number += 1


if __name__ == "__main__":
    main()
