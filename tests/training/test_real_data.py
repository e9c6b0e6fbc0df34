"""The main job on real leads: X Education, Olist, Maven."""

import numpy as np
import pytest

from benchmarks.real_leads import by_time, maven, olist, xeducation
from leadqual import sentences
from leadqual.errors import EvidenceError
from leadqual.scorecard import ScorecardClassifier
from leadqual.scorer import Scorer
from leadqual.training import train

pytestmark = pytest.mark.real_data

# Log loss on the last quarter in time, of a prototype of this scorecard (integer points, at most six bands a field).
PROTOTYPE = {"xeducation": 0.4121, "olist": 0.2691}
# What may be lost against it: nothing on the first set; on the second, where logistic regression (.2682) and the
# prototype differ by .0009, the scorecard is .0003 worse: benchmarks/README.md says what was tried.
ALLOWED = {"xeducation": 0.0, "olist": 0.0005}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["xeducation", "olist"])
def test_whole_points_in_six_bands_hold_up_on_the_last_quarter(real_data, name):
    table, won, features = by_time(real_data, name)
    cut = len(won) - len(won) // 4
    card = ScorecardClassifier(features).fit(table[:cut], won[:cut], created_at=np.arange(cut))
    logits, later = card.decision_function(table[cut:]), won[cut:]
    loss = float(np.mean(np.logaddexp(0, logits) - later * logits))
    assert loss <= PROTOTYPE[name] + ALLOWED[name]
    assert max(len(field.bands) for field in card.points_table_.fields) <= 6


@pytest.mark.slow
@pytest.mark.parametrize(("read", "as_of", "better"), [(xeducation, None, 0.2), (olist, "2018-11-14", 0.01)])
def test_trains_and_scores_real_leads(real_data, tmp_path, read, as_of, better):
    """Olist's contacts end in May, its deals were followed until November: that must be said."""
    leads = read(real_data)
    training = train(leads, name=read.__name__, as_of=as_of)
    evidence = training.bundle.evidence
    card, base = (evidence.performance(who).value("log_loss") for who in ("scorecard", "base rate"))
    assert card < base - better
    scorer = Scorer.load(training.bundle.save(tmp_path / "bundle.json"))
    scores = scorer.score(leads.table.head(500))
    assert (scores["points"] == training.scorecard.points(leads.table.head(500))).all()
    assert scores["probability"].between(scores["low"], scores["high"]).all()


@pytest.mark.slow
def test_refuses_where_there_is_nothing(real_data):
    leads = maven(real_data)
    with pytest.raises(EvidenceError, match="these fields do not predict outcomes"):
        train(leads, name="maven")
    training = train(leads, name="maven", force=True)
    evidence = training.bundle.evidence
    card, base = (evidence.performance(who) for who in ("scorecard", "base rate"))
    assert card.value("log_loss") > base.value("log_loss") - 0.005
    assert abs(card.value("auc") - 0.5) < 0.05
    assert any(warning.startswith("It was forced") for warning in sentences(training.warnings))
