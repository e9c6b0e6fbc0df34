import pytest

from leadqual.bundle import Evidence, Measure, Performance

CARD = Performance("scorecard", (Measure("auc", 0.8, 0.7, 0.9), Measure("brier", None)))


def test_figures_are_found_by_name():
    evidence = Evidence("by time", None, None, 600, 300, 80, (CARD,))
    assert evidence.performance("scorecard") is CARD
    assert CARD.value("auc") == 0.8
    assert CARD.value("brier") is None
    with pytest.raises(KeyError, match="prior rule"):
        evidence.performance("prior rule")
    with pytest.raises(KeyError, match="log_loss"):
        CARD.value("log_loss")
