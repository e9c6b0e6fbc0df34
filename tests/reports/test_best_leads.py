"""The best leads are those with most points, each as the scorer scores it."""

import io

import pandas as pd
import pytest
from rich.console import Console

from leadqual.bundle import Bundle
from leadqual.errors import LeadError
from leadqual.reports.best_leads import best_leads
from leadqual.reports.leads_terminal import show_leads
from leadqual.scorer import Scorer

LEADS = pd.DataFrame(
    {
        "Lead ID": ["L-1", "L-2", "L-3", "L-4"],
        "Need": ["Later", "Urgent", "", "Urgent"],
        "Visits": ["2", "55", "many", "1"],
    }
)


def test_they_come_best_first_and_equal_what_the_scorer_says(bundle: Bundle) -> None:
    scorer = Scorer(bundle)
    best = best_leads(scorer, LEADS, count=3)
    assert [one.lead for one in best] == ["L-2", "L-4", "L-3"]
    by_id = {lead["Lead ID"]: lead for lead in LEADS.to_dict("records")}
    assert [one.score for one in best] == [scorer.score_one(by_id[one.lead]) for one in best]


def test_equals_keep_the_order_of_the_table_and_rows_are_numbered_where_there_are_no_ids(bundle: Bundle) -> None:
    same = pd.DataFrame({"Need": ["Later", "Urgent", "Urgent"], "Visits": ["2", "5", "6"]}, index=[7, 7, 7])
    assert [one.lead for one in best_leads(Scorer(bundle), same)] == ["row 2", "row 3", "row 1"]


def test_no_leads_give_none_and_a_count_of_none_is_refused(bundle: Bundle) -> None:
    assert best_leads(Scorer(bundle), LEADS.head(0)) == ()
    with pytest.raises(LeadError, match="count is 0, must be 1 or more"):
        best_leads(Scorer(bundle), LEADS, count=0)


@pytest.mark.parametrize("width", [80, 120, 160])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_each_lead_shows_grade_probability_interval_reasons_and_notes(
    bundle: Bundle, width: int, encoding: str
) -> None:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    best = best_leads(Scorer(bundle), LEADS)
    show_leads(Console(file=file, width=width), best, window_days=90)
    file.flush()
    raw = file.buffer
    assert isinstance(raw, io.BytesIO)
    text = raw.getvalue().decode(encoding)
    assert max(len(line) for line in text.splitlines()) <= min(width, 120)
    assert "wins in 90 days" in text
    score = best[0].score
    first = next(line for line in text.splitlines() if "L-2" in line)
    assert first.split()[:4] == ["1", "L-2", score.grade, str(score.score)]
    assert first.rstrip().endswith("in 4 h")
    assert "+31 Need: Urgent" in text
    assert "-12 Need: Later" in text
    assert "! Visits: above the range seen in training" in text
    assert "! Visits: cannot be read; counted as average" in text


def test_a_reason_is_not_broken_where_it_fits_a_line_of_its_own(bundle: Bundle) -> None:
    file = io.StringIO()
    show_leads(Console(file=file, width=40), best_leads(Scorer(bundle), LEADS, count=1), window_days=None)
    lines = [line.strip() for line in file.getvalue().splitlines()]
    assert "+31 Need: Urgent" in lines
    assert "+9 Visits: 3 and more" in lines


def test_ages_are_shown_where_they_are_known(bundle: Bundle) -> None:
    best = best_leads(Scorer(bundle), LEADS, age_days=[3.0, 12.0, float("nan"), 0.0])
    assert {one.lead: one.age_days for one in best} == {"L-1": 3, "L-2": 12, "L-3": None, "L-4": 0}
    file = io.StringIO()
    show_leads(Console(file=file, width=80), best, window_days=90)
    head, first = file.getvalue().splitlines()[:2]
    assert head.rstrip().endswith("age  follow up")
    assert first.rstrip().endswith("12 d  in 4 h")
    assert max(len(line) for line in file.getvalue().splitlines()) <= 80
