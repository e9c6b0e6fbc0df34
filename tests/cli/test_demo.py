"""``leadqual demo`` shows everything once, and writes a bundle that works."""

import json

from leadqual.bundle import Bundle
from leadqual.leads import label_outcomes, read_leads
from leadqual.scorer import Scorer
from leadqual.simulation import SampleSettings, simulate


def test_it_shows_the_evaluation_and_the_ten_best_open_leads_and_says_what_is_next(shell) -> None:
    result = shell("demo", "--leads", 900, "--seed", 2)
    assert result.exit_code == 0, result.stderr
    for title in ("Points table", "Policy", "How it held up on later leads", "The ten best open leads"):
        assert f"\n{title}\n" in result.stdout
    assert "prior rule" in result.stdout
    assert "Wrote the bundle: models/demo.json" in result.stdout
    for step in ("init leads.csv", "train leads.csv", "score models/leads.json new-leads.csv"):
        assert step in result.stdout
    assert max(len(line) for line in result.stdout.splitlines()) <= 80
    scorer = Scorer.load(shell.folder / "models" / "demo.json")
    sample = simulate(SampleSettings(leads=900), seed=2)
    outcomes = label_outcomes(read_leads(sample.table, sample.schema))
    waiting = sample.table[(sample.table["Status"].isin(sample.schema.open)).to_numpy() & ~outcomes.mature]
    best = waiting.assign(points=scorer.score(waiting)["points"]).sort_values("points", ascending=False, kind="stable")
    listed = result.stdout.split("The ten best open leads")[1]
    shown = [word for word in listed.split() if word.startswith("L-")]
    assert shown == best["Lead ID"].head(10).tolist()
    assert f"{len(waiting):,} of them open" in " ".join(result.stdout.split())


def test_json_holds_the_leads_with_every_reason(shell) -> None:
    result = shell("demo", "--leads", 600, "--out", "elsewhere.json", "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    bundle = Bundle.load(shell.folder / "elsewhere.json")
    assert told["bundle"] == "elsewhere.json"
    assert told["summary"]["digest"] == bundle.digest
    assert len(told["best"]) == 10
    assert told["past_window"] > 0
    for lead in told["best"]:
        assert 0 <= lead["age_days"] < bundle.window_days
        points = sum(reason["points"] for reason in lead["reasons"])
        assert points == lead["points"] - bundle.points_table.average_points
    assert bundle.provenance.command == "leadqual demo --leads 600 --seed 0"


def test_too_few_leads_are_refused(shell) -> None:
    result = shell("demo", "--leads", 12)
    assert result.exit_code == 1
    assert result.stderr.startswith("leadqual: ")
    assert list(shell.folder.iterdir()) == []
