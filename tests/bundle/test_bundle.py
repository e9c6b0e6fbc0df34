import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import leadqual.bundle


@given(st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_bundles_are_short_to_show_and_cannot_change(strategies, data):
    bundle = data.draw(strategies.bundles())
    assert repr(bundle).startswith(f"Bundle({bundle.name!r}: {len(bundle.points_table.fields)} fields, ")
    assert ("no window" in repr(bundle)) == (bundle.window_days is None)
    assert len(repr(bundle)) < 400
    with pytest.raises(dataclasses.FrozenInstanceError):
        bundle.name = "other"


def test_every_type_is_frozen_slotted_and_says_what_its_fields_are():
    for name in leadqual.bundle.__all__:
        kind = getattr(leadqual.bundle, name)
        assert kind.__dataclass_params__.frozen
        assert kind.__dictoffset__ == 0
        slots = [slot for base in reversed(kind.__mro__) for slot in getattr(base, "__slots__", ())]
        assert slots == [field.name for field in dataclasses.fields(kind)]
        assert kind.__doc__
