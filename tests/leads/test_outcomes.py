"""Labels as of a date, checked against a labeller that goes lead by lead."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadqual.errors import EvidenceError, LeadError
from leadqual.leads.outcomes import label_outcomes
from leadqual.leads.reading import Leads
from leadqual.leads.schema import Schema
from tests.leads.histories import DAY_ONE, dated, day, on, said, schema, undated

# Every kind of lead as of day 130, with a window of 90 days, so that days 0 to 40 are mature.
KINDS = {
    "won in time": (("won", 10, 50), 1.0, True),
    "won on the last day of the window": (("won", 10, 100), 1.0, True),
    "won a day after the window": (("won", 10, 101), 0.0, True),
    "won, but after as_of": (("won", 10, 131), 0.0, True),
    "won, no closing date": (("won", 10, None), 1.0, True),
    "won before it was created": (("won", 10, 5), 1.0, True),
    "lost in time": (("lost", 10, 20), 0.0, True),
    "lost, no closing date": (("lost", 10, None), 0.0, True),
    "open for long": (("open", 10, None), 0.0, True),
    "open, with a planned closing date": (("open", 10, 50), 0.0, True),
    "open, window ends on as_of": (("open", 40, None), 0.0, True),
    "open, window ends a day later": (("open", 41, None), math.nan, False),
    "won early, window still running": (("won", 100, 110), 1.0, False),
    "lost early, window still running": (("lost", 100, 110), 0.0, False),
    "lost after as_of, window still running": (("lost", 100, 140), math.nan, False),
    "created after as_of": (("won", 131, 132), math.nan, False),
    "no creation date": (("won", None, 50), math.nan, False),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_lead_gets_its_label(kind: str) -> None:
    lead, label, mature = KINDS[kind]
    outcomes = label_outcomes(dated(("won", 0, 1), ("lost", 0, 1), lead), as_of=on(130))
    np.testing.assert_equal(outcomes.label[2], label)
    assert bool(outcomes.mature[2]) is mature


def test_counts_times_and_dates_of_all_kinds_together() -> None:
    leads = dated(*(lead for lead, _, _ in KINDS.values()))
    outcomes = label_outcomes(leads, as_of="2026-05-11")
    assert on(130).isoformat() == "2026-05-11"
    mature = [(label, is_mature) for _, label, is_mature in KINDS.values() if is_mature]
    assert outcomes.won == sum(label == 1 for label, _ in mature)
    assert outcomes.lost == sum(label == 0 for label, _ in mature)
    assert outcomes.won + outcomes.lost + outcomes.open == len(KINDS)
    assert (outcomes.basis, outcomes.as_of, outcomes.window_days) == ("dates", "2026-05-11", 90)
    assert (outcomes.first_lead, outcomes.last_lead) == (on(10).isoformat(), on(100).isoformat())
    epoch = DAY_ONE.toordinal() - date(1970, 1, 1).toordinal()
    created = [np.nan if lead[1] is None else epoch + lead[1] for lead, _, _ in KINDS.values()]
    np.testing.assert_allclose(outcomes.time, created)
    np.testing.assert_allclose(outcomes.known_at, np.array(created) + 90)
    for words in (
        "Leads created after as_of=2026-05-11: 1 of 17",
        "Leads closed after as_of=2026-05-11: 2 (1 of them won)",
        "Leads closed before they were created: 1;",
        "Won leads without a closing date: 1;",
        "created is empty in 1 of 17 leads",
        "Wins after the window of 90 days: 1 of 5",
    ):
        assert said(outcomes, words), words


def test_clean_dates_leave_nothing_to_warn_about() -> None:
    assert label_outcomes(dated(("won", 0, 60), ("lost", 1, 5), ("open", 50, None), ("open", 99, None))).warnings == ()


def test_the_same_day_counts_whatever_the_time_of_day() -> None:
    """A closing date without a time of day is midnight, which is before a creation in the afternoon."""
    outcomes = label_outcomes(dated(("won", 10.7, 10), ("won", 10.2, 100.9), ("lost", 10, 20)), as_of=on(100))
    assert outcomes.label.tolist() == [1, 1, 0]
    assert outcomes.mature.all()
    assert not said(outcomes, "before they were created")


def test_as_of_is_the_last_creation_whatever_closing_dates_lie_ahead() -> None:
    outcomes = label_outcomes(
        dated(("won", 0, 60), ("lost", 1, 93), ("won", 2, 300), ("open", 50, 400), ("open", 93, None))
    )
    assert outcomes.as_of == on(93).isoformat()
    assert said(
        outcomes, f"Leads closed after as_of={on(93).isoformat()}: 1 (1 of them won), up to {on(300).isoformat()}"
    )
    assert said(outcomes, "As_of is the day of the last new lead; if the export was made later, pass that day")
    np.testing.assert_array_equal(outcomes.label[:3], [1, 0, 0])


def test_a_history_that_ends_before_its_closings_says_which_day_to_pass() -> None:
    rows = [("won", 0, 60), ("lost", 1, 80), ("won", 20, 110)]
    with pytest.raises(EvidenceError, match=r"no lead is older.*closed after.*3 .*pass that day as as_of"):
        label_outcomes(dated(*rows))
    assert label_outcomes(dated(*rows), as_of=on(110)).won == 2


def test_a_few_creation_dates_far_ahead_are_typing_errors_and_said() -> None:
    rows = [("won" if place % 5 == 0 else "lost", place, place + 3) for place in range(200)]
    outcomes = label_outcomes(dated(*rows, ("open", 5000, None)))
    assert outcomes.as_of == on(199).isoformat()
    assert said(outcomes, "Leads created after as_of=")
    assert said(outcomes, "dated more than 90 days after all others: typing errors")


def test_a_date_far_from_all_others_is_pointed_out() -> None:
    lonely = dated(("won", 0, 60), ("lost", 1, 5), ("lost", 4000, 4001))
    assert said(label_outcomes(lonely), "3999 days after the one before")
    assert not said(label_outcomes(lonely, as_of=on(100)), "after the one before")


@pytest.mark.parametrize(
    "as_of",
    ["2026-05-11", " 2026-05-11 ", date(2026, 5, 11), datetime(2026, 5, 11, 1, tzinfo=UTC), pd.Timestamp("2026-05-11")],
)
def test_as_of_may_be_text_date_or_datetime(as_of: str | date) -> None:
    assert label_outcomes(dated(("won", 0, 60), ("lost", 1, 5)), as_of=as_of).as_of == "2026-05-11"


leads_drawn = st.lists(
    st.tuples(
        st.sampled_from(["won", "lost", "open"]),
        st.none() | st.integers(0, 60).map(float) | st.floats(0, 60),
        st.none() | st.integers(-5, 90).map(float) | st.floats(0, 90),
    ),
    min_size=1,
    max_size=12,
)


def one_by_one(
    rows: list[tuple[str, float | None, float | None]], window: int, as_of: date | None
) -> tuple[list[float], list[bool]] | None:
    """Label lead by lead, in the words of the definition; None when no lead was created by ``as_of``."""

    def calendar(offset: float | None) -> date | None:
        moment = day(offset)
        return None if moment is pd.NaT else moment.date()

    table = [(state, calendar(created), calendar(closed)) for state, created, closed in rows]
    if as_of is None:
        as_of = max(created for _, created, _ in table if created)
    if not any(state == "won" and closed for state, _, closed in table):
        table = [(state, created, None) for state, created, _ in table]
    labels, matures, seen = [], [], False
    for state, created, closed in table:
        if created is None or created > as_of:
            labels.append(math.nan)
            matures.append(False)
            continue
        seen = True
        end = created + timedelta(days=window)
        if closed is not None and closed > as_of:
            state = "open"
        if state == "won":
            labels.append(1.0 if closed is None or closed <= end else 0.0)
        elif state == "lost":
            labels.append(0.0)
        else:
            labels.append(0.0 if end <= as_of else math.nan)
        matures.append(end <= as_of)
    return (labels, matures) if seen else None


@given(rows=leads_drawn, window=st.integers(1, 40), as_of=st.none() | st.integers(-3, 100))
def test_labels_equal_those_found_lead_by_lead(
    rows: list[tuple[str, float | None, float | None]], window: int, as_of: int | None
) -> None:
    when = None if as_of is None else on(as_of)
    leads = dated(*rows)
    if all(created is None for _, created, _ in rows):
        with pytest.raises(LeadError, match="created has no date"):
            label_outcomes(leads, window_days=window, as_of=when)
        return
    expected = one_by_one(rows, window, when)
    if expected is None:
        with pytest.raises(LeadError, match="the first lead was created on"):
            label_outcomes(leads, window_days=window, as_of=when)
        return
    labels, matures = np.array(expected[0]), np.array(expected[1])
    won, lost = int(np.sum(labels[matures] == 1)), int(np.sum(labels[matures] == 0))
    if not won or not lost:
        with pytest.raises(EvidenceError, match=f"{won} won, {lost} not won and {len(rows) - won - lost} undecided"):
            label_outcomes(leads, window_days=window, as_of=when)
        return
    outcomes = label_outcomes(leads, window_days=window, as_of=when)
    np.testing.assert_array_equal(outcomes.label, labels)
    np.testing.assert_array_equal(outcomes.mature, matures)
    assert (outcomes.won, outcomes.lost, outcomes.open) == (won, lost, len(rows) - won - lost)
    assert not np.isnan(outcomes.label[outcomes.mature]).any()
    assert not np.isnan(outcomes.time[outcomes.mature]).any()


@given(rows=leads_drawn, early=st.integers(20, 60), later=st.integers(0, 60))
def test_a_mature_label_never_changes_as_time_goes_on(
    rows: list[tuple[str, float | None, float | None]], early: int, later: int
) -> None:
    base = [("won", 0.0, 1.0), ("lost", 0.0, 1.0)]
    rows = [row for row in rows if row[0] != "won" or row[2] is not None]  # without a date nothing can be rewound
    leads = dated(*base, *rows)
    then = label_outcomes(leads, window_days=10, as_of=on(early))
    now = label_outcomes(leads, window_days=10, as_of=on(early + later))
    assert now.mature[then.mature].all()
    np.testing.assert_array_equal(now.label[then.mature], then.label[then.mature])


def test_leads_per_week_is_that_of_the_last_quarter() -> None:
    """One lead a day for a year, then two a day for 13 weeks."""
    days = [*range(365), *(d for d in range(365, 365 + 91) for _ in range(2))]
    leads = dated(*(("won" if d % 2 else "lost", d, d + 1) for d in days))
    assert label_outcomes(leads).leads_per_week == 14
    assert label_outcomes(leads, as_of=on(364)).leads_per_week == 7
    short = dated(*(("won" if d % 2 else "lost", d, d + 1) for d in range(10)))
    assert label_outcomes(short, window_days=1).leads_per_week == 7
    shorter = dated(*(("won" if d % 2 else "lost", d, d + 1) for d in range(6)))
    assert label_outcomes(shorter, window_days=1).leads_per_week is None


# Creation dates only.


@pytest.mark.parametrize("closed_at", [None, "closed"])
def test_without_closing_dates_every_mature_win_counts(closed_at: str | None) -> None:
    roles = schema(created_at="created", closed_at=closed_at)
    leads = dated(
        ("won", 0, None), ("lost", 1, None), ("open", 2, None), ("won", 95, None), ("open", 95, None), roles=roles
    )
    outcomes = label_outcomes(leads)
    np.testing.assert_array_equal(outcomes.label, [1, 0, 0, 1, np.nan])
    assert outcomes.mature.tolist() == [True, True, True, False, False]
    assert outcomes.basis == "creation"
    assert outcomes.as_of == on(95).isoformat()
    np.testing.assert_array_equal(outcomes.known_at, outcomes.time + 90)
    assert said(outcomes, "cannot be checked, so every mature won lead counts")
    assert said(outcomes, "name the closing date as closed_at" if closed_at is None else "fill closed, which is empty")


# Refusals.


@pytest.mark.parametrize("window", [0, -1, 1.5, True, "90"])
def test_the_window_must_be_whole_days(window: object) -> None:
    with pytest.raises(LeadError, match="whole number of days from 1"):
        label_outcomes(dated(("won", 0, 1), ("lost", 0, 1)), window_days=window)  # type: ignore[arg-type]


def test_as_of_must_be_a_date() -> None:
    leads = dated(("won", 0, 1), ("lost", 0, 1))
    with pytest.raises(LeadError, match="not an ISO date"):
        label_outcomes(leads, as_of="1/2/2026")
    with pytest.raises(LeadError, match="as_of is a int"):
        label_outcomes(leads, as_of=20260501)  # type: ignore[arg-type]


def test_as_of_before_the_first_lead_is_refused() -> None:
    with pytest.raises(LeadError, match="as_of is 2025-12-31, the first lead was created on 2026-01-01"):
        label_outcomes(dated(("won", 0, 1), ("lost", 0, 1)), as_of=on(-1))


def test_a_date_column_that_is_still_text_is_refused() -> None:
    leads = undated(["Won", "Lost"], schema(created_at="created"), created=["2026-01-01", "2026-01-02"])
    with pytest.raises(LeadError, match="created has type str, it must hold datetimes"):
        label_outcomes(leads)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("won", 0, 1), ("won", 50, 51)], "no lead is older than the window"),
        ([("won", 0, 1), ("won", 95, 96)], "an export of customers alone"),
        ([("won", 0, 93), ("lost", 3, 5), ("open", 94, None)], "won too late, or are too young to count"),
        (
            [("lost", 0, 95), ("open", 3, None), ("open", 94, None)],
            "check which outcome values the schema lists as won",
        ),
    ],
    ids=["nothing mature", "no losses", "wins too late", "no wins"],
)
def test_one_sided_evidence_is_refused_with_its_cause(rows: list[tuple[str, float, float]], words: str) -> None:
    with pytest.raises(EvidenceError, match=words):
        label_outcomes(dated(*rows))


def test_one_sided_evidence_without_dates_is_refused() -> None:
    with pytest.raises(EvidenceError, match=r"0 won, 2 not won and 1 undecided leads.*lists as won"):
        label_outcomes(undated(["Lost", "Lost", "New"], schema()))
    with pytest.raises(EvidenceError, match=r"1 won, 0 not won and 1 undecided leads.*list the values that mean lost"):
        label_outcomes(undated(["Won", "New"], schema()))


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(EvidenceError, match="the table has 0 leads"):
        label_outcomes(dated())


# Real data.


@pytest.mark.real_data
def test_olist_has_its_known_wins_within_the_window(real_data: Path) -> None:
    folder = real_data / "olist"
    table = pd.read_csv(folder / "marketing_qualified_leads.csv", dtype=str).merge(
        pd.read_csv(folder / "closed_deals.csv", dtype=str)[["mql_id", "won_date"]], how="left", on="mql_id"
    )
    for column in ("first_contact_date", "won_date"):
        table[column] = pd.to_datetime(table[column]).astype("datetime64[us]")
    roles = Schema((), outcome="won_date", won=("*",), created_at="first_contact_date", closed_at="won_date")
    unsaid = label_outcomes(Leads(table, roles, ()))
    assert said(unsaid, "Leads closed after as_of=2018-05-31")
    outcomes = label_outcomes(Leads(table, roles, ()), as_of="2018-11-14")
    days = (table["won_date"].dt.normalize() - table["first_contact_date"]).dt.days
    assert outcomes.won == int((days <= 90).sum())
    assert outcomes.won + outcomes.lost == len(table)  # the history ends long after the last lead
    assert said(outcomes, "Leads closed before they were created: 1;")


@pytest.mark.real_data
def test_x_education_is_ordered_by_its_lead_number(real_data: Path) -> None:
    source = next((real_data / "xeducation").glob("*.csv"))
    table = pd.read_csv(source, dtype=str)
    roles = Schema((), outcome="Converted", won=("1",), lost=("0",), order="Lead Number")
    outcomes = label_outcomes(Leads(table, roles, ()))
    assert outcomes.won == int((table["Converted"] == "1").sum())
    assert outcomes.mature.all()
    assert outcomes.time[0] == len(table) - 1  # the export is newest first


def test_wins_keep_their_age_also_before_the_window_has_passed():
    leads = dated(("won", 0, 20), ("won", 80, 95), ("won", 90, 130), ("lost", 5, 9), ("open", 3, None), ("won", 4, 2))
    found = label_outcomes(leads, window_days=60, as_of=on(100))
    assert found.won_after is not None
    np.testing.assert_array_equal(found.won_after, [20, 15, np.nan, np.nan, np.nan, 0])
    assert found.mature.tolist() == [True, False, False, True, True, True]


def test_without_closing_dates_no_win_has_an_age():
    creation_only = dated(("won", 0, None), ("lost", 1, None), ("open", 90, None), roles=schema(created_at="created"))
    assert label_outcomes(creation_only, window_days=60, as_of=on(100)).won_after is None
    assert label_outcomes(undated(["Won", "Lost"], schema())).won_after is None
