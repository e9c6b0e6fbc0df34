import pytest

from leadqual.evaluation import change_fact
from leadqual.reports.language import Language


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((3.2, 1.1, 5.4), "3 more (1 to 5)"),
        ((-3.2, -5.4, -1.1), "3 fewer (1 to 5)"),
        ((-1.4, -7.0, 5.0), "no clear change: 7 fewer to 5 more"),
        ((-1.4, -7.0, 0.0), "no clear change: 0 to 7 fewer"),
        ((1.4, 0.0, 7.0), "no clear change: 0 to 7 more"),
        ((0.1, -0.3, 0.4), "no change"),
        ((0.0, 0.0, 0.0), "no change"),
        ((0.3, 0.2, 0.9), "no change worth mentioning: 0 to 1 more"),
    ],
)
def test_a_difference_has_a_direction_only_where_its_interval_has(ends, said) -> None:
    assert Language("en").say(change_fact(*ends, digits=0, way="fewer")) == said
