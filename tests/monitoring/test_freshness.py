import numpy as np
import pandas as pd
import pytest
from scipy import integrate

from leadqual.feedback import Event, feedback_history, lead_standing
from leadqual.monitoring import follow_up_freshness, outcome_freshness, silence
from leadqual.reports.language import Language
from leadqual.reports.monitoring_plain import sentences

START = pd.Timestamp("2026-01-01")
SCORE = {"bundle": "b", "points": 120, "probability": 0.2, "grade": "A"}


def freshness(history, as_of):
    """Return whether outcomes still arrive by a date."""
    return outcome_freshness(history, lead_standing(history, window_days=90, as_of=as_of), as_of=as_of)


def days(*numbers):
    return pd.Series(START + pd.to_timedelta(np.asarray(numbers, dtype=float), unit="D"))


def day(number):
    return (START + pd.Timedelta(days=float(number))).isoformat()


def ledger(until, *, fed_until=None, every=1, per_day=4, follow=True):
    """Score leads every day; each ends 20 days later, and imports, every so many days, tell of it until they stop."""
    events = []
    for number in range(until):
        for k in range(per_day):
            lead = f"{number}-{k}"
            events.append(Event("scored", lead, day(number), SCORE, known_at=day(number)))
            for kind, after in (("worked", 1), ("won" if k == 0 else "lost", 20)):
                told = int(np.ceil((number + after) / every) * every)
                if told <= (until if fed_until is None else fed_until) and (follow or kind != "worked"):
                    events.append(Event(kind, lead, day(number + after), known_at=day(told)))
    return feedback_history(events, as_of=day(until))


def test_too_long_is_three_times_the_longest_wait_and_two_weeks():
    weekly = days(*range(0, 70, 7))
    assert silence(weekly, as_of=day(63 + 21)).limit == 21
    assert not silence(weekly, as_of=day(63 + 21)).too_long
    assert silence(weekly, as_of=day(63 + 22)).too_long
    daily = days(*range(30))
    assert not silence(daily, as_of=day(29 + 14)).too_long
    assert silence(daily, as_of=day(29 + 15)).too_long
    assert silence(daily, as_of=day(5000)).too_long
    assert silence(days(*range(8)), as_of=day(5000)).limit is None
    assert silence(days(), as_of=day(1)).days is None


def test_what_has_not_happened_yet_does_not_count():
    assert silence(days(*range(60)), as_of=day(30)).days == 0


def test_the_chance_of_a_false_one_is_the_formula():
    # the density of the longest of n exponential waits is n (1 - exp(-m))^(n - 1) exp(-m)
    for n in (8, 20, 60):
        mean, _ = integrate.quad(lambda m, n=n: n * (1 - np.exp(-m)) ** (n - 1) * np.exp(-m) * np.exp(-3 * m), 0, 60)
        assert mean == pytest.approx(6 / ((n + 1) * (n + 2) * (n + 3)))
    assert sum(6 / ((n + 1) * (n + 2) * (n + 3)) for n in range(8, 10**5)) == pytest.approx(3 / 90, rel=1e-3)


def test_sparse_streams_are_rarely_called_silent_in_a_year_of_weekly_looks():
    rng, worlds, false = np.random.default_rng(0), 100, 0
    for _ in range(worlds):
        times = days(*np.cumsum(rng.exponential(9.0, 120)))
        looks = range(7, 365, 7)
        false += any(silence(times[times <= pd.Timestamp(day(look))], as_of=day(look)).too_long for look in looks)
    assert false / worlds <= 0.05


def test_outcomes_that_stopped_are_found_and_the_source_is_to_be_looked_at():
    fine = ledger(200)
    assert freshness(fine, day(200)).severity == "fine"
    assert follow_up_freshness(fine, as_of=day(200)).severity == "fine"
    stopped = ledger(200, fed_until=170)
    for found in (
        freshness(stopped, day(200)),
        follow_up_freshness(stopped, as_of=day(200)),
    ):
        assert (found.severity, found.remedy) == ("alarm", "look at the data source")
        assert found.figures["days_since_last"] == 30
        assert found.series[-4:] == (0.0, 0.0, 0.0, 0.0)


def test_monthly_imports_are_usual_where_they_were_monthly():
    monthly = ledger(330, every=30)
    assert freshness(monthly, day(359)).severity == "fine"
    assert freshness(monthly, day(330 + 91)).severity == "alarm"


def test_outcomes_that_never_came_are_found_once_wins_were_promised():
    none = ledger(130, fed_until=0)
    found = freshness(none, day(130))
    assert (found.severity, found.remedy) == ("alarm", "look at the data source")
    assert "33 wins were promised among 164 matured leads" in sentences(found, Language("en"))
    assert freshness(none.head(20), day(130)).severity == "not applicable"
    assert follow_up_freshness(none, as_of=day(130)).severity == "not applicable"
