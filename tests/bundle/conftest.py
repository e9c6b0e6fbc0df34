"""A small bundle in which every type of the bundle occurs."""

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
)
from leadqual.fact import fact

NEED = FieldPoints(
    "Need",
    "category",
    (Band("Urgent", 30, 0.2, ("Urgent", "Now")), Band("missing", -2, 0.3, missing=True), Band("other", -9, other=True)),
    average_points=1,
    dimension="need",
)
VISITS = FieldPoints(
    "Visits",
    "numeric",
    (
        Band("under 3", -5, 0.5, interval=(None, 3.0)),
        Band("3 to 7", 4, 0.3, interval=(3.0, 7.0)),
        Band("7 and more", 9, 0.2, interval=(7.0, None)),
    ),
    seen=(0.0, 40.0),
    actionable=True,
)
OPT_OUT = FieldPoints("Opt out", "boolean", (Band("yes", -20, values=("yes",)), Band("no", 1, values=("no",))))


@pytest.fixture
def bundle():
    return Bundle(
        "tiny",
        90,
        0.28,
        PointsTable((NEED, VISITS, OPT_OUT), 95),
        ProbabilityCurve(
            98, (0.2, 0.3, 0.4), (0.1, 0.2, 0.3), (0.3, 0.4, 0.5), 0.95, "logistic", "a sentence", 900, 250
        ),
        ScoreScale(90, (20, 50, 80)),
        Policy(
            (Grade("A", 120, 4.0, 0.1, 5.0, 0.6), Grade("B", 110, 24.0), Grade("D", None, None)),
            100,
            110,
            (fact("policy_by_hand"),),
        ),
        Provenance("", "train", "f", "s", 1000, 900, 250, 650, 100, None, None, None, 0, (("c", "3"),), (("py", "3"),)),
        Evidence(
            "the last quarter",
            None,
            None,
            600,
            300,
            80,
            (Performance("scorecard", (Measure("auc", 0.8, 0.7, 0.9), Measure("brier", None))),),
            (ReliabilityBin(0.2, 0.25, 30),),
            ("no dates",),
        ),
        ("Visits never falls",),
        "id",
    )
