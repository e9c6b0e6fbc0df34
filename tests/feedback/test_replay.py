import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.bundle import Band, FieldPoints, PointsTable
from leadqual.bundle.encoding import FieldEncoder
from leadqual.errors import FeedbackError
from leadqual.feedback import Event, FeedbackStore, ScoreRecorder, replay, scored_table, values_of
from leadqual.scorer import Scorer


def test_every_past_score_is_recomputed_exactly(bundle, sample, tmp_path):
    leads = sample.table.head(300)
    events = scored_table(bundle, leads, id_field=sample.schema.id, at="2026-05-01")
    with FeedbackStore(tmp_path / "f.db") as store:
        store.append(events, known_at="2026-05-01")
        kept = list(store.events(kinds=["scored"]))
    expected = Scorer(bundle).score(leads)
    for event, points, probability, grade in zip(
        kept, expected["points"], expected["probability"], expected["grade"], strict=True
    ):
        again = replay(event, bundle)
        assert again.agrees
        assert (again.points, again.probability, again.grade) == (points, probability, grade)


def test_one_by_one_and_by_table_are_the_same_event(bundle, sample):
    leads = sample.table.head(40)
    table = scored_table(bundle, leads, id_field=sample.schema.id, at="2026-05-01")
    for event, (_, row) in zip(table, leads.iterrows(), strict=True):
        assert ScoreRecorder(bundle).scored(str(row[sample.schema.id]), row.to_dict(), at="2026-05-01") == event
    narrow = leads.drop(columns=bundle.points_table.names[0])
    for event, (_, row) in zip(
        scored_table(bundle, narrow, id_field=sample.schema.id, at="2026-05-01"), narrow.iterrows(), strict=True
    ):
        assert ScoreRecorder(bundle).scored(str(row[sample.schema.id]), row.to_dict(), at="2026-05-01") == event


def test_raw_values_are_kept_only_on_demand(bundle, sample):
    lead = sample.table.iloc[0].to_dict()
    assert "values" not in ScoreRecorder(bundle).scored("L", lead, at="2026-05-01").content
    kept = ScoreRecorder(bundle).scored("L", lead, at="2026-05-01", keep_values=True).content["values"]
    assert set(kept) == set(bundle.points_table.names)
    json.dumps(kept)


def test_what_cannot_be_replayed_is_refused(bundle, sample):
    event = ScoreRecorder(bundle).scored("L", sample.table.iloc[0].to_dict(), at="2026-05-01")
    for content, why in (
        ({**event.content, "bundle": "x"}, "another bundle"),
        ({**event.content, "codes": [0]}, "damaged"),
        ({k: v for k, v in event.content.items() if k != "codes"}, "forgotten"),
    ):
        with pytest.raises(FeedbackError, match=why):
            replay(Event("scored", "L", "2026-05-01", content), bundle)
    with pytest.raises(FeedbackError, match="no score"):
        replay(Event("won", "L", "2026-05-01"), bundle)
    changed = Event("scored", "L", "2026-05-01", {**event.content, "points": event.content["points"] + 1})
    assert not replay(changed, bundle).agrees


def test_a_table_without_ids_is_refused(bundle, sample):
    with pytest.raises(FeedbackError, match="no column"):
        scored_table(bundle, sample.table, id_field="nope", at="2026-05-01")
    broken = sample.table.head(3).assign(**{sample.schema.id: [None, "a", "b"]})
    with pytest.raises(FeedbackError, match="empty for 1 lead;"):
        scored_table(bundle, broken, id_field=sample.schema.id, at="2026-05-01")


def test_leads_made_from_bands_fall_in_them_again(bundle, sample):
    events = scored_table(bundle, sample.table, id_field=sample.schema.id, at="2026-05-01")
    made = values_of([event.content["codes"] for event in events], bundle.points_table)
    again = Scorer(bundle).score(made)["points"].to_numpy()
    assert np.array_equal(again, [event.content["points"] for event in events])


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_any_band_of_any_table_has_a_value_in_it(strategies, data):
    table = data.draw(strategies.points_tables())
    for i, field in enumerate(table.fields):
        encoder = FieldEncoder(field, table.missing_values, reading=table.reading)
        reachable = {encoder.places[encoder.encode(v)].band for band in field.bands for v in band.values}
        for number, band in enumerate(field.bands):
            full = field.kind == "boolean" and {v for b in field.bands for v in b.values} >= {"yes", "no"}
            if number not in reachable and ((band.other and full) or (band.values and not band.missing)):
                continue  # no value can fall in it: all that could mean "missing", or are in other bands
            codes = [[number if j == i else None for j in range(len(table.fields))]]
            value = values_of(codes, table)[field.name][0]
            assert encoder.places[encoder.encode(value)].band == number


def test_a_band_that_begins_at_a_code_for_no_value_is_stood_for_by_another_number():
    visits = FieldPoints("v", "numeric", (Band("a", 0, interval=(None, 3.0)), Band("b", 1, interval=(3.0, None))))
    table = PointsTable((visits,), missing_values=("", "3"))
    value = values_of([[1]], table)["v"][0]
    encoder = FieldEncoder(visits, table.missing_values)
    assert (3 < value < 3.000001, encoder.places[encoder.encode(value)].band) == (True, 1)


def test_a_lead_in_no_band_stays_in_none():
    plain = FieldPoints("f", "category", (Band("a", 1, values=("a",)),))
    gap = FieldPoints("g", "category", (Band("a", 1, values=("a",)), Band("?", 2, missing=True)))
    other = FieldPoints("h", "category", (Band("a", 1, values=("a",)), Band("o", 2, other=True)))
    table = PointsTable((plain, gap, other))
    made = values_of([[None, None, None]], table).iloc[0]
    for field in table.fields:
        encoder = FieldEncoder(field, table.missing_values)
        assert encoder.places[encoder.encode(made[field.name])].band is None
    with pytest.raises(FeedbackError, match="another points table"):
        values_of([[0]], table)
