"""Plots of an evaluation; each takes what was computed and returns a figure. The one place that needs matplotlib.

The figures stand alone: no window opens and no setting of matplotlib changes. ``figure.savefig("reliability.png")``
keeps one; a notebook shows it after ``%matplotlib inline``. The colours are those of Okabe and Ito (2008), which
people who are colour-blind can tell apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from leadqual.bundle import ReliabilityBin
from leadqual.errors import EvidenceError
from leadqual.evaluation.distribution import OutcomeDistribution
from leadqual.evaluation.gains import Gains
from leadqual.evaluation.reliability import actual_interval

__all__ = ["gain_plot", "period_plot", "reliability_plot", "score_plot"]

_BLUE, _ORANGE, _GREEN, _PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
_INK, _QUIET, _PALE, _GRID = "#222222", "#666666", "#BBBBBB", "#E3E3E3"
_LINES = ((_BLUE, "-"), (_ORANGE, "--"), (_GREEN, "-."), (_PURPLE, (0, (4, 1, 1, 1, 1, 1))))
_SMALL = 9


def reliability_plot(bins: Sequence[ReliabilityBin], *, coverage: float = 0.95, design_effect: float = 1.0) -> Figure:
    """Plot what was promised against what came.

    Parameters
    ----------
    bins
        What `leadqual.evaluation.reliability.reliability` returns, at least one.
    coverage
        What the Clopper-Pearson interval of each bin promises.
    design_effect
        See `leadqual.evaluation.reliability.actual_interval`.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    EvidenceError
        Without bins.

    Examples
    --------
    >>> figure = reliability_plot([ReliabilityBin(0.1, 0.12, 100), ReliabilityBin(0.4, 0.35, 100)])
    >>> figure.axes[0].get_xlabel()
    'Promised: mean probability of winning'
    """
    if not bins:
        raise EvidenceError("bins has no entry, a reliability plot needs at least 1; test on 100 leads or more.")
    predicted = np.array([entry.predicted for entry in bins])
    actual = np.array([entry.actual for entry in bins])
    ends = np.array([actual_interval(entry, coverage=coverage, design_effect=design_effect) for entry in bins])
    limit = min(1.0, 1.06 * float(max(ends.max(), predicted.max())))
    figure, axes = _canvas("Do the promised probabilities come true?", width=5.4, height=5.4)
    axes.plot([0, 1], [0, 1], color=_QUIET, linewidth=1, linestyle="--", zorder=1)
    axes.errorbar(
        predicted,
        actual,
        yerr=np.abs(ends.T - actual),
        fmt="o",
        markersize=6,
        color=_BLUE,
        ecolor=_BLUE,
        elinewidth=1.2,
        capsize=3,
        zorder=3,
    )
    axes.annotate(
        "promise kept",
        (0.93 * limit, 0.93 * limit),
        xytext=(0, -7),
        textcoords="offset points",
        rotation=45,
        ha="right",
        va="top",
        rotation_mode="anchor",
        color=_QUIET,
        fontsize=_SMALL,
    )
    axes.set(xlim=(0, limit), ylim=(0, limit), aspect="equal")
    axes.set_xlabel("Promised: mean probability of winning")
    axes.set_ylabel("What came: share of leads won")
    _percent(axes)
    leads = sum(entry.leads for entry in bins)
    _note(figure, f"{leads:,} leads in {len(bins)} groups by probability; bars: {100 * coverage:g}% intervals.")
    return figure


def gain_plot(curves: Mapping[str, Gains], *, capacity_share: float | None = None) -> Figure:
    """Plot which share of the wins is caught by working the best leads first.

    Parameters
    ----------
    curves
        One to four ways to rank the same leads, by name: what `leadqual.evaluation.gains.gains` returns.
    capacity_share
        What sales can work, as a share of leads, 0 to 1: marked; None: not marked.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    EvidenceError
        With no curve, or more than four.

    Examples
    --------
    >>> from leadqual.evaluation.gains import gains
    >>> figure = gain_plot({"scorecard": gains([1, 0, 1, 0], [130, 120, 110, 100])}, capacity_share=0.25)
    >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    ['scorecard', 'any order', 'best possible']
    """
    if not 1 <= len(curves) <= len(_LINES):
        raise EvidenceError(f"curves has {len(curves)} entries, a gain plot takes 1 to {len(_LINES)}; pass fewer.")
    figure, axes = _canvas("How many wins do the best leads hold?", width=6.4, height=5.4)
    for (name, curve), (color, style) in zip(curves.items(), _LINES, strict=False):
        axes.plot(curve.leads, curve.wins, color=color, linestyle=style, linewidth=2, label=name, zorder=3)
    axes.plot([0, 1], [0, 1], color=_QUIET, linewidth=1, linestyle=":", label="any order", zorder=2)
    first = next(iter(curves.values()))
    axes.plot([0, first.base_rate, 1], [0, 1, 1], color=_PALE, linewidth=2, label="best possible", zorder=1)
    if capacity_share is not None:
        caught = first.wins_in(capacity_share)
        axes.plot([capacity_share] * 2, [0, caught], color=_INK, linewidth=1, zorder=2)
        axes.plot([capacity_share], [caught], "o", color=_INK, markersize=5, zorder=4)
        name = next(iter(curves))
        share = f"{100 * capacity_share:.3g}%"
        _note(figure, f"Dot: the best {share} of leads by {name} hold {100 * caught:.0f}% of the wins.")
    axes.set(xlim=(0, 1), ylim=(0, 1.02))
    axes.set_xlabel("Share of leads worked, best first")
    axes.set_ylabel("Share of all wins among them")
    axes.legend(loc="lower right", framealpha=1, edgecolor="none", fontsize=_SMALL).set_zorder(5)
    _percent(axes)
    return figure


def score_plot(
    spread: OutcomeDistribution, *, thresholds: Mapping[str, float] | None = None, label: str = "Points"
) -> Figure:
    """Plot how scores are spread among won leads and among the others.

    Parameters
    ----------
    spread
        What `leadqual.evaluation.distribution.outcome_distribution` returns.
    thresholds
        Marks on the axis by name, such as ``{"MQL": 100, "SQL": 124}``; None: no marks.
    label
        What is on the axis.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> from leadqual.evaluation.distribution import outcome_distribution
    >>> figure = score_plot(outcome_distribution([0, 1, 1], [94, 101, 109]), thresholds={"SQL": 100})
    >>> figure.axes[-1].get_xlabel()
    'Points'
    """
    figure = Figure(figsize=(6.8, 4.6), dpi=110, layout="constrained")
    figure.suptitle("Do won leads score higher?", x=0.02, ha="left", fontsize=13, color=_INK)
    upper, lower = figure.subplots(2, 1, sharex=True, sharey=True)
    marks = sorted((thresholds or {}).items(), key=lambda mark: mark[1])
    for axes, counts, name, color in ((upper, spread.won, "won", _ORANGE), (lower, spread.not_won, "not won", _BLUE)):
        _clean(axes)
        total = int(counts.sum())
        axes.stairs(counts / max(total, 1), spread.edges, fill=True, color=color, zorder=2)
        axes.set_ylabel(f"{total:,} {name}", color=color)
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol="%"))
        axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        for _, value in marks:
            axes.axvline(value, color=_INK, linewidth=1, linestyle="--", zorder=3)
    upper.set_ylim(bottom=0)
    for place, (name, value) in enumerate(marks):
        # The lowest stands left of its line and the highest right, so that close ones can be read.
        side = "center" if 0 < place < len(marks) - 1 or len(marks) == 1 else "right" if place == 0 else "left"
        upper.annotate(
            name,
            (value, 1),
            xycoords=("data", "axes fraction"),
            xytext=({"right": -2, "center": 0, "left": 2}[side], 3),
            textcoords="offset points",
            ha=side,
            fontsize=_SMALL,
            color=_INK,
        )
    lower.set_xlabel(label)
    width = float(spread.edges[1] - spread.edges[0])
    _note(figure, f"Height: share of the won, and of the other leads, in classes {width:g} wide.")
    return figure


def period_plot(names: Sequence[str], values: Mapping[str, Sequence[float | None]], *, label: str) -> Figure:
    """Plot a figure period by period.

    Parameters
    ----------
    names
        The periods, in order, at least one.
    values
        One to four ways to score, by name, each with a value for each period; None where it is undefined.
    label
        What the figure is.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    EvidenceError
        With no periods, no way to score or more than four, or not a value for each period.

    Examples
    --------
    >>> figure = period_plot(["2026-01", "2026-02"], {"scorecard": [0.31, 0.29]}, label="log loss")
    >>> figure.axes[0].get_ylabel()
    'log loss'
    """
    if not names or not 1 <= len(values) <= len(_LINES) or any(len(one) != len(names) for one in values.values()):
        raise EvidenceError(
            f"{len(values)} ways to score over {len(names)} periods cannot be plotted; there must be 1 to "
            f"{len(_LINES)} with a value for each of at least one period; pass fewer."
        )
    figure, axes = _canvas(f"{label[:1].upper()}{label[1:]} by period", width=6.8, height=4.0)
    places = np.arange(len(names))
    for (name, line), (color, style) in zip(values.items(), _LINES, strict=False):
        numbers = np.array([np.nan if value is None else value for value in line], dtype=np.float64)
        axes.plot(places, numbers, color=color, linestyle=style, linewidth=2, marker="o", markersize=4, label=name)
    axes.set_xticks(places, names, rotation=45 if len(names) > 6 else 0, ha="right" if len(names) > 6 else "center")
    axes.set_ylabel(label)
    axes.legend(framealpha=1, edgecolor="none", fontsize=_SMALL)
    return figure


def _canvas(title: str, *, width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), dpi=110, layout="constrained")
    axes = figure.subplots()
    axes.set_title(title, loc="left", fontsize=13, color=_INK, pad=12)
    _clean(axes)
    return figure, axes


def _clean(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_QUIET)
    axes.grid(color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=_QUIET, labelsize=_SMALL, length=3)


def _percent(axes: Axes) -> None:
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1, decimals=0, symbol="%"))


def _note(figure: Figure, text: str) -> None:
    figure.supxlabel(text, fontsize=_SMALL, color=_QUIET, x=0.02, ha="left")
