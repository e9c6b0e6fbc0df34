"""The simulated CRM's export: every column as the text that a CSV file would hold, with the mess of real ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.leads.schema import Feature, Schema
from leadqual.simulation.leads import SimulatedLeads, first_and_last_day
from leadqual.simulation.settings import SampleSettings
from leadqual.simulation.truth import SimulatedOutcomes

__all__ = ["SAMPLE_SCHEMA", "draw_missing", "export_table", "lead_ids"]

SAMPLE_SCHEMA = Schema(
    features=(
        Feature("Campaign", "category", dimension="engagement"),
        Feature("Need", "category", dimension="need", actionable=True),
        Feature("Intent", "category", dimension="intent"),
        Feature("Budget", "numeric", dimension="budget", actionable=True),
        Feature("Decision Role", "category", dimension="decision chain", actionable=True),
        Feature("Employees", "numeric", dimension="fit"),
        Feature("Industry", "category", dimension="fit"),
        Feature("Region", "category", dimension="fit"),
        Feature("Visits", "numeric", dimension="engagement"),
        Feature("Minutes on Site", "numeric", dimension="engagement"),
        Feature("Business Email", "boolean", dimension="fit"),
        Feature("Phone Given", "boolean", dimension="intent"),
        Feature("Newsletter", "boolean", dimension="engagement"),
        Feature("Calls Logged", "numeric", known="later", dimension="engagement"),
    ),
    outcome="Status",
    won=("Closed Won",),
    lost=("Closed Lost",),
    open=("New", "Working"),
    id="Lead ID",
    created_at="Created",
    closed_at="Closed",
    value="Deal Value",
    owner="Owner",
)

# How often a field is missing, beside `SampleSettings.missing`.
_MISSING = {
    "Need": 1.0,
    "Budget": 2.5,
    "Decision Role": 1.0,
    "Employees": 1.0,
    "Industry": 0.5,
    "Region": 0.3,
    "Visits": 0.3,
    "Business Email": 0.2,
    "Phone Given": 0.2,
}
_DROPDOWNS = ("Need", "Decision Role", "Industry", "Region")
_WRITTEN_SELECT, _WRITTEN_NA = 0.7, 0.3


def draw_missing(
    settings: SampleSettings, leads: SimulatedLeads, random: np.random.Generator
) -> dict[str, NDArray[np.bool_]]:
    """Draw which values the export does not show, (n,) for each field; visits and minutes are missing together."""
    size = settings.leads
    missing = {}
    for name in leads.fields:
        chance = np.full(size, _MISSING.get(name, 0.0) * settings.missing)
        if name == "Need":
            chance *= np.where(leads.fields["Intent"] == "Newsletter signup", 2.0, 1.0)
        missing[name] = random.random(size) < chance
    missing["Minutes on Site"] = missing["Visits"]
    return missing


def lead_ids(size: int) -> list[str]:
    """Return the ids of n leads in the order of their creation."""
    return [f"L-{number:06d}" for number in range(1, size + 1)]


def export_table(
    settings: SampleSettings,
    leads: SimulatedLeads,
    outcomes: SimulatedOutcomes,
    missing: dict[str, NDArray[np.bool_]],
    random: np.random.Generator,
) -> pd.DataFrame:
    """Return the CRM's export on the evening of the last day, all columns text, empty cells missing.

    ``Status``, ``Closed``, ``Deal Value`` and ``Calls Logged`` show what was known that evening.
    """
    size = settings.leads
    closed = outcomes.closed <= first_and_last_day(settings)[1]
    won = closed & outcomes.won
    fields = {name: _show(name, values, missing[name], random) for name, values in leads.fields.items()}
    moment = (leads.day * 86_400 + leads.second).astype("datetime64[s]")
    day = np.where(closed, outcomes.closed, 0).astype("datetime64[D]")
    status = np.where(closed, np.where(won, "Closed Won", "Closed Lost"), np.where(outcomes.worked, "Working", "New"))
    return pd.DataFrame(
        {
            "Lead ID": lead_ids(size),
            "Created": [text.replace("T", " ") for text in np.datetime_as_string(moment).tolist()],
            "Company": [f"Company {number + 1:05d}" for number in leads.company.tolist()],
            **fields,
            "Owner": [f"Rep {number:02d}" for number in random.integers(1, settings.owners + 1, size).tolist()],
            "Session Ref": [f"{number:016x}" for number in random.integers(0, 2**63, size).tolist()],
            "Status": status.astype(object),
            "Closed": _blank(np.datetime_as_string(day).astype(object), ~closed),
            "Deal Value": _deal_value(leads, won, random),
            "Calls Logged": _calls(settings, outcomes.worked, won, random),
        },
        dtype="str",
    )


def _show(name: str, values: NDArray, missing: NDArray[np.bool_], random: np.random.Generator) -> NDArray:
    """Return one field as the text that the export shows."""
    if name == "Budget":
        shown = np.array([f"{value:,}" for value in values.tolist()], dtype=object)
    else:
        shown = np.array([str(value) for value in values.tolist()], dtype=object)
    said_how = random.random(len(values))
    shown = _blank(shown, missing)
    if name in _DROPDOWNS:
        shown[missing & (said_how < _WRITTEN_SELECT)] = "Select"
    elif values.dtype.kind in "iuf":
        shown[missing & (said_how < _WRITTEN_NA)] = "N/A"
    return shown


def _blank(values: NDArray, where: NDArray[np.bool_]) -> NDArray:
    values[where] = None
    return values


def _deal_value(leads: SimulatedLeads, won: NDArray[np.bool_], random: np.random.Generator) -> NDArray:
    value = np.maximum(500, leads.fields["Budget"] * np.exp(random.normal(-0.1, 0.3, len(won))))
    return _blank(np.array([f"{one:.2f}" for one in value.tolist()], dtype=object), ~won)


def _calls(
    settings: SampleSettings, worked: NDArray[np.bool_], won: NDArray[np.bool_], random: np.random.Generator
) -> NDArray:
    """Return the calls to find out, and for a new customer the many that follow: the leak."""
    effort = random.poisson(np.where(worked, 3.0, 0.5))
    after = random.poisson(np.full(len(won), 6.0 * settings.leak))
    return np.array([str(calls) for calls in (effort + won * after).tolist()], dtype=object)
