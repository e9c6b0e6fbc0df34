import pytest

from leadqual.bundle import ScoreScale


@pytest.mark.parametrize(("points", "score"), [(-9, 5), (-3, 5), (-2, 40), (-1, 90), (0, 90), (10**9, 90)])
def test_points_beyond_the_ends_get_the_entry_at_that_end(points, score):
    assert ScoreScale(-3, (5, 40, 90)).at(points) == score
