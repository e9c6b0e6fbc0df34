"""The record of a training: everything that the registry keeps beside the bundle."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from leadqual.audit import Audit
from leadqual.bundle import Bundle
from leadqual.evaluation.plots import reliability_plot

__all__ = ["TrainingRecord", "as_file", "record_of"]


@dataclass(frozen=True, slots=True)
class TrainingRecord:
    """What is kept of one training.

    Parameters
    ----------
    parameters
        What it was trained with, by name.
    metrics
        How it did on leads that it had not seen, by name; empty where that was not measured.
    files
        Texts by file name: the points table as a page, the audit, the report, a decision.
    figures
        Plots (matplotlib figures) by file name.
    """

    parameters: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)

    def with_more(
        self,
        *,
        parameters: Mapping[str, Any] | None = None,
        metrics: Mapping[str, float] | None = None,
        files: Mapping[str, str] | None = None,
    ) -> TrainingRecord:
        """Return the record with further entries."""
        return TrainingRecord(
            {**self.parameters, **(parameters or {})},
            {**self.metrics, **(metrics or {})},
            {**self.files, **(files or {})},
            self.figures,
        )


def record_of(
    bundle: Bundle, *, audit: Audit | None = None, report: Callable[[Bundle], str] | None = None
) -> TrainingRecord:
    """Gather what a bundle tells about its training.

    Parameters
    ----------
    bundle
        What was trained: its settings are the parameters, its evidence the metrics and the reliability plot.
    audit
        What was found in its history; None where that was not looked at.
    report
        Makes a page of a bundle; None: no page but the points table is kept.

    Examples
    --------
    >>> from leadqual.leads import read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> training = train(read_leads(sample.table, sample.schema), name="demo")
    >>> record = record_of(training.bundle, audit=training.audit)
    >>> sorted(record.files), sorted(record.figures), record.metrics["auc"] > 0.5
    (['audit.json', 'points.html'], ['reliability.png'], True)
    """
    made, evidence = bundle.provenance, bundle.evidence
    parameters: dict[str, Any] = dict(made.settings) | {
        "window_days": bundle.window_days,
        "seed": made.seed,
        "mature leads": made.mature,
        "won": made.won,
        "as_of": made.as_of,
        "capacity_share": bundle.policy.capacity_share,
        "explore": bundle.policy.explore,
    }
    metrics: dict[str, float] = {}
    figures: dict[str, Any] = {}
    if evidence is not None:
        for performance in evidence.performances:
            before = "" if performance.who == "scorecard" else f"{performance.who.replace(' ', '_')}."
            metrics |= {f"{before}{one.name}": one.value for one in performance.measures if one.value is not None}
        metrics |= {"tested_on": float(evidence.tested_on), "tested_wins": float(evidence.wins)}
        if evidence.reliability:
            figures["reliability.png"] = reliability_plot(evidence.reliability)
    shown = bundle._repr_html_()
    files = {} if shown is None else {"points.html": shown}
    if audit is not None:
        files["audit.json"] = as_file(audit.to_dict())
    if report is not None:
        files["report.html"] = report(bundle)
    return TrainingRecord(parameters, metrics, files, figures)


def as_file(content: Mapping[str, Any]) -> str:
    """Return plain data as the text of a file."""
    return json.dumps(content, indent=2, default=_plain) + "\n"


def _plain(value: Any) -> Any:
    convert: Callable[[], Any] | None = getattr(value, "item", None)
    return convert() if convert is not None else str(value)
