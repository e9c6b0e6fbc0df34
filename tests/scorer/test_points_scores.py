from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadqual.scorer.points_scores import PointsScores


@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_number_of_points_stands_for_what_curve_scale_and_policy_say(strategies, data):
    bundle = data.draw(strategies.bundles())
    points_scores = PointsScores(bundle)
    far = data.draw(st.lists(st.integers(-(10**12), 10**12), max_size=5))
    for points in [*range(-210, 300), *far]:
        grade = bundle.policy.grade(points)
        assert points_scores.at(points) == (
            bundle.scale.at(points),
            *bundle.curve.at(points),
            grade.name,
            bundle.policy.qualification(points),
            grade.follow_up_hours,
        )
    assert len(points_scores.entries) == len(points_scores.starts) + 1
