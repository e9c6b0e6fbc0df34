"""The demonstration is reproducible and says how far it is."""

from leadqual.leads import label_outcomes, read_leads
from leadqual.reports.demonstration import demonstrate
from leadqual.scorer import Scorer
from leadqual.simulation import SampleSettings, simulate


def test_the_same_seed_gives_the_same_bundle_and_the_best_of_the_open_leads() -> None:
    steps: list[str] = []
    first = demonstrate(leads=600, seed=4, progress=lambda *told: steps.append(told[0]))
    again = demonstrate(leads=600, seed=4)
    assert first.training.bundle == again.training.bundle
    assert first.best == again.best
    assert steps[0] == "simulating a company's history"
    assert steps[-1] == "scoring the open leads"
    sample = simulate(SampleSettings(leads=600), seed=4)
    still = sample.table["Status"].isin(sample.schema.open).to_numpy()
    mature = label_outcomes(read_leads(sample.table, sample.schema)).mature
    waiting = sample.table[still & ~mature]
    assert (first.leads, first.open_leads, first.past_window) == (600, len(waiting), int((still & mature).sum()))
    assert first.past_window > 0
    assert all(one.age_days is not None and one.age_days < 90 for one in first.best)
    scores = {lead["Lead ID"]: lead for lead in waiting.to_dict("records")}
    scorer = Scorer(first.training.bundle)
    assert all(one.score == scorer.score_one(scores[one.lead]) for one in first.best)
    worst = min(one.score.points for one in first.best)
    others = [
        scorer.score_one(lead).points for name, lead in scores.items() if name not in {o.lead for o in first.best}
    ]
    assert max(others) <= worst
