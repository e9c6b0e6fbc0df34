"""A bundle made by hand, small enough to read."""

import math

import pytest

from leadqual.bundle import (
    Band,
    Bundle,
    Evidence,
    FieldPoints,
    Grade,
    Measure,
    Performance,
    PointsTable,
    Policy,
    ProbabilityCurve,
    Provenance,
    ReliabilityBin,
    ScoreScale,
    SignOff,
)
from leadqual.fact import fact

FIRST, LAST = 40, 180


@pytest.fixture
def bundle() -> Bundle:
    table = PointsTable(
        (
            FieldPoints(
                "Visits",
                "numeric",
                (
                    Band("under 3", -5, 0.5, interval=(None, 3.0)),
                    Band("3 and more", 9, 0.3, interval=(3.0, None)),
                    Band("missing", -1, 0.2, missing=True),
                ),
                seen=(0.0, 40.0),
            ),
            FieldPoints(
                "Need",
                "category",
                (
                    Band("missing", -4, 0.25, missing=True),
                    Band("Later", -12, 0.25, values=("Later",)),
                    Band("Urgent", 31, 0.25, values=("Urgent",)),
                    Band("This year", 0, 0.25, values=("This year",), other=True),
                ),
                dimension="need",
            ),
        ),
        base_points=95,
    )
    every = range(FIRST, LAST + 1)
    odds = [0.1 / 0.9 * 2 ** ((points - 100) / 20) for points in every]
    probability = tuple(round(one / (1 + one), 6) for one in odds)
    return Bundle(
        name="autumn",
        window_days=90,
        base_rate=0.1,
        points_table=table,
        curve=ProbabilityCurve(
            FIRST,
            probability,
            tuple(round(value * 0.8, 6) for value in probability),
            tuple(round(math.sqrt(value), 6) for value in probability),
            0.95,
            "logistic",
            "Exact bounds from neighbouring leads.",
            900,
            90,
        ),
        scale=ScoreScale(FIRST, tuple(min(100, round((points - FIRST) / 1.4)) for points in every)),
        policy=Policy(
            (
                Grade("A", 135, 4.0, 0.05, 2.5, 0.41),
                Grade("B", 120, 24.0, 0.15, 7.5, 0.2),
                Grade("C", 100, 72.0, 0.2, 10.0, 0.12),
                Grade("D", None, None, 0.6, 30.0, 0.04),
            ),
            100,
            120,
            (fact("policy_capacity_a_week", capacity=10.0, leads=50.0),),
            10.0,
            0.2,
        ),
        provenance=Provenance(
            "2026-05-01T00:00:00Z",
            "leadqual train leads.csv",
            "f" * 64,
            "5" * 64,
            1000,
            900,
            90,
            810,
            100,
            "2024-01-01",
            "2025-12-31",
            "2025-12-31",
            7,
            (("strength", "10"),),
            (("python", "3.11"), ("numpy", "2.4")),
        ),
        evidence=Evidence(
            "The last 25% of the leads are the test.",
            "2025-06-01",
            "2025-09-30",
            600,
            225,
            20,
            (
                Performance(
                    "scorecard",
                    (
                        Measure("log_loss", 0.28),
                        Measure("auc", 0.81, 0.78, 0.84),
                        Measure("wins_in_top_20", 0.55),
                        Measure("predicted_over_actual", 0.97),
                    ),
                ),
                Performance(
                    "base rate",
                    (
                        Measure("log_loss", 0.325),
                        Measure("auc", 0.5),
                        Measure("wins_in_top_20", 0.2),
                        Measure("predicted_over_actual", 1.2),
                    ),
                ),
                Performance(
                    "prior rule",
                    (Measure("log_loss", 0.31), Measure("auc", None), Measure("wins_in_top_20", 0.41)),
                ),
            ),
            tuple(ReliabilityBin(rate, rate * 1.1, 45) for rate in (0.02, 0.05, 0.09, 0.15, 0.4)),
            ("Nothing says when a field was filled in.",),
        ),
        constraints=("Visits: points never fall.",),
        id_field="Lead ID",
        sign_offs=(SignOff("Ada", "sales", "2026-05-02T00:00:00Z", "0" * 64),),
    )
