"""LQ201: forms that changed."""

import numpy as np
import pandas as pd

from leadqual.audit.audited_leads import audited_leads
from leadqual.audit.fill_rate import fill_rate
from leadqual.leads import Feature, Leads, Schema, label_outcomes


def test_a_field_that_comes_and_goes_is_found_and_steady_gaps_are_not(audited, rng, won) -> None:
    place = np.arange(2000)
    leads = audited(
        {
            "new": np.where(place >= 1200, "x", None),
            "steady": np.where(rng.random(2000) < 0.5, "x", None),
            "slowly": np.where(rng.random(2000) < 0.5 + 0.1 * place / 2000, "x", None),
        },
        won=won,
    )
    findings, _ = fill_rate(leads)
    assert [(finding.field, finding.subject, finding.severity) for finding in findings] == [
        ("new", "stability", "suspect")
    ]
    assert findings[0].figures == {"lowest": 0.0, "highest": 1.0}
    assert findings[0].evidence.figures["rates"] == ("0%",) * 6 + ("100%",) * 4


def test_a_small_history_jumps_by_chance(audited, rng) -> None:
    won = (rng.random(40) < 0.5).astype(int)
    assert fill_rate(audited({"x": np.where(rng.random(40) < 0.5, "x", None)}, won=won))[0] == []


def test_leads_of_one_time_cannot_be_compared(audited) -> None:

    table = pd.DataFrame({"x": ["a", None] * 50, "won": ["1", "0"] * 50, "same": 1})
    schema = Schema((Feature("x", "category"),), outcome="won", won=("1",), lost=("0",), order="same")
    leads = Leads(table, schema)
    assert fill_rate(audited_leads(leads, label_outcomes(leads)))[1].code == "LQ201"
