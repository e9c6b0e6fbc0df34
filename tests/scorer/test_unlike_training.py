"""Fields in which most leads have what training has not seen, a list of choices being one field."""

import pandas as pd
import pytest

from leadqual.bundle import Band, Choice, FieldPoints, PointsTable
from leadqual.scorer.unlike_training import UnlikeTraining


def chosen(choice, share):
    bands = (Band("yes", 9, share, values=("yes",)), Band("no", -4, 1 - share, values=("no",)))
    return FieldPoints(f"Products: {choice}", "boolean", bands, choice=Choice("Products", choice, ";"))


NEED = FieldPoints("Need", "category", (Band("high", 5, 0.6, values=("high",)), Band("rare", 0, 0.4, other=True)))
TABLE = PointsTable((NEED, chosen("ERP", 0.6), chosen("BI", 0.3)))
NONE = "Products: none of its choices is scored; each counted as not chosen"


@pytest.mark.parametrize(
    ("notes", "fields"),
    [
        ([NONE] * 71 + [""] * 29, {"Products": 71}),  # 40 % may have neither choice, and half of the others
        ([NONE] * 69 + [""] * 31, {}),
        (["Products: cannot be read; counted as average"] * 80 + [""] * 20, {"Products": 80}),
        ([f"Need: rare or new value | {NONE}"] * 90 + [""] * 10, {"Need": 90, "Products": 90}),
        (["Need: not given; counted as missing"] * 100, {}),
    ],
)
def test_most_leads_must_be_strange_beyond_what_is_usual(notes, fields):
    strange = UnlikeTraining(TABLE)
    strange.add(pd.Series(notes))
    assert dict(strange.fields) == fields
    assert (strange.leads, strange.scored) == (100, 2)
