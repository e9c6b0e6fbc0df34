from datetime import date

import numpy as np
import pandas as pd
import pytest

from leadqual.errors import MeetingError
from leadqual.meetings import Week


@pytest.mark.parametrize("as_of", ["2026-11-23T00:00:00Z", "2026-11-25T12:00:00Z", "2026-11-29T23:59:59Z"])
def test_a_week_is_the_last_one_that_had_ended(as_of):
    assert Week.before(as_of) == Week(date(2026, 11, 16))


def test_a_week_begins_at_midnight_of_the_zone():
    # 23:30 UTC on Sunday is Monday in Lisbon in summer, so that the week that begins is not over
    assert Week.before("2026-06-07T23:30:00Z", zone="Europe/Lisbon").monday == date(2026, 6, 1)
    assert Week.before("2026-06-07T23:30:00Z").monday == date(2026, 5, 25)
    assert Week(date(2026, 6, 1), "Asia/Shanghai").start == np.datetime64("2026-05-31T16:00:00")


def test_a_week_in_which_clocks_change_has_an_hour_more_or_less():
    autumn, spring = Week(date(2026, 10, 19), "Europe/Berlin"), Week(date(2026, 3, 23), "Europe/Berlin")
    assert [(one.end - one.start) / np.timedelta64(1, "h") for one in (autumn, spring)] == [169, 167]


def test_the_number_is_that_of_the_iso_year():
    assert (Week(date(2026, 12, 28)).number, Week(date(2027, 1, 4)).number) == (53, 1)


def test_it_holds_monday_midnight_and_not_the_next_one():
    times = pd.Series(
        pd.to_datetime(
            ["2026-11-15T23:59:59", "2026-11-16T00:00:00", "2026-11-22T23:59:59", "2026-11-23T00:00:00", None]
        )
    )
    assert Week(date(2026, 11, 16)).holds(times).tolist() == [False, True, True, False, False]


def test_an_earlier_week_is_whole_weeks_before():
    assert Week(date(2026, 11, 16), "Asia/Tokyo").earlier(3) == Week(date(2026, 10, 26), "Asia/Tokyo")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd"])
def test_another_zone_is_refused_with_the_way_out(zone):
    with pytest.raises(MeetingError, match="is no time zone, it must be one of the IANA database; pass one such as"):
        Week.before("2026-11-23", zone=zone)
