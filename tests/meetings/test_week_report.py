from dataclasses import replace

import pytest

from leadqual.errors import MeetingError
from leadqual.meetings import Sla, weekly
from tests.meetings.written_ledger import MONDAY, written_week

SLA = Sla(
    expected_wins_per_week=1.0,
    first_attempt_in_time=0.5,
    decided_within_hours=48,
    decided_in_time=0.6,
    outcomes_recorded=0.5,
)


@pytest.fixture
def week():
    return written_week().as_of(MONDAY)


def test_every_figure_is_what_the_ledger_holds(week, bundle):
    report = weekly(week, bundle)
    assert (report.week.monday.isoformat(), report.as_of, report.bundle) == ("2026-11-16", MONDAY, bundle.digest)
    everything = report.all
    assert (everything.leads, everything.expected_wins) == (4, pytest.approx(1.3))
    assert (everything.accepted, everything.rejected) == (1, 1)
    # A-1 in time, A-2 late, B-1 never; B-2 is not due yet
    assert (everything.due, everything.in_time, everything.overdue) == (3, 1, 1)
    assert [(one.name, one.leads) for one in report.grades] == [("A", 2), ("B", 2)]
    assert (report.drawn.leads, report.drawn.overdue) == (1, 1)
    # two were worked after two and six hours, two still wait
    assert (report.response.median_hours, report.response.p90_hours) == (6.0, None)
    assert (report.rejections, report.rejections_before) == ({"no budget": 1}, {})
    assert [one.lead for one in report.disagreements] == ["A-2", "P-1"]


def test_the_week_before_is_as_it_was_known_a_week_before(week, bundle):
    report = weekly(week, bundle)
    # of P-2 neither the work nor of P-1 the rejection had happened on Monday the 16th
    assert (report.before.leads, report.before.rejected, report.before.due, report.before.in_time) == (2, 0, 2, 1)
    assert (report.response_before.worked, report.response_before.median_hours) == (1, 1.0)


def test_wins_are_compared_with_the_promise_once_windows_end(week, bundle):
    report = weekly(week, bundle)
    assert (report.matured.leads, report.matured.promised, report.matured.won) == (3, pytest.approx(1.0), 1)
    assert sum(one.leads for one in report.by_band) == 3
    assert not report.matured.unusual


def test_duties_are_the_figures_with_their_targets(week, bundle):
    duties = {one.code: one for one in weekly(week, bundle, sla=SLA).duties}
    assert list(duties) == ["expected_wins", "leads", "first_attempt", "decided", "outcomes"]
    assert (duties["expected_wins"].now, duties["expected_wins"].kept) == (pytest.approx(1.3), True)
    assert (duties["leads"].now, duties["leads"].target, duties["leads"].kept) == (4.0, None, None)
    assert (duties["first_attempt"].now, duties["first_attempt"].of) == (pytest.approx(1 / 3), 3)
    # within 48 hours, B-1 not; B-2 has time until Tuesday
    assert (duties["decided"].now, duties["decided"].of, duties["decided"].kept) == (pytest.approx(2 / 3), 3, True)
    # M-1 was won and M-2 lost; nobody recorded how M-3 ended
    assert (duties["outcomes"].now, duties["outcomes"].of) == (pytest.approx(2 / 3), 3)
    assert [one.owner for one in duties.values()] == ["marketing"] * 2 + ["sales"] * 3


def test_a_course_begins_where_the_ledger_does(week, bundle):
    duties = {one.code: one for one in weekly(week, bundle, sla=SLA).duties}
    course = duties["expected_wins"].course
    assert len(course) == 13
    # from 17 to 23 August the three of August were handed over, from 9 to 15 November P-1 and P-2
    assert course[0] == pytest.approx(1.0)
    assert course[1:-1] == (0.0,) * 11
    assert course[-1] == pytest.approx(0.6)
    assert duties["first_attempt"].course[1:-1] == (None,) * 11


def test_without_an_sla_nothing_is_kept_or_missed(week, bundle):
    duties = weekly(week, bundle).duties
    assert [one.code for one in duties] == ["expected_wins", "leads", "first_attempt", "outcomes"]
    assert {one.kept for one in duties} == {None}


def test_scores_of_another_bundle_are_left_out_of_the_promise_and_said(book, bundle):
    book.scored("M-1", "2026-08-19T09:00:00", bundle="0" * 64)
    book.scored("M-2", "2026-08-19T09:00:00")
    report = weekly(book.as_of(MONDAY), bundle)
    assert (report.matured.leads, report.other_bundles) == (1, 1)
    assert "week_other_bundles" in [one.code for one in report.notes]


def test_a_ledger_that_does_not_say_what_was_handed_over_says_so(book, bundle):
    book.scored("L-1", "2026-11-17T09:00:00", picked="")
    report = weekly(book.as_of(MONDAY), bundle)
    assert report.all.leads == 0
    assert report.notes[0].code == "week_nothing_picked"


def test_the_zone_moves_leads_between_weeks(book, bundle):
    book.scored("L-1", "2026-11-15T23:30:00")
    assert weekly(book.as_of(MONDAY), bundle).all.leads == 0
    assert weekly(book.as_of(MONDAY), bundle, zone="Europe/Berlin").all.leads == 1


def test_later_knowledge_changes_nothing(bundle):
    book = written_week()
    before = weekly(book.as_of(MONDAY), bundle)
    book.add("won", "B-1", "2026-12-01T00:00:00")
    book.scored("L-9", "2026-11-25T00:00:00")
    assert weekly(book.as_of(MONDAY), bundle) == before


def test_no_score_and_no_window_are_refused(book, bundle):
    with pytest.raises(MeetingError, match="the ledger knows no scored lead by 2026-11-23T08:00:00; record"):
        weekly(book.as_of(MONDAY), bundle)
    book.scored("L-1", "2026-11-17T09:00:00")
    with pytest.raises(MeetingError, match="the bundle has no window in which a win counts, which the promise"):
        weekly(book.as_of(MONDAY), replace(bundle, window_days=None))
