"""What the tests of the simulation read from a sample, each by a way of its own."""

from __future__ import annotations

import tomllib
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu

from leadqual.bundle.values import is_missing, read_number
from leadqual.leads.outcomes import Outcomes, label_outcomes
from leadqual.leads.reading import read_leads
from leadqual.simulation.sample import Sample, SampleSettings

END = date(2025, 12, 31)  # 24 months from 2024-01-01
SMALL = SampleSettings(leads=3000)


def dates(sample: Sample, column: str) -> pd.Series:
    return pd.to_datetime(sample.table[column], format="ISO8601").astype("datetime64[us]")


def outcomes_of(sample: Sample) -> Outcomes:
    return label_outcomes(read_leads(sample.table, sample.schema), as_of=END)


def number(sample: Sample, column: str) -> NDArray[np.float64]:
    missing = sample.schema.missing_values
    values = {raw: np.nan if is_missing(raw, missing) else read_number(raw) for raw in sample.table[column].unique()}
    assert None not in values.values()
    return sample.table[column].map(values).astype(float).to_numpy()


def auc(score: NDArray, won: NDArray) -> float:
    positive, negative = score[won == 1], score[won == 0]
    return float(mannwhitneyu(positive, negative).statistic / (len(positive) * len(negative)))


def old_points(sample: Sample) -> NDArray[np.int64]:
    """Read the old rule from its text and apply it lead by lead to the export."""
    rule = tomllib.loads(sample.rules)
    missing = sample.schema.missing_values
    points = []
    for lead in sample.table.to_dict("records"):
        total = rule["base_points"]
        for one in rule["rule"]:
            raw = lead[one["field"]]
            value = None if is_missing(raw, missing) else raw
            holds = [
                "is" not in one or value == one["is"],
                "in" not in one or value in one["in"],
                "at_least" not in one or (value is not None and read_number(value) >= one["at_least"]),
                "known" not in one or (value is not None) == one["known"],
            ]
            total += one["points"] if all(holds) else 0
        points.append(total)
    return np.array(points)
