"""Signed bundles of the formats 1 and 2 read values as they did on the day they were signed.

``first_rule.json`` holds what the code of their time (commit 633bca5, the last one to write format 2) made of each
value: field, value, band, note. A value of two entries is one of NumPy's, or a list. Notes may be worded otherwise.
"""

import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leadqual.bundle import Band, FieldPoints
from leadqual.bundle.encoding import FieldEncoder
from leadqual.scorer.columns import encode_column

MADE = {"f4": np.float32, "f2": np.float16, "f8": np.float64, "b": np.bool_, "i1": np.int8, "list": list}
MISSING = ("", "-", "n/a", "nan", "select", "-999", "false", "3.00", "1,5")
NUMBERS = tuple(
    Band(str(place), 0, interval=ends)
    for place, ends in enumerate([(None, 0.7), (0.7, 3.0), (3.0, 1200.0), (1200.0, None)])
)
GAP = Band("missing", 0, missing=True)
FIELDS = (
    FieldPoints("dot", "numeric", NUMBERS, seen=(0.0, 2000.0)),
    FieldPoints("comma", "numeric", NUMBERS, decimal=",", seen=(0.0, 2000.0)),
    FieldPoints("gap", "numeric", (*NUMBERS, GAP)),
    FieldPoints(
        "category", "category", (Band("a", 0, values=("Web", "3", "007")), Band("b", 0, values=("3.0", "yes", "0.7")))
    ),
    FieldPoints("pooled", "category", (Band("a", 0, values=("Web", "no")), Band("rest", 0, other=True), GAP)),
    FieldPoints("boolean", "boolean", (Band("yes", 0, values=("yes",)), Band("no", 0, values=("no",)))),
)


def recorded():
    of_field = defaultdict(list)
    for name, value, band, note in json.loads(Path(__file__).with_name("first_rule.json").read_text()):
        of_field[name].append((MADE[value[0]](value[1]) if isinstance(value, list) else value, band, note))
    return of_field


RECORDED = recorded()


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_each_value_is_read_as_it_was(field):
    encoder = FieldEncoder(field, MISSING, reading=1)
    rows = RECORDED[field.name]
    places = [encoder.places[encoder.encode(value)] for value, _, _ in rows]
    found = [(repr(row[0]), place.band, place.note is None) for row, place in zip(rows, places, strict=True)]
    assert len(rows) > 90
    assert found == [(repr(value), band, note is None) for value, band, note in rows]
    column = encode_column(encoder, pd.Series([value for value, _, _ in rows], dtype=object))
    assert [encoder.places[code].band for code in column] == [band for _, band, _ in rows]


def test_the_second_rule_reads_some_of_them_otherwise():
    """Else the record would show nothing: these are what the second rule was made for."""
    changed = {
        (field.name, repr(value))
        for field in FIELDS
        for value, band, _ in RECORDED[field.name]
        if (encoder := FieldEncoder(field, MISSING)).places[encoder.encode(value)].band != band
    }
    assert {("dot", "np.float32(0.7)"), ("gap", "-999"), ("pooled", "False"), ("dot", "'1\\u2009200'")} <= changed
