"""Ledgers opened, written and killed from many sides at once: what was acknowledged must be there, once.

    python -m benchmarks.attack_ledgers                    # minutes, on SQLite and on a PostgreSQL of its own
    python -m benchmarks.attack_ledgers --rounds 10 --kills 6 3 --without-postgresql

Rounds of four threads and of four processes that open a new feedback ledger and a new agreement's ledger together;
writers that are killed at a random moment, through the journal and straight to the ledger; eight writers of one ledger.
Ends with code 1 where anything was lost, doubled, ruined or ended by a crash.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from benchmarks.machine import described, table
from benchmarks.postgresql_server import new_database, postgresql_server
from leadqual.agreement import Ledger
from leadqual.feedback import Event, FeedbackStore, FeedbackWriter

_NOW = "2026-06-01T00:00:00+00:00"
_TOGETHER = 4
_WRITERS = 8
_EACH = 200
_MAX_BEFORE = 100  # events that a writer acknowledges before it is killed
_MAX_SECONDS = 600.0

_USES = """
import sys
from leadqual.agreement import Ledger
from leadqual.feedback import Event, FeedbackStore
print("ready", flush=True)
for line in sys.stdin:
    url, number = line.split()
    try:
        with FeedbackStore(url) as store:
            store.append([Event("worked", f"L{number}", "2026-05-01")], known_at="2026-06-01")
        ledger = Ledger(url)
        ledger.record("comment", {"by": int(number)}, recorded_at="2026-06-01T00:00:00+00:00")
        ledger.close()
        print("ok", flush=True)
    except BaseException as error:
        print(type(error).__name__, str(error).replace("\\n", " "), flush=True)
"""
_KILLED = """
import os, sys
kind, url, folder = sys.argv[1:]
if kind == "writer without fcntl":
    sys.modules["fcntl"] = None
from leadqual.feedback import Event, FeedbackStore, FeedbackWriter
store = FeedbackStore(url)
print("ready", flush=True)
for line in sys.stdin:
    first = int(line)
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        print("gone", flush=True)
        continue
    writer = None if kind == "store" else FeedbackWriter(store, folder, now=lambda: "2026-06-01")
    list(store.events(lead="nobody"))  # it has connected
    os.write(1, b"begun %d\\n" % os.getpid())
    for number in range(first, first + 100000):
        event = Event("worked", f"L{number}", "2026-05-01")
        if writer is None:
            store.append([event], known_at="2026-06-01")
        else:
            writer.record(event)
            writer.flush()
        os.write(1, b"%d\\n" % number)
"""
_SHARES = """
import sys
from leadqual.feedback import Event, FeedbackStore, FeedbackWriter
url, folder, first, each = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
with FeedbackStore(url) as store, FeedbackWriter(store, folder, now=lambda: "2026-06-01") as writer:
    for number in range(first, first + each, 2):
        writer.record(Event("worked", f"L{number}", "2026-05-01"))
        writer.flush()
        store.append([Event("worked", f"L{number + 1}", "2026-05-01")], known_at="2026-06-01")
"""


def main() -> None:
    """Attack, and print what came of it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.attack_ledgers", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--rounds", type=int, default=50, help="rounds of threads, and of processes")
    parser.add_argument("--kills", type=int, nargs=2, default=(30, 15), help="kills of journal writers, and of others")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--without-postgresql", action="store_true")
    chosen = parser.parse_args()
    rows: list[list[str]] = []
    faults = 0
    with tempfile.TemporaryDirectory() as folder, postgresql_server() as server:
        places: dict[str, Callable[[], str]] = {"SQLite": lambda: str(Path(folder) / f"{uuid4().hex}.db")}
        if server is not None and not chosen.without_postgresql:
            places["PostgreSQL"] = lambda: new_database(str(server))
        for name, place in places.items():
            jobs: dict[str, Callable[[], tuple[str, int]]] = {
                f"{chosen.rounds} rounds, {_TOGETHER} threads open": lambda place=place: _threads(place, chosen.rounds),
                f"{chosen.rounds} rounds, {_TOGETHER} processes open": lambda place=place: _processes(
                    place, chosen.rounds
                ),
                f"{chosen.kills[0]} kills, through the journal": lambda place=place: _kills(
                    "writer", place(), chosen.kills[0], chosen.seed
                ),
                f"{chosen.kills[1]} kills, straight to the ledger": lambda place=place: _kills(
                    "store", place(), chosen.kills[1], chosen.seed
                ),
                f"{_WRITERS} writers, {_EACH} events each": lambda place=place: _writers(place()),
            }
            for what, job in jobs.items():
                print(f"... {name}: {what}", file=sys.stderr, flush=True)
                begun = time.perf_counter()
                result, wrong = job()
                faults += wrong
                print(f"    {result}", file=sys.stderr, flush=True)
                rows.append([name, what, result, str(wrong), f"{time.perf_counter() - begun:.0f}"])
    print(described())
    print(table(["database", "attack", "came of it", "faults", "seconds"], rows))
    raise SystemExit(1 if faults else 0)


def _threads(place: Callable[[], str], rounds: int) -> tuple[str, int]:
    """Have threads open a new ledger together, in a process that may crash, and count what went wrong."""
    wrong = 0
    for _ in range(rounds):
        url = place()
        problems = problems_of_threads(url)
        for one in dict.fromkeys(problems):
            print(f"    {one}", file=sys.stderr, flush=True)
        wrong += bool(problems) or not _whole(url)
    return f"{rounds - wrong} of {rounds} whole", wrong


def problems_of_threads(url: str) -> list[str]:
    """Have four threads open a new feedback ledger and agreement's ledger together, write, and say what went wrong."""
    problems: list[str] = []
    together = threading.Barrier(_TOGETHER)

    def use(number: int) -> None:
        try:
            together.wait(_MAX_SECONDS)
            with FeedbackStore(url) as store:
                store.append([Event("worked", f"L{number}", "2026-05-01")], known_at=_NOW)
            ledger = Ledger(url)
            ledger.record("comment", {"by": number}, recorded_at=_NOW)
            ledger.close()
        except BaseException as error:  # whatever ends a thread is what is looked for
            problems.append(f"{type(error).__name__} {error}")

    threads = [threading.Thread(target=use, args=(number,), daemon=True) for number in range(_TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_MAX_SECONDS)
    return problems + ["a thread hangs"] * sum(thread.is_alive() for thread in threads)


def _processes(place: Callable[[], str], rounds: int) -> tuple[str, int]:
    """Have processes open a new ledger together, and count what went wrong."""
    wrong = 0
    with _talking([_USES] * _TOGETHER) as opened:
        for _ in range(rounds):
            url = place()
            for number, one in enumerate(opened):
                one.stdin.write(f"{url} {number}\n")
                one.stdin.flush()
            result = [one.stdout.readline().strip() for one in opened]
            for one in set(result) - {"ok"}:
                print(f"    {one}", file=sys.stderr, flush=True)
            wrong += result != ["ok"] * _TOGETHER or not _whole(url)
    return f"{rounds - wrong} of {rounds} whole", wrong


def _whole(url: str) -> bool:
    with FeedbackStore(url) as store:
        leads = sorted(event.lead for event in store.events())
    ledger = Ledger(url)
    entries, faults = sorted(entry.content["by"] for entry in ledger.entries()), ledger.verify()
    ledger.close()
    whole = leads == sorted(f"L{n}" for n in range(_TOGETHER)) and entries == list(range(_TOGETHER)) and not faults
    if not whole:
        print(f"    events {leads}, entries {entries}, faults {faults}", file=sys.stderr, flush=True)
    return whole


def acknowledged_until_killed(
    kind: str, url: str, folder: str, *, rounds: int, most_before: int, seed: int
) -> list[str]:
    """Kill a writer again and again, and return the leads whose events it had acknowledged.

    Parameters
    ----------
    kind
        "writer" writes through the journal, "writer without fcntl" too, on a system that lacks it, "store" straight to
        the ledger.
    url, folder
        The ledger, which must be there, and the folder of journals.
    rounds
        How often to kill.
    most_before
        Under how many more events than one a writer acknowledges before it is killed.
    seed
        Of how many these are.
    """
    rng, acknowledged = random.Random(seed), []  # noqa: S311  # when to kill
    with _talking([_KILLED], kind, url, folder) as (parent,):
        for turn in range(rounds):
            parent.stdin.write(f"{turn * 100_000}\n")
            parent.stdin.flush()
            child = int(parent.stdout.readline().split()[1])
            wanted = rng.randrange(most_before)
            for seen, line in enumerate(parent.stdout):
                if line == "gone\n":
                    break
                acknowledged.append(f"L{int(line)}")
                if seen == wanted:  # a random moment, by what was done and not by the clock
                    os.kill(child, signal.SIGKILL)
    return acknowledged


def _kills(kind: str, url: str, rounds: int, seed: int) -> tuple[str, int]:
    """Kill a writer again and again; what it acknowledged must be in the ledger, and nothing twice."""
    with tempfile.TemporaryDirectory() as folder:
        FeedbackStore(url).close()
        acknowledged = acknowledged_until_killed(kind, url, folder, rounds=rounds, most_before=_MAX_BEFORE, seed=seed)
        with FeedbackStore(url) as store:
            FeedbackWriter(store, folder, now=lambda: _NOW).close()
            leads = [event.lead for event in store.events()]
        left = len(list(Path(folder).iterdir()))
    lost, doubled = len(set(acknowledged) - set(leads)), len(leads) - len(set(leads))
    result = f"{len(acknowledged):,} acknowledged, {lost} lost, {doubled} doubled, {left} journals left"
    return result, lost + doubled + left


def _writers(url: str) -> tuple[str, int]:
    """Have several processes write to one ledger and one folder of journals."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", _SHARES, url, folder]
        running = [
            subprocess.Popen([*command, str(number * _EACH), str(_EACH)], stderr=subprocess.DEVNULL)
            for number in range(_WRITERS)
        ]
        failed = sum(one.wait(_MAX_SECONDS) != 0 for one in running)
        with FeedbackStore(url) as store:
            leads = sorted(event.lead for event in store.events())
    wrong = failed + (leads != sorted(f"L{number}" for number in range(_WRITERS * _EACH)))
    return f"{len(leads):,} events of {_WRITERS * _EACH:,}, {failed} writers failed", wrong


@contextmanager
def _talking(programs: list[str], *arguments: str) -> Iterator[list]:
    """Start programs that say that they are ready, and end them when done."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for program in programs
    ]
    try:
        for one in running:
            one.stdout.readline()
        yield running
    finally:
        for one in running:
            one.communicate(timeout=_MAX_SECONDS)


if __name__ == "__main__":
    main()
