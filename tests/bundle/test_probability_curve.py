import pytest

from leadqual.bundle import ProbabilityCurve


@pytest.mark.parametrize(("points", "entry"), [(-9, 0), (98, 0), (99, 1), (100, 2), (101, 2), (10**9, 2)])
def test_points_beyond_the_ends_get_the_entry_at_that_end(points, entry):
    rows = ((0.2, 0.3, 0.4), (0.1, 0.2, 0.3), (0.3, 0.4, 0.5))
    curve = ProbabilityCurve(98, *rows, 0.95, "none", "", 0, 0)
    assert curve.last_points == 100
    assert curve.at(points) == tuple(row[entry] for row in rows)
