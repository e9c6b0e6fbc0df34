import numpy as np
import pandas as pd
import pytest
from scipy import stats

from leadqual.feedback import Event, feedback_history, lead_standing
from leadqual.reports.language import Language

AS_OF, WINDOW = "2026-12-01", 90
TRUE = 0.2


def scored(count, **more):
    score = {"bundle": "b", "points": 100, "probability": TRUE, "grade": "B"} | more
    return [Event("scored", f"L{i:05}", "2026-01-01", score) for i in range(count)]


def standing(events, as_of=AS_OF):
    return lead_standing(feedback_history(events, as_of=as_of), window_days=WINDOW, as_of=as_of)


def half_recorded(seed, count=4000):
    """Return a world in which sales work six leads in ten, a fifth of those win, and half of follow-ups are written."""
    rng = np.random.default_rng(seed)
    events = scored(count)
    for i in np.flatnonzero(rng.random(count) < 0.6):
        if rng.random() < 0.5:
            events.append(Event("worked", f"L{i:05}", "2026-01-02"))
        end = "won" if rng.random() < TRUE else "lost"
        events.append(Event(end, f"L{i:05}", "2026-02-01"))
    return events


def holds(wins, leads):
    interval = stats.binomtest(int(wins), int(leads)).proportion_ci(0.95)
    return interval.low <= TRUE <= interval.high


def test_the_win_rate_of_the_worked_is_right_where_half_of_follow_ups_are_not_recorded():
    worlds, right, right_with_wins = 40, 0, 0
    for seed in range(worlds):
        found = standing(half_recorded(seed))
        assert found.basis == "worked"
        assert found.unrecorded_wins == (found.won & ~found.worked).sum() > 0
        right += holds(found.won[found.worked].sum(), found.worked.sum())
        flattered = found.worked | found.won
        right_with_wins += holds(found.won[flattered].sum(), flattered.sum())
    assert right >= stats.binom.ppf(0.01, worlds, 0.95)
    assert right_with_wins == 0


def test_what_was_left_out_is_said():
    events = [*scored(5), Event("worked", "L00000", "2026-01-02")]
    assert standing(events).left_out == ()
    events.append(Event("won", "L00001", "2026-02-01"))
    assert (
        Language("en").say(standing(events).left_out[0]).startswith("1 win has no record of follow-up and was left out")
    )
    events.append(Event("won", "L00002", "2026-02-01"))
    assert (
        Language("en")
        .say(standing(events).left_out[0])
        .startswith("2 wins have no record of follow-up and were left out")
    )
    late = Event("won", "L00003", "2026-08-01")
    assert standing([*events, late]).unrecorded_wins == 2


@pytest.mark.parametrize(
    ("more", "picked", "basis", "worked"),
    [
        ([], {}, "all", 6),
        ([Event("won", "L00000", "2026-02-01")], {}, "all", 6),
        ([Event("won", "L00000", "2026-02-01")], {"picked": "rank"}, "all", 3),
        ([Event("worked", "L00004", "2026-01-02")], {"picked": "rank"}, "worked", 1),
        ([Event("accepted", "L00004", "2026-01-02")], {}, "worked", 1),
        ([Event("rejected", "L00004", "2026-01-02", {"reason": "no budget"})], {}, "all", 6),
    ],
)
def test_who_counts_as_worked_never_hangs_on_how_it_ended(more, picked, basis, worked):
    found = standing([*scored(3, **picked), *scored(6)[3:], *more])
    assert (found.basis, found.worked.sum()) == (basis, worked)
    assert (found.judged == found.worked).all()


@pytest.mark.parametrize("later", [("recycled", {}), ("rejected", {"reason": "no budget"})])
def test_an_accepted_lead_stays_worked_when_sales_put_it_back_later(later):
    kind, content = later
    events = [*scored(2), *(Event("accepted", f"L0000{i}", "2026-01-02") for i in range(2))]
    found = standing([*events, Event(kind, "L00001", "2026-03-01", content), Event("won", "L00000", "2026-02-01")])
    assert found.judged.tolist() == [True, True]


def test_drawn_leads_are_judged_alone_where_there_are_enough():
    drawn = scored(200, picked="random", propensity=0.1)
    ranked = scored(500, picked="rank")[200:]
    worked = [Event("worked", f"L{i:05}", "2026-01-02") for i in range(300)]
    found = standing([*drawn, *ranked, *worked])
    assert (found.basis, found.judged.sum(), found.worked.sum(), found.left_out) == ("random", 200, 300, ())
    fewer = standing([*drawn[1:], *ranked, *worked])
    assert (fewer.basis, fewer.judged.sum()) == ("worked", 299)
    unrecorded = standing([*drawn, *ranked])
    assert (unrecorded.basis, unrecorded.judged.sum()) == ("random", 200)


def test_a_drawn_lead_that_nobody_worked_is_no_lost_one():
    """Sales skip a third of the drawn: what is known of all leads is what became of the others."""
    rng = np.random.default_rng(0)
    events = scored(900, picked="random", propensity=0.1)
    for i in range(300, 900):
        events.append(Event("worked", f"L{i:05}", "2026-01-02"))
        if rng.random() < TRUE:
            events.append(Event("won", f"L{i:05}", "2026-02-01"))
    found = standing(events)
    assert (found.basis, found.judged.sum(), found.unworked_draws) == ("random", 600, 300)
    assert holds(found.won[found.judged].sum(), found.judged.sum())
    assert (
        Language("en").say(found.left_out[0]).startswith("300 of 900 leads drawn at random have no record of follow-up")
    )


def test_days_and_windows_are_those_of_the_calendar():
    events = [
        *scored(4),
        Event("won", "L00000", "2026-04-01"),
        Event("won", "L00001", "2026-04-01T00:00:01"),
        Event("lost", "L00002", "2026-01-31"),
    ]
    assert (pd.Timestamp("2026-04-01") - pd.Timestamp("2026-01-01")).days == WINDOW
    found = standing(events)
    assert found.won.tolist() == [True, False, False, False]
    assert found.days_to_win[:2] == pytest.approx([90, 90 + 1 / 86400])
    assert np.isnan(found.days_to_win[2:]).all()
    assert not standing(events, "2026-03-31").mature.any()
    assert standing(events, "2026-04-01").mature.all()


def test_no_leads_are_no_error():
    found = standing([])
    assert (found.basis, found.mature.sum(), found.unrecorded_wins) == ("all", 0, 0)


def test_a_lead_that_had_ended_before_it_was_scored_says_nothing_of_the_score():
    """Scoring old leads again with a new bundle must not make old wins its own."""
    ended = [Event(kind, f"L{i:05}", "2025-06-01") for i, kind in enumerate(["won", "lost"])]
    found = standing([*scored(4), *ended, Event("won", "L00002", "2025-12-31T12:00")])  # the day before: no time given
    assert found.mature.tolist() == [False, False, True, True]
    assert found.judged.tolist() == [False, False, True, True]
    assert found.won.tolist() == [False, False, True, False]
