import numpy as np
import pytest

from leadqual.meetings.response_time import response_time

NOW = np.datetime64("2026-11-23T00:00:00", "us")


def kaplan_meier(times, worked, share):
    """Return the first time at which the estimate of Kaplan and Meier reaches a share, written out as a product."""
    waiting = 1.0
    for time in sorted({t for t, w in zip(times, worked, strict=True) if w}):
        at_risk = sum(t >= time for t in times)
        waiting *= 1 - sum(w and t == time for t, w in zip(times, worked, strict=True)) / at_risk
        if 1 - waiting >= share - 1e-12:
            return time
    return None


def test_it_is_the_estimate_of_kaplan_and_meier(book):
    rng = np.random.default_rng(0)
    times, worked = [], []
    for number in range(60):
        hours, seen = float(rng.integers(1, 60)), bool(rng.random() < 0.8)
        book.scored(f"L-{number}", "2026-11-17T00:00:00")
        book.add(
            "worked" if seen else "rejected",
            f"L-{number}",
            str(np.datetime64("2026-11-17") + np.timedelta64(int(hours), "h")),
        )
        times.append(hours)
        worked.append(seen)
    found = response_time(book.as_of("2026-11-23").history(), now=NOW)
    assert found.median_hours == kaplan_meier(times, worked, 0.5)
    assert found.p90_hours == kaplan_meier(times, worked, 0.9)


def test_leads_that_still_wait_make_it_longer(book):
    for number in range(10):
        book.scored(f"L-{number}", "2026-11-17T00:00:00")
        if number < 6:
            book.add("worked", f"L-{number}", f"2026-11-17T{number + 1:02d}:00:00")
    found = response_time(book.as_of("2026-11-23").history(), now=NOW)
    # half of the ten are worked after five hours; half of the six that were worked after three
    assert (found.leads, found.worked, found.median_hours, found.p90_hours) == (10, 6, 5.0, None)


def test_a_lead_that_was_rejected_after_its_first_work_was_worked_then(book):
    book.scored("L-1", "2026-11-17T00:00:00")
    book.add("worked", "L-1", "2026-11-17T05:00:00")
    book.add("rejected", "L-1", "2026-11-17T03:00:00")
    assert response_time(book.as_of("2026-11-23").history(), now=NOW).median_hours == 5.0


@pytest.mark.parametrize("leads", [0, 3])
def test_without_any_first_work_there_is_no_time(book, leads):
    for number in range(leads):
        book.scored(f"L-{number}", "2026-11-17T00:00:00")
    found = response_time(book.as_of("2026-11-23").history(), now=NOW)
    assert (found.leads, found.worked, found.median_hours, found.p90_hours) == (leads, 0, None, None)
