"""Open leads: not closed or deleted by the file's own columns, and inside their window."""

import numpy as np
import pandas as pd
import pytest

from leadqual.errors import LeadError, SchemaError
from leadqual.leads import Leads, Schema, label_outcomes, read_leads
from leadqual.leads.open_leads import read_open_leads

SCHEMA = Schema((), outcome="Status", won=("Won",), lost=("Lost",), open=("New",), created_at="Created")
TABLE = pd.DataFrame(
    {
        "Status": ["Won", "Lost", "New", "New", "New", "New"],
        "Created": ["2026-01-01", "2026-05-01", "2026-02-01", "2026-02-02", "2026-05-03", None],
    }
)


def test_a_window_passes_on_the_day_on_which_training_takes_a_lead_as_mature():
    found = read_open_leads(TABLE, SCHEMA, window_days=90, as_of="2026-05-02")
    assert found.closed.tolist() == [True, True, False, False, False, False]
    assert found.past.tolist() == [True, False, True, False, False, False]
    assert np.nan_to_num(found.age_days, nan=-99).tolist() == [121, 1, 90, 89, -1, -99]
    outcomes = label_outcomes(read_leads(TABLE, SCHEMA), window_days=90, as_of="2026-05-02")
    assert outcomes.mature.tolist() == found.past.tolist()
    assert isinstance(read_leads(TABLE, SCHEMA), Leads)


def test_ages_count_as_of_the_latest_creation_that_is_not_in_the_future():
    assert read_open_leads(TABLE, SCHEMA, window_days=90).as_of == "2026-05-03"
    assert read_open_leads(TABLE, SCHEMA, window_days=90, latest="2026-05-02T09:00:00+00:00").as_of == "2026-05-01"
    late = read_open_leads(TABLE, SCHEMA, window_days=90, latest="2026-08-01")
    assert (late.as_of, late.notes[-1].split(":")[0]) == ("2026-05-03", "The latest lead of the file is of 2026-05-03")


def test_deleted_records_are_no_leads():
    schema = Schema((), outcome="Status", won=("Won",), open=("New",), created_at="Created", deleted="Gone")
    table = TABLE[TABLE["Status"] == "New"].assign(Gone=["true", "0", "FALSE", None]).reset_index(drop=True)
    assert read_open_leads(table, schema, window_days=None).deleted.tolist() == [True, False, False, False]
    table = table.assign(Gone=[None, "No", "00Q1", "2026-05-04"])  # merged into a record; deleted on a day
    assert read_open_leads(table, schema, window_days=None).deleted.tolist() == [False, False, True, True]


def test_a_record_that_was_merged_or_is_a_reference_is_read_as_training_reads_it():
    """MasterRecordId holds the record merged into, Odoo a stage as [4, 'Won']."""
    schema = Schema((), outcome="Status", won=("Won",), open=("New",), created_at="Created", deleted="MasterRecordId")
    table = pd.DataFrame(
        {
            "Status": ["[4, 'Won']", "New", "[1, 'New']", "New"],
            "Created": ["2026-05-01"] * 4,
            "MasterRecordId": [None, "00Q5e00001", "", "2026-05-02"],
        }
    )
    found = read_open_leads(table, schema, window_days=None)
    assert found.deleted.tolist() == [False, True, False, True]
    assert found.closed.tolist() == [True, False, False, False]
    assert read_leads(table, schema).table.index.size == int((~found.deleted).sum())


def test_what_cannot_be_told_is_said():
    assert "Without a schema" in read_open_leads(TABLE, None, window_days=90).notes[0]
    found = read_open_leads(TABLE[["Created"]], SCHEMA, window_days=90)
    assert (found.closed.any(), "closed leads cannot be told" in found.notes[0]) == (False, True)
    assert "whose window has passed" in read_open_leads(TABLE[["Status"]], SCHEMA, window_days=90).notes[0]
    with pytest.raises(SchemaError, match="does not list"):
        read_open_leads(TABLE.assign(Status="Perhaps"), SCHEMA, window_days=90)
    with pytest.raises(LeadError, match="as_of is not an ISO date"):
        read_open_leads(TABLE, SCHEMA, window_days=90, as_of="soon")
