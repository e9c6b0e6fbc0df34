"""A simulated CRM whose truth is known: for the demo, for tests, and to see what a method makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from leadqual.leads.schema import Schema
from leadqual.simulation.export import SAMPLE_SCHEMA, draw_missing, export_table, lead_ids
from leadqual.simulation.leads import draw_leads
from leadqual.simulation.rule import OLD_RULE, rule_points
from leadqual.simulation.settings import SampleSettings
from leadqual.simulation.truth import draw_outcomes, find_truth

__all__ = ["OLD_RULE", "Sample", "SampleSettings", "simulate", "write_sample"]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A simulated CRM export, and the truth behind it.

    Parameters
    ----------
    table
        What the CRM exports on the evening of the last day, n rows in the order of creation. Every column is text, as
        in a CSV file, an empty cell missing: dates are ISO text (``Created`` with the time of day, ``Closed`` without),
        a drop-down nobody chose from reads "Select", an unknown number is empty or "N/A", a budget has thousands
        separators, booleans are Yes and No. ``Session Ref`` is a free id and ``Company`` a name: neither is in the
        schema.
    schema
        The schema of that table. ``Calls Logged`` is the planted leak: calls go on after a lead has won, so the column
        tells the outcome. The schema says the truth about it, ``known = "later"``, so that it is not scored; call it
        ``"at_creation"`` to see what a leak does.
    truth
        One row per lead in the order of ``table``: ``id``; ``probability``, of winning within
        ``SampleSettings.window_days``, before anybody knows whether sales will work the lead; ``if_worked``, the same
        when sales does; ``worked``, whether it did. Probabilities are rounded to 6 places.
    rules
        The old hand-made MQL rule, TOML text; `OLD_RULE`.
    """

    table: pd.DataFrame
    schema: Schema
    truth: pd.DataFrame
    rules: str = OLD_RULE


def simulate(settings: SampleSettings | None = None, *, seed: int = 0) -> Sample:
    """Simulate a company's CRM.

    Each part of the world draws from a random stream of its own, so that turning a knob changes what it says it
    changes, and leaves the rest of the draws as they were.

    Parameters
    ----------
    settings
        What the company is like; None: the defaults.
    seed
        A whole number from 0. The same settings and seed give the same sample, byte for byte.

    Raises
    ------
    LeadError
        When the settings make ``win_rate`` impossible.

    Examples
    --------
    >>> sample = simulate(SampleSettings(leads=500, months=6), seed=1)
    >>> sample.table.shape[0], sample.schema.outcome, sample.truth.columns.tolist()
    (500, 'Status', ['id', 'probability', 'if_worked', 'worked'])
    >>> round(float(sample.truth["probability"].mean()), 3)
    0.1
    """
    settings = SampleSettings() if settings is None else settings
    streams = [np.random.default_rng(part) for part in np.random.SeedSequence(seed).spawn(4)]
    leads = draw_leads(settings, streams[0])
    missing = draw_missing(settings, leads, streams[1])
    truth = find_truth(settings, leads, rule_points(OLD_RULE, leads.fields, missing))
    outcomes = draw_outcomes(settings, leads, truth, streams[2])
    return Sample(
        table=export_table(settings, leads, outcomes, missing, streams[3]),
        schema=SAMPLE_SCHEMA,
        truth=pd.DataFrame(
            {
                "id": lead_ids(settings.leads),
                "probability": np.round(truth.probability, 6),
                "if_worked": np.round(truth.if_worked, 6),
                "worked": outcomes.worked,
            }
        ),
    )


def write_sample(
    folder: str | PathLike[str], settings: SampleSettings | None = None, *, seed: int = 0
) -> tuple[Path, ...]:
    """Simulate a company's CRM and write it to a folder.

    Parameters
    ----------
    folder
        Where to write; made if it is not there. Files of the same names are replaced.
    settings, seed
        As in `simulate`.

    Returns
    -------
    The paths of ``leads.csv`` (the export), ``leads.toml`` (its schema), ``rules.toml`` (the old rule) and
    ``truth.csv``.
    """
    sample = simulate(settings, seed=seed)
    home = Path(folder)
    home.mkdir(parents=True, exist_ok=True)
    texts = {
        "leads.csv": sample.table.to_csv(index=False, lineterminator="\n"),
        "leads.toml": sample.schema.to_toml(),
        "rules.toml": sample.rules,
        "truth.csv": sample.truth.to_csv(index=False, lineterminator="\n"),
    }
    for name, text in texts.items():
        (home / name).write_text(text, encoding="utf-8", newline="\n")
    return tuple(home / name for name in texts)
