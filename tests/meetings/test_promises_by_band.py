import numpy as np
import pytest

from leadqual.errors import MeetingError
from leadqual.meetings.promises_by_band import choose_field, promises_by_band


def test_the_named_field_is_taken_and_another_is_refused(bundle):
    assert choose_field(bundle, bundle.points_table.names[-1]) == bundle.points_table.names[-1]
    with pytest.raises(MeetingError, match="the bundle scores no field 'Colour', it must be a scored one; choose"):
        choose_field(bundle, "Colour")


def test_else_it_is_the_category_field_whose_points_differ_most(bundle):
    ranges = {
        field.name: max(band.points for band in field.bands) - min(band.points for band in field.bands)
        for field in bundle.points_table.fields
        if field.kind == "category"
    }
    assert ranges[choose_field(bundle, None)] == max(ranges.values())


def test_each_band_with_leads_has_its_own_promise(book, bundle):
    field = choose_field(bundle, None)
    place = bundle.points_table.names.index(field)

    def codes(band):
        return [band if one == place else 0 for one in range(len(bundle.points_table.fields))]

    for number, (band, chance) in enumerate([(0, 0.5), (0, 0.25), (1, 0.125), (None, 0.9)]):
        book.scored(f"L-{number}", "2026-01-01T00:00:00", codes=codes(band), probability=chance)
    history = book.as_of("2026-11-23").history()
    won = (history["lead"] == "L-1").to_numpy()
    found = promises_by_band(bundle, field, history, won, alike=1.0)
    labels = [band.label for band in bundle.points_table.field(field).bands]
    # the lead that no band took is in none of them
    assert [(one.name, one.leads, one.promised, one.won) for one in found] == [
        (labels[0], 2, pytest.approx(0.75), 1),
        (labels[1], 1, pytest.approx(0.125), 0),
    ]


def test_no_lead_has_no_band(book, bundle):
    history = book.as_of("2026-11-23").history()
    assert promises_by_band(bundle, choose_field(bundle, None), history, np.empty(0, dtype=bool), alike=1.0) == ()
