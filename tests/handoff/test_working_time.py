from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.errors import HandoffError
from leadqual.handoff import WorkingHours, WorkingTime

OFFICE = ((540, 720), (780, 1080))  # 9 to 12, 13 to 18
WEEK = (OFFICE,) * 5 + ((), ())
ROUND_THE_CLOCK = (((0, 1440),),) * 7


def working(zone="Europe/Berlin", week=WEEK, **more):
    return WorkingTime(WorkingHours("north", zone, week, **more))


def at(text, zone="Europe/Berlin"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def local(moment, zone="Europe/Berlin"):
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-05-04T09:00", 2, "2026-05-04 11:00"),
        ("2026-05-04T11:00", 2, "2026-05-04 14:00"),  # over lunch
        ("2026-05-04T12:20", 1, "2026-05-04 14:00"),  # begun at lunch
        ("2026-05-04T09:00", 8, "2026-05-04 18:00"),  # ends as the day does, not the next morning
        ("2026-05-04T17:00", 2, "2026-05-05 10:00"),
        ("2026-05-04T18:00", 1, "2026-05-05 10:00"),
        ("2026-05-08T17:00", 2, "2026-05-11 10:00"),  # over a weekend
        ("2026-05-09T15:00", 1, "2026-05-11 10:00"),
        ("2026-05-04T20:00", 0, "2026-05-04 20:00"),
    ],
)
def test_a_deadline_counts_working_hours_only(start, hours, due):
    assert local(working().deadline(at(start), hours)) == due


def test_a_night_moves_a_deadline_by_nothing():
    week = ((((540, 1020),),) * 5) + ((), ())  # 9 to 17
    assert working(week=week).working_hours_between(at("2026-05-04T17:00"), at("2026-05-05T09:00")) == 0
    assert local(working(week=week).deadline(at("2026-05-04T17:00"), 1)) == "2026-05-05 10:00"


@pytest.mark.parametrize("monday", ["2026-03-23", "2026-03-30", "2026-10-19", "2026-10-26"])
def test_weeks_before_and_after_clocks_change_have_equal_hours(monday):
    start = at(f"{monday}T00:00")
    assert working().working_hours_between(start, start + timedelta(days=7)) == 40


def test_a_day_on_which_clocks_change_is_as_long_as_it_is():
    clock = working(week=ROUND_THE_CLOCK)
    assert clock.working_hours_between(at("2026-03-29T00:00"), at("2026-03-30T00:00")) == 23
    assert clock.working_hours_between(at("2026-10-25T00:00"), at("2026-10-26T00:00")) == 25


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Havana", "America/Santiago", "Australia/Lord_Howe"])
@pytest.mark.parametrize("day", range(0, 360, 3))
def test_round_the_clock_72_hours_are_72_hours(zone, day):
    """In Havana and Santiago clocks change at midnight; on Lord Howe by half an hour."""
    start = datetime(2026, 1, 1, 5, 17, tzinfo=UTC) + timedelta(days=day)
    clock = working(zone, ROUND_THE_CLOCK)
    assert clock.deadline(start, 72) == start + timedelta(hours=72)
    assert clock.working_hours_between(start, start + timedelta(hours=72)) == 72


def test_spans_in_the_hour_that_clocks_skip_or_repeat():
    night = (((60, 150), (180, 360)),) * 7  # 1:00 to 2:30, 3:00 to 6:00
    clock = working(week=night)
    assert clock.working_hours_between(at("2026-03-29T00:00"), at("2026-03-29T12:00")) == 1 + 3  # 2:00 is 3:00
    inside = working(week=(((135, 165),),) * 7)  # 2:15 to 2:45
    assert inside.working_hours_between(at("2026-03-29T00:00"), at("2026-03-29T12:00")) == 0
    assert inside.working_hours_between(at("2026-03-30T00:00"), at("2026-03-30T12:00")) == 0.5
    assert clock.working_hours_between(at("2026-10-25T00:00"), at("2026-10-25T12:00")) == 1.5 + 3 + 0


def test_a_day_that_a_place_skipped_has_no_hours():
    """Samoa had no 30 December 2011."""
    clock = working("Pacific/Apia", ROUND_THE_CLOCK)
    start = at("2011-12-29T00:00", "Pacific/Apia")
    assert clock.deadline(start, 48) == start.astimezone(UTC) + timedelta(hours=48)
    assert local(clock.deadline(start, 48), "Pacific/Apia") == "2012-01-01 00:00"


def test_holidays_are_free_and_differ_by_subdivision():
    start = at("2026-01-05T17:00")  # 6 January is free in Bavaria, not in Berlin
    assert local(working(country="DE", subdivision="BY").deadline(start, 2)) == "2026-01-07 10:00"
    assert local(working(country="DE", subdivision="BE").deadline(start, 2)) == "2026-01-06 10:00"


def test_chinas_make_up_sundays_are_worked():
    """1 to 4 May 2019 were free, 28 April and 5 May, Sundays, were worked."""
    clock = working("Asia/Shanghai", country="CN")
    start = at("2019-04-30T17:00", "Asia/Shanghai")
    assert local(clock.deadline(start, 2), "Asia/Shanghai") == "2019-05-05 10:00"
    hours = [
        clock.working_hours_between(at(f"2019-{day}T00:00", "Asia/Shanghai"), at(f"2019-{day}T23:00", "Asia/Shanghai"))
        for day in ("04-28", "05-01", "05-02", "05-03", "05-04", "05-05", "05-06", "05-12")
    ]
    assert hours == [8, 0, 0, 0, 0, 8, 8, 0]


def test_make_up_days_may_have_hours_of_their_own():
    clock = working("Asia/Shanghai", country="CN", make_up=((600, 720),))
    sunday = at("2019-05-05T00:00", "Asia/Shanghai")
    assert clock.working_hours_between(sunday, sunday + timedelta(days=1)) == 2


def test_single_days_are_closed_or_open_whatever_else_holds():
    closed, opened = frozenset({date(2026, 5, 5)}), frozenset({date(2026, 5, 9), date(2026, 5, 1)})
    clock = working(country="DE", closed_days=closed, open_days=opened)
    hours = [
        clock.working_hours_between(at(f"2026-05-0{day}T00:00"), at(f"2026-05-0{day}T23:00")) for day in (1, 4, 5, 9)
    ]
    assert hours == [8, 8, 0, 8]


def test_what_happens_near_a_holiday_ends_in_any_zone():
    clock = working(country="DE")
    start = datetime(2026, 12, 24, 23, 30, tzinfo=ZoneInfo("America/New_York"))
    assert local(clock.deadline(start, 1)) == "2026-12-28 10:00"


def test_history_has_the_offset_of_its_time():
    """Moscow was at UTC+4 in 2013 and is at UTC+3 today."""
    clock = working("Europe/Moscow")
    assert clock.deadline(datetime(2013, 6, 3, 0, tzinfo=UTC), 1) == datetime(2013, 6, 3, 6, tzinfo=UTC)
    assert clock.deadline(datetime(2026, 6, 1, 0, tzinfo=UTC), 1) == datetime(2026, 6, 1, 7, tzinfo=UTC)


def test_a_time_without_zone_is_refused():
    for call in (
        lambda: working().deadline(datetime(2026, 5, 4), 1),
        lambda: working().working_hours_between(datetime(2026, 5, 4), at("2026-05-05")),
    ):
        with pytest.raises(HandoffError, match="no time zone"):
            call()


@pytest.mark.parametrize("hours", [-1, float("nan"), float("inf"), True])
def test_hours_that_are_none_are_refused(hours):
    with pytest.raises(HandoffError, match="hours is"):
        working().deadline(at("2026-05-04"), hours)


def test_an_end_before_the_start_is_refused():
    with pytest.raises(HandoffError, match="before the start"):
        working().working_hours_between(at("2026-05-05"), at("2026-05-04"))


def test_a_year_without_working_hours_is_refused_and_not_searched_for_ever():
    days = frozenset(date(2026, 1, 1) + timedelta(days=day) for day in range(1100))
    with pytest.raises(HandoffError, match="no working hours for a year"):
        working(closed_days=days).deadline(at("2026-05-04"), 1)


TEAMS = [
    working(country="DE", subdivision="BY"),
    working("America/Havana", ROUND_THE_CLOCK),
    working("Asia/Shanghai", country="CN"),
    working("Europe/Berlin", (((0, 150), (180, 1440)),) * 7),
]
moments = st.datetimes(datetime(2018, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
amounts = st.integers(0, 200 * 3600).map(lambda seconds: seconds / 3600)


@settings(deadline=None)
@given(st.sampled_from(TEAMS), moments, amounts)
def test_between_start_and_deadline_lie_the_hours(clock, start, hours):
    assert clock.working_hours_between(start, clock.deadline(start, hours)) == pytest.approx(hours, abs=1e-9)


@settings(deadline=None)
@given(st.sampled_from(TEAMS), moments, amounts, amounts, st.timedeltas(timedelta(), timedelta(days=9)))
def test_a_later_start_or_more_hours_never_bring_a_deadline_forward(clock, start, hours, more, later):
    due = clock.deadline(start, hours)
    assert clock.deadline(start, hours + more) >= due >= start
    assert clock.deadline(start + later, hours) >= due


@settings(deadline=None)
@given(st.sampled_from(TEAMS), st.lists(moments, min_size=3, max_size=3))
def test_hours_add_up_over_any_moment_between(clock, times):
    first, middle, last = sorted(times)
    parts = clock.working_hours_between(first, middle) + clock.working_hours_between(middle, last)
    assert parts == pytest.approx(clock.working_hours_between(first, last), abs=1e-9)
