"""The plots: that they show the data they are given, in words, and leave matplotlib as it was."""

from __future__ import annotations

import io
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import StepPatch

from leadqual.bundle import ReliabilityBin
from leadqual.errors import EvidenceError
from leadqual.evaluation import gains, outcome_distribution
from leadqual.evaluation.plots import gain_plot, period_plot, reliability_plot, score_plot
from leadqual.evaluation.reliability import actual_interval

BINS = (ReliabilityBin(0.1, 0.0, 40), ReliabilityBin(0.3, 0.35, 40), ReliabilityBin(0.7, 0.6, 40))


def words(figure: Figure) -> str:
    figure.savefig(io.BytesIO(), format="png")  # it can be drawn, without a warning
    found = [text.get_text() for text in figure.findobj(mpl.text.Text)]
    return " | ".join(found)


def test_reliability_shows_each_bin_with_its_interval() -> None:
    figure = reliability_plot(BINS, coverage=0.9)
    axes = figure.axes[0]
    diagonal, points = (line.get_xydata() for line in axes.lines[:2])
    np.testing.assert_allclose(diagonal, [[0, 0], [1, 1]])
    np.testing.assert_allclose(points, [[entry.predicted, entry.actual] for entry in BINS])
    (bars,) = [item for item in axes.collections if isinstance(item, LineCollection)]
    for segment, entry in zip(bars.get_segments(), BINS, strict=True):
        np.testing.assert_allclose(segment[:, 1], actual_interval(entry, coverage=0.9))
    said = words(figure)
    assert "Promised: mean probability of winning" in said
    assert "What came: share of leads won" in said
    assert "120 leads in 3 groups by probability; bars: 90% intervals." in said
    assert axes.get_xlim() == axes.get_ylim()


def test_reliability_shows_all_of_every_interval() -> None:
    for scale in (0.01, 0.2, 1.0):
        bins = [ReliabilityBin(scale * entry.predicted, scale * entry.actual, 1_000) for entry in BINS]
        limit = reliability_plot(bins).axes[0].get_ylim()[1]
        assert max(max(actual_interval(entry)[1], entry.predicted) for entry in bins) <= limit <= 1


def test_gains_show_each_curve_and_what_capacity_catches() -> None:
    won, rank = [1, 1, 0, 0, 0], [5, 4, 3, 2, 1]
    figure = gain_plot({"scorecard": gains(won, rank), "prior rule": gains(won, rank[::-1])}, capacity_share=0.2)
    lines = {line.get_label(): line.get_xydata() for line in figure.axes[0].lines}
    np.testing.assert_allclose(lines["scorecard"][:, 1], [0, 0.5, 1, 1, 1, 1])
    np.testing.assert_allclose(lines["prior rule"][:, 1], [0, 0, 0, 0, 0.5, 1])
    np.testing.assert_allclose(lines["best possible"], [[0, 0], [0.4, 1], [1, 1]])
    np.testing.assert_allclose(lines["any order"], [[0, 0], [1, 1]])
    said = words(figure)
    assert "the best 20% of leads by scorecard hold 50% of the wins" in said
    assert "Share of leads worked, best first" in said
    assert "Dot" not in words(gain_plot({"scorecard": gains(won, rank)}))


def test_curves_differ_in_more_than_colour() -> None:
    curve = gains([1, 0], [2, 1])
    lines = gain_plot(dict.fromkeys("abcd", curve)).axes[0].lines[:4]
    assert len({line.get_color() for line in lines}) == 4
    assert len({str(line._dash_pattern) for line in lines}) == 4  # the drawn pattern; get_linestyle hides custom ones


def test_scores_show_shares_of_won_and_of_other_leads_on_one_scale() -> None:
    spread = outcome_distribution([1, 1, 0, 0, 0, 0], [110, 112, 91, 93, 101, 112], width=10)
    figure = score_plot(spread, thresholds={"SQL": 110, "MQL": 100}, label="Score")
    upper, lower = figure.axes
    for axes, expected in ((upper, [0, 0, 1]), (lower, [0.5, 0.25, 0.25])):
        (bars,) = [patch for patch in axes.patches if isinstance(patch, StepPatch)]
        np.testing.assert_allclose(bars.get_data().values, expected)
        assert sorted(line.get_xdata()[0] for line in axes.lines) == [100, 110]
    assert upper.get_ylim() == lower.get_ylim()
    said = words(figure)
    for text in ("2 won", "4 not won", "MQL", "SQL", "Score", "classes 10 wide"):
        assert text in said


def test_marks_that_are_close_stand_on_either_side_of_their_lines() -> None:
    spread = outcome_distribution([1, 0], [110, 91])
    for count, sides in ((1, ["center"]), (2, ["right", "left"]), (3, ["right", "center", "left"])):
        names = {f"mark {i}": 100 + i for i in range(count)}
        labels = [text for text in score_plot(spread, thresholds=names).axes[0].texts if "mark" in text.get_text()]
        assert [text.get_horizontalalignment() for text in labels] == sides


def test_leads_of_one_outcome_can_be_shown() -> None:
    assert "0 won" in words(score_plot(outcome_distribution([0, 0], [100, 110])))


def test_nothing_to_show_is_refused() -> None:
    with pytest.raises(EvidenceError, match="bins has no entry"):
        reliability_plot(())
    with pytest.raises(EvidenceError, match="curves has 0 entries"):
        gain_plot({})
    with pytest.raises(EvidenceError, match="curves has 5 entries, a gain plot takes 1 to 4"):
        gain_plot(dict.fromkeys("abcde", gains([1, 0], [2, 1])))


def test_settings_of_matplotlib_stay_as_they_were() -> None:
    before = dict(mpl.rcParams)
    reliability_plot(BINS)
    score_plot(outcome_distribution([1, 0], [110, 91]))
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(
    ("module", "absent"), [("leadqual.evaluation", "matplotlib"), ("leadqual.evaluation.plots", "matplotlib.pyplot")]
)
def test_figures_need_no_matplotlib_and_plots_no_window(module: str, absent: str) -> None:
    code = f"import sys, {module}; sys.exit({absent!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_periods_are_drawn_in_order_with_gaps_where_nothing_is_defined():
    names = [f"2026-{month:02d}" for month in range(1, 9)]
    lines = {"scorecard": [0.3, None, 0.2, 0.3, 0.3, 0.2, 0.2, 0.1], "base rate": [0.4] * 8}
    figure = period_plot(names, lines, label="log loss")
    (axes,) = figure.axes
    assert [tick.get_text() for tick in axes.get_xticklabels()] == names
    drawn = {line.get_label(): line.get_ydata() for line in axes.get_lines()}
    np.testing.assert_array_equal(drawn["scorecard"], [np.nan if v is None else v for v in lines["scorecard"]])
    assert axes.get_title(loc="left") == "Log loss by period"


@pytest.mark.parametrize(("names", "lines"), [([], {"a": []}), (["x"], {}), (["x"], {"a": [1.0, 2.0]})])
def test_a_plot_of_periods_needs_a_value_for_each(names, lines):
    with pytest.raises(EvidenceError, match="cannot be plotted"):
        period_plot(names, lines, label="AUC")
