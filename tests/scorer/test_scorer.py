import copy
import json
import pickle
import subprocess
import sys
from collections import OrderedDict, UserDict, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace

import joblib
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadqual.bundle import (
    Band,
    Bundle,
    FieldPoints,
    Grade,
    PointsTable,
    Policy,
    ProbabilityCurve,
    Provenance,
    ScoreScale,
)
from leadqual.bundle.encoding import encoders
from leadqual.errors import BundleError, LeadError
from leadqual.reasons import Change, NextGrade, reasons_for
from leadqual.scorer import Scorer

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
NEED = FieldPoints(
    "Need",
    "category",
    (Band("Urgent", 30, values=("Urgent",)), Band("Later", -8, values=("Later",)), Band("missing", -2, missing=True)),
    average_points=3,
    actionable=True,
)
VISITS = FieldPoints(
    "Visits",
    "numeric",
    (Band("under 3", -5, interval=(None, 3.0)), Band("3 and more", 9, interval=(3.0, None))),
    average_points=1,
    seen=(0.0, 40.0),
)


@pytest.fixture
def bundle():
    return Bundle(
        "tiny",
        90,
        0.28,
        PointsTable((NEED, VISITS), 95),
        ProbabilityCurve(98, (0.2, 0.3, 0.4), (0.1, 0.2, 0.3), (0.3, 0.4, 0.5), 0.95, "none", "", 900, 250),
        ScoreScale(90, (20, 50, 80)),
        Policy((Grade("A", 120, 4.0), Grade("B", 110, 24.0), Grade("D", None, None)), 99, 110, ()),
        Provenance("", "", "", "", 900, 900, 250, 650, 0, None, None, None, 0),
    )


@pytest.fixture
def scorer(bundle):
    return Scorer(bundle)


def test_a_score_by_hand(scorer):
    score = scorer.score_one({"Need": "Urgent", "Visits": "55", "Name": "ignored"})
    assert (score.points, score.score, score.grade, score.qualification) == (95 + 30 + 9, 80, "A", "SQL")
    assert (score.probability, score.low, score.high, score.follow_up_hours) == (0.4, 0.3, 0.5, 4.0)
    assert [str(reason) for reason in score.reasons] == ["Need: Urgent (+27)", "Visits: 3 and more (+8)"]
    assert score.notes == ("Visits: above the range seen in training",)


def test_fields_that_are_absent_count_as_missing_and_notes_keep_the_order_of_fields(scorer):
    score = scorer.score_one({})
    assert score.points == 95 - 2 + 1
    assert score.notes == ("Need: not given; counted as missing", "Visits: not given; counted as average")
    given_empty = scorer.score_one({"Need": None, "Visits": None})
    assert given_empty.points == score.points
    assert given_empty.notes == ("Visits: missing, never seen so in training; counted as average",)


def test_new_and_unreadable_values_are_noted_without_repeating_them(scorer):
    score = scorer.score_one({"Need": "Kim Example", "Visits": "kim@example.com"})
    assert score.notes == (
        "Need: new value; counted as average",
        "Visits: cannot be read; counted as average",
    )
    assert score.points == scorer.bundle.points_table.average_points
    assert "Kim" not in str(score)
    assert "kim" not in json.dumps(score.to_dict())


@given(st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
def test_a_score_is_what_the_parts_of_its_bundle_say(strategies, data):
    bundle = data.draw(strategies.bundles())
    table = bundle.points_table
    lead = data.draw(strategies.leads(table))
    score = Scorer(bundle).score_one(lead)
    found = encoders(table)
    codes = [
        encoder.encode(lead[encoder.field.name]) if encoder.field.name in lead else encoder.absent_code
        for encoder in found
    ]
    points = table.base_points + sum(encoder.places[code].points for encoder, code in zip(found, codes, strict=True))
    assert score.points == points
    assert score.score == bundle.scale.at(points)
    assert (score.probability, score.low, score.high) == bundle.curve.at(points)
    grade = bundle.policy.grade(points)
    assert (score.grade, score.follow_up_hours) == (grade.name, grade.follow_up_hours)
    assert score.qualification == bundle.policy.qualification(points)
    assert score.reasons == reasons_for(found, codes)
    assert sum(reason.points for reason in score.reasons) == points - table.average_points
    notes = {reason.field: f"{reason.field}: {reason.note}" for reason in score.reasons if reason.note}
    assert score.notes == tuple(notes[name] for name in table.names if name in notes)


def test_several_leads_give_a_list_in_their_order(scorer):
    leads = [{"Need": "Later"}, OrderedDict(Need="Urgent"), UserDict(Need=""), defaultdict(str, Need="Later")]
    expected = [scorer.score_one(dict(lead)) for lead in leads]
    assert scorer.score(leads) == scorer.score(tuple(leads)) == scorer.score(iter(leads)) == expected
    assert scorer.score([]) == []


def test_a_row_of_a_table_is_a_lead(scorer):
    row = pd.Series({"Need": "Urgent", "Visits": 4})
    assert scorer.score_one(row) == scorer.score_one(row.to_dict())
    assert scorer.next_grade(row) is None
    with pytest.raises(LeadError, match="the same field twice"):
        scorer.score_one(pd.Series(["Urgent", "Later"], index=["Need", "Need"]))


@pytest.mark.parametrize("wrong", [None, "lead", 3, [("Need", "Urgent")], pd.DataFrame({"Need": ["Urgent"]})])
def test_what_is_no_lead_is_refused(scorer, wrong):
    message = f"the lead is of type {type(wrong).__name__}, must be a mapping .*; score takes several leads"
    with pytest.raises(LeadError, match=message):
        scorer.score_one(wrong)
    with pytest.raises(LeadError, match=message):
        scorer.next_grade(wrong)
    with pytest.raises(LeadError, match=message):
        scorer.score([{}, wrong])


@pytest.mark.parametrize("wrong", [None, "leads.csv", b"", 3, {"Need": "Urgent"}])
def test_what_are_no_leads_is_refused(scorer, wrong):
    with pytest.raises(
        LeadError, match=f"leads is of type {type(wrong).__name__}, must be .*; score_one takes one lead"
    ):
        scorer.score(wrong)


def test_a_number_of_reasons_below_0_is_refused(scorer):
    with pytest.raises(LeadError, match="reasons is -1, must be 0 or more"):
        scorer.score([], reasons=-1)


def test_what_lifts_a_lead(scorer):
    # 95 - 8 + 9 = 96 points: B starts at 110, and only Need is actionable
    assert scorer.next_grade({"Need": "Later", "Visits": 5}) == NextGrade("B", 14, (Change("Need", "Urgent", 38),))
    assert scorer.next_grade({"Need": "Urgent", "Visits": 5}) is None
    assert scorer.next_grade({}).points_needed == 110 - scorer.score_one({}).points
    sql = scorer.bundle.policy.sql_points
    assert scorer.changes_to_sql({"Need": "Urgent", "Visits": 5}) == ()
    later = scorer.score_one({"Need": "Later", "Visits": 5}).points
    lift = scorer.changes_to_sql({"Need": "Later", "Visits": 5})
    assert lift == (Change("Need", "Urgent", 38),)
    assert later < sql <= later + 38


def test_a_saved_bundle_scores_the_same(bundle, scorer, tmp_path):
    path = bundle.save(tmp_path / "tiny.json")
    assert Scorer.load(path) == Scorer.load(str(path)) == scorer
    assert Scorer.load(path).score_one({"Need": "Urgent"}) == scorer.score_one({"Need": "Urgent"})
    path.write_text(path.read_text().replace("95", "96", 1))
    with pytest.raises(BundleError, match="restore the file"):
        Scorer.load(path)


def test_copies_score_the_same(scorer, tmp_path):
    lead = {"Need": "Urgent", "Visits": 70}
    pickled = pickle.loads(pickle.dumps(scorer))  # noqa: S301  # what was just pickled
    dumped = joblib.load(joblib.dump(scorer, tmp_path / "scorer.joblib")[0])
    for other in (pickled, dumped, copy.copy(scorer), copy.deepcopy(scorer)):
        assert other == scorer
        assert hash(other) == hash(scorer)
        assert other.score_one(lead) == scorer.score_one(lead)
    assert Scorer(replace(scorer.bundle, name="other")) != scorer


def test_scores_pickle(scorer):
    score = scorer.score_one({"Need": "Urgent"})
    assert pickle.loads(pickle.dumps(score)) == score  # noqa: S301  # what was just pickled


def test_a_scorer_cannot_change(scorer):
    with pytest.raises(FrozenInstanceError):
        scorer.bundle = None
    assert not hasattr(scorer, "__dict__")


def test_threads_share_a_scorer(scorer):
    leads = [{"Need": need, "Visits": visits} for need in ("Urgent", "Later", None, "x") for visits in range(50)]
    expected = [scorer.score_one(lead) for lead in leads]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(scorer.score_one, leads * 5)) == expected * 5


def test_scorers_and_scores_show_themselves_shortly(scorer):
    assert repr(scorer) == "Scorer(Bundle('tiny': 2 fields, won within 90 days, base rate 28.0%))"
    score = scorer.score_one({"Need": "Later", "Visits": 50})
    assert repr(score) == "Score(96 points, score 80, probability 20.0% (10.0% to 30.0%), grade D, qualification none)"
    assert str(score).splitlines() == [
        "grade D, qualification none, no follow-up due",
        "score 80 of 100, 96 points, probability 20.0% (10.0% to 30.0%)",
        "  + Visits: 3 and more (+8)",
        "  - Need: Later (-11)",
        "  ! Visits: above the range seen in training",
    ]


def test_base_install_scores_without_numpy_and_pandas(bundle, scorer, tmp_path):
    path = bundle.save(tmp_path / "tiny.json")
    code = """
import sys
for name in ("numpy", "pandas", "sklearn", "scipy", "pyarrow", "joblib"):
    sys.modules[name] = None
import json
from leadqual.scorer import Scorer
scorer = Scorer.load(sys.argv[1])
leads = [{"Need": "Urgent", "Visits": 4}, {"Need": None, "Visits": "1,000"}, {}]
scores = scorer.score(leads)
assert type(scores) is list
print(json.dumps([score.to_dict() for score in scores]))
"""
    done = subprocess.run([sys.executable, "-c", code, path], check=True, capture_output=True, text=True)
    leads = [{"Need": "Urgent", "Visits": 4}, {"Need": None, "Visits": "1,000"}, {}]
    assert json.loads(done.stdout) == [score.to_dict() for score in scorer.score(leads)]


def test_importing_and_scoring_loads_the_standard_library_alone(bundle, tmp_path):
    path = bundle.save(tmp_path / "tiny.json")
    code = """
import sys
before = set(sys.modules)
from leadqual.scorer import Scorer
scorer = Scorer.load(sys.argv[1])
scorer.score_one({"Need": "Urgent"})
scorer.next_grade({"Need": "Later"})
loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
print(sorted(loaded - sys.stdlib_module_names))
print([name for name in ("leadqual.scorer.batch", "leadqual.bundle.shown", "pathlib") if name in sys.modules])
"""
    # isolated from the user's site folder, where start-up files may import anything
    done = subprocess.run([sys.executable, "-s", "-c", code, path], check=True, capture_output=True, text=True)
    loaded, lazy = done.stdout.splitlines()
    assert loaded == "['leadqual']"
    assert lazy == "[]"
