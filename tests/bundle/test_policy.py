import pytest

from leadqual.bundle import Grade, Policy

GRADES = (Grade("A", 130, 4.0), Grade("B", 120, 24.0), Grade("C", 100, 72.0), Grade("D", None, None))
POLICY = Policy(GRADES, 100, 120, ())


@pytest.mark.parametrize(
    ("points", "grade", "qualification"),
    [
        *[(500, "A", "SQL"), (130, "A", "SQL"), (129, "B", "SQL"), (120, "B", "SQL")],
        *[(119, "C", "MQL"), (100, "C", "MQL"), (99, "D", "none"), (-500, "D", "none")],
    ],
)
def test_points_to_grade_and_qualification(points, grade, qualification):
    assert POLICY.grade(points).name == grade
    assert POLICY.qualification(points) == qualification


def test_a_policy_must_end_with_a_grade_for_the_rest():
    with pytest.raises(AssertionError, match="last grade"):
        Policy((Grade("A", 130, 4.0),), 100, 120, ()).grade(0)
