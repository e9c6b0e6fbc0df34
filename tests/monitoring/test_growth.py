from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from leadqual.bundle import Bundle
from leadqual.feedback import lead_standing
from leadqual.monitoring import growth
from leadqual.reports.language import Language
from leadqual.reports.monitoring_plain import sentences

SAMPLE = Bundle.load(Path(__file__).parents[2] / "models" / "sample.json")
BUNDLE = replace(SAMPLE, window_days=90, provenance=replace(SAMPLE.provenance, mature=1000))


def history(*days, picked=""):
    times = pd.concat([pd.Series([pd.Timestamp(day)] * count) for day, count in days], ignore_index=True)
    never = pd.Series(pd.NaT, index=times.index, dtype="datetime64[us]")
    return pd.DataFrame({"scored_at": times, "picked": picked, "propensity": np.nan, "outcome": "open"}).assign(
        closed_at=never, worked_at=never, accepted_at=never
    )


def grown(bundle, table, as_of):
    """Return whether so much more is known by a date."""
    return growth(bundle, table, lead_standing(table, window_days=90, as_of=as_of), as_of=as_of)


def test_a_challenger_pays_each_time_that_what_is_known_has_grown_by_a_half():
    months = pd.date_range("2026-01-01", periods=24, freq="30D")
    table = history(*((day, 150) for day in months))
    called = [grown(BUNDLE, table, str(day + pd.Timedelta(days=91))).severity == "warning" for day in months]
    # 1,000 x 1.5, 2.25 and 3.375 are passed with the 4th, 9th and 16th 150
    assert [number for number, one in enumerate(called, start=1) if one] == [4, 9, 16]


def test_leads_that_have_not_matured_do_not_count():
    found = grown(BUNDLE, history(("2026-01-01", 5000)), "2026-03-01")
    assert (found.severity, found.figures["new"]) == ("fine", 0)


def test_leads_that_nobody_worked_teach_nothing_and_do_not_count():
    table = history(("2026-01-01", 5000))
    table["worked_at"] = table["scored_at"].where(table.index < 400)
    found = grown(BUNDLE, table, "2026-06-01")
    assert (found.severity, found.figures["new"]) == ("fine", 400)
    assert "400 worked leads have matured since" in sentences(found, Language("en"))


def test_a_retrained_bundle_is_compared_with_the_leads_that_it_learned_from():
    settings = (*BUNDLE.provenance.settings, ("learned from", "200"))
    retrained = replace(BUNDLE, provenance=replace(BUNDLE.provenance, settings=settings))
    assert grown(retrained, history(("2026-01-01", 150)), "2026-06-01").figures["learned"] == 200
    assert grown(BUNDLE, history(("2026-01-01", 150)), "2026-06-01").figures["learned"] == 1000
