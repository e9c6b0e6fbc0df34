"""Walking forward: nothing is known too early, nothing is left out, and it is the same however it is computed."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from leadqual.errors import EvidenceError
from leadqual.evaluation import History, Prediction, contestants, walk_forward
from leadqual.fact import fact
from leadqual.leads import Leads, Schema, label_outcomes, read_leads
from leadqual.simulation import SampleSettings, simulate


@pytest.fixture(scope="module")
def history():
    sample = simulate(SampleSettings(leads=3000, months=18), seed=7)
    leads = read_leads(sample.table, sample.schema)
    return History(leads, label_outcomes(leads))


class Notes:
    """A contestant that keeps what it was given."""

    def __init__(self) -> None:
        self.steps = []

    def __call__(self, _, earlier, later):
        self.steps.append((earlier, later))
        return Prediction(np.full(len(later), 0.1), np.arange(len(later), dtype=float))


def undated(history):
    schema = Schema(history.leads.schema.scored, outcome="Status", won=("Closed Won",), lost=("Closed Lost",))
    table = history.leads.table[history.leads.table["Status"].isin(["Closed Won", "Closed Lost"])]
    leads = Leads(table.reset_index(drop=True), schema)
    return History(leads, label_outcomes(leads))


@pytest.mark.parametrize("periods", ["month", 4])
def test_each_period_knows_only_outcomes_that_were_known_when_it_began(history, periods) -> None:
    notes, outcomes = Notes(), history.outcomes
    walk = walk_forward(history, who={"notes": notes}, periods=periods)
    assert len(walk.periods) == len(notes.steps) >= 4
    for earlier, later in notes.steps:
        assert outcomes.known_at[earlier].max() <= outcomes.time[later].min()
        assert outcomes.mature[earlier].all()
        assert outcomes.mature[later].all()
    seen = np.concatenate([later for _, later in notes.steps])
    assert len(set(seen)) == len(seen)
    np.testing.assert_array_equal(walk.rows, seen)
    np.testing.assert_array_equal(walk.won, outcomes.label[seen])
    # once walking has begun, every mature lead is predicted, but those of a last month that has fewer than ten
    first = outcomes.time[notes.steps[0][1]].min()
    missed = set(np.flatnonzero(outcomes.mature & (outcomes.time >= first))) - set(seen)
    assert len(missed) < 10
    assert all(outcomes.time[row] > outcomes.time[seen].max() for row in missed)


def test_months_are_months_and_say_what_they_learned_from(history) -> None:
    notes = Notes()
    walk = walk_forward(history, who={"notes": notes})
    created = history.leads.table["Created"].to_numpy().astype("datetime64[M]")
    for number, (period, (earlier, later)) in enumerate(zip(walk.periods, notes.steps, strict=True)):
        assert set(created[later].astype(str)) == {period.name}
        label = history.outcomes.label
        assert (period.trained_on, period.trained_wins) == (len(earlier), label[earlier].sum())
        assert (period.leads, period.wins) == (len(later), label[later].sum())
        assert (walk.period == number).sum() == len(later)
    assert walk.periods[0].trained_wins >= 30
    assert walk.dated
    assert walk.warnings == ()


def test_a_history_without_dates_is_walked_in_blocks_and_says_what_it_cannot_check(history) -> None:
    walk = walk_forward(undated(history), who={"notes": Notes()})
    assert [period.name for period in walk.periods] == [f"block {i}" for i in range(1, 7)]
    assert not walk.dated
    assert walk.warnings[0] == fact("walk_undated")


def test_a_lead_is_predicted_the_same_whatever_came_after_it(history) -> None:
    who = contestants(history, yardsticks=False)
    whole = walk_forward(history, who=who, periods=3)
    cut = whole.time[whole.period == 1].max()
    label = history.outcomes.label.copy()
    label[history.outcomes.time > cut] = 1 - label[history.outcomes.time > cut]
    changed = walk_forward(replace(history, outcomes=replace(history.outcomes, label=label)), who=who, periods=3)
    before = whole.period <= 1
    for name in who:
        np.testing.assert_array_equal(
            whole.predictions[name].probability[before], changed.predictions[name].probability[before]
        )


def test_two_workers_say_what_one_says(history) -> None:
    who = contestants(history, yardsticks=False)
    steps = []
    one = walk_forward(history, who=who, periods=3, progress=lambda *step: steps.append(step))
    two = walk_forward(replace(history, progress=print), who=who, periods=3, n_jobs=2)
    assert steps == [("walking forward", i, 3) for i in (1, 2, 3)]
    for name in who:
        np.testing.assert_array_equal(one.predictions[name].probability, two.predictions[name].probability)
        np.testing.assert_array_equal(one.predictions[name].rank, two.predictions[name].rank)


ON_A_CLUSTER = """
import joblib
import numpy as np
from distributed import Client, LocalCluster
from leadqual.evaluation import History, contestants, walk_forward
from leadqual.leads import label_outcomes, read_leads
from leadqual.simulation import SampleSettings, simulate

if __name__ == "__main__":
    sample = simulate(SampleSettings(leads=2000), seed=7)
    leads = read_leads(sample.table, sample.schema)
    history = History(leads, label_outcomes(leads))
    who = contestants(history, yardsticks=False)
    here = walk_forward(history, who=who, periods=2)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster):
        with joblib.parallel_config(backend="dask"):
            there = walk_forward(history, who=who, periods=2)
    assert here.periods == there.periods
    for name in who:
        np.testing.assert_array_equal(here.predictions[name].probability, there.predictions[name].probability)
    print("the same on", len(there.periods), "periods")
"""


@pytest.mark.slow
def test_a_dask_cluster_says_what_one_machine_says(tmp_path) -> None:
    script = tmp_path / "on_a_cluster.py"
    script.write_text(ON_A_CLUSTER, "utf-8")
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=1200, check=False)
    assert "the same on 2 periods" in run.stdout, run.stderr


class Refuses:
    """A contestant that has too little to learn from before some number of leads."""

    def __init__(self, fewest) -> None:
        self.fewest = fewest

    def __call__(self, _, earlier, later):
        if len(earlier) < self.fewest:
            raise EvidenceError("too little; wait.")
        return Prediction(np.full(len(later), 0.1), np.zeros(len(later)))


def test_a_period_that_someone_cannot_learn_from_is_left_out_and_named(history) -> None:
    everyone = walk_forward(history, who={"base": Refuses(0)})
    some = walk_forward(history, who={"base": Refuses(0), "late": Refuses(1000)})
    assert 0 < len(some.periods) < len(everyone.periods)
    assert min(period.trained_on for period in some.periods) >= 1000
    assert some.warnings[0].code == "walk_left_out"
    with pytest.raises(EvidenceError, match="at least one must be: too little"):
        walk_forward(history, who={"late": Refuses(10**9)})


def test_too_short_a_history_is_refused(history) -> None:
    leads = Leads(history.leads.table.head(120), history.leads.schema)
    with pytest.raises(EvidenceError, match="no period has 30 wins and 30 other outcomes known before it"):
        walk_forward(History(leads, label_outcomes(leads, as_of="2026-12-31")), who={"notes": Notes()})
    schema = Schema(
        history.leads.schema.scored, outcome="Status", won=("Closed Won",), lost=("Closed Lost",), order="same"
    )
    table = history.leads.table[history.leads.table["Status"].isin(["Closed Won", "Closed Lost"])]
    still = Leads(table.assign(same=1).reset_index(drop=True), schema)
    with pytest.raises(EvidenceError, match="walking forward found no later leads"):
        walk_forward(History(still, label_outcomes(still)), who={"notes": Notes()})
