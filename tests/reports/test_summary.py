"""The summary says what the bundle says, in an order that people can read."""

import dataclasses
import json
import math

import pytest

from leadqual.bundle import Band, Bundle, FieldPoints, Measure, Performance
from leadqual.reports.compared_measures import compare, headline
from leadqual.reports.field_lines import field_line
from leadqual.reports.summary import summarize


def test_it_repeats_the_bundle_and_computes_nothing_anew(bundle: Bundle) -> None:
    summary = summarize(bundle)
    assert (summary.name, summary.digest, summary.window_days) == ("autumn", bundle.digest, 90)
    assert (summary.base_rate, summary.base_points, summary.points_to_double_odds) == (0.1, 95, 20)
    assert (summary.lowest, summary.highest) == (bundle.points_table.lowest, bundle.points_table.highest)
    assert summary.grades == bundle.policy.grades
    assert bundle.evidence is not None
    assert summary.reliability == bundle.evidence.reliability
    assert summary.warnings == ("Nothing says when a field was filled in.",)
    assert summary.constraints == bundle.constraints
    assert summary.sign_offs == ("Ada for sales, 2026-05-02T00:00:00Z",)


def test_the_field_that_moves_leads_most_comes_first_by_the_spread_of_its_points_over_the_leads(bundle: Bundle) -> None:
    lines = summarize(bundle).fields
    assert [line.name for line in lines] == ["Need", "Visits"]
    # a quarter of the leads in each band of Need
    points = [-4, -12, 31, 0]
    mean = sum(points) / 4
    assert lines[0].weight == pytest.approx(math.sqrt(sum((p - mean) ** 2 for p in points) / 4), abs=0.001)
    assert lines[0].spread == 43


def test_categories_are_listed_from_most_to_fewest_points_and_numbers_from_low_to_high_missing_last(
    bundle: Bundle,
) -> None:
    need, visits = summarize(bundle).fields
    assert [band.label for band in need.bands] == ["Urgent", "This year", "Later", "missing"]
    assert [band.label for band in visits.bands] == ["under 3", "3 and more", "missing"]


def test_a_hand_made_table_without_shares_is_weighed_over_its_bands() -> None:
    line = field_line(FieldPoints("Need", "category", (Band("a", 10, values=("a",)), Band("b", -10, values=("b",)))))
    assert line.weight == 10.0
    assert field_line(FieldPoints("Need", "category", ())).spread == 0


def test_the_rungs_hold_every_threshold_within_reach_and_agree_with_curve_scale_and_policy(bundle: Bundle) -> None:
    rungs = summarize(bundle).rungs
    points = [rung.points for rung in rungs]
    assert points == sorted(points, reverse=True)
    assert {135, 120, 100} <= set(points)
    assert min(points) >= bundle.points_table.lowest
    assert max(points) <= bundle.points_table.highest
    for rung in rungs:
        assert (rung.probability, rung.low, rung.high) == bundle.curve.at(rung.points)
        assert rung.score == bundle.scale.at(rung.points)
        assert rung.grade == bundle.policy.grade(rung.points).name
        assert rung.qualification == bundle.policy.qualification(rung.points)


def test_a_wide_curve_has_about_ten_rungs_all_the_same(bundle: Bundle) -> None:
    wide = dataclasses.replace(
        bundle.curve, **{name: tuple(i / 2001 for i in range(1, 2001)) for name in ("probability", "low", "high")}
    )
    table = dataclasses.replace(
        bundle.points_table,
        fields=(FieldPoints("Need", "category", (Band("a", 1900, values=("a",)), Band("b", 0, values=("b",)))),),
    )
    rungs = summarize(dataclasses.replace(bundle, curve=wide, points_table=table)).rungs
    assert 8 <= len(rungs) <= 15


def test_the_base_rate_stands_last_and_the_best_of_each_measure_is_named(bundle: Bundle) -> None:
    summary = summarize(bundle)
    assert summary.compared == ("scorecard", "prior rule", "base rate")
    by_name = {comparison.measure: comparison for comparison in summary.comparisons}
    assert by_name["wins_in_top_20"].values == (0.55, 0.41, 0.2)
    assert by_name["wins_in_top_20"].best == 0
    assert by_name["log_loss"].best == 0
    assert by_name["auc"].values == (0.81, None, 0.5)
    assert by_name["auc"].intervals == ((0.78, 0.84), None, None)
    assert by_name["predicted_over_actual"].values == (0.97, None, 1.2)
    assert by_name["predicted_over_actual"].best == 0


def test_a_shared_best_or_a_single_value_is_no_best() -> None:
    shared = compare((Performance("a", (Measure("auc", 0.7),)), Performance("b", (Measure("auc", 0.7),))))
    assert [comparison.best for comparison in shared] == [None]
    single = compare((Performance("a", (Measure("auc", 0.7),)), Performance("b", (Measure("auc", None),))))
    assert [comparison.best for comparison in single] == [None]


def test_the_lowest_calibration_error_is_the_best_and_not_the_highest() -> None:
    (error,) = compare(
        (
            Performance("a", (Measure("calibration_error", 0.04),)),
            Performance("b", (Measure("calibration_error", 0.01),)),
        )
    )
    assert error.best == 1


def test_the_headline_names_the_rule_it_is_compared_with_where_there_is_one(bundle: Bundle) -> None:
    assert summarize(bundle).headline == (
        "The top 20% of later leads by points held 55% of the wins; "
        "41% under the prior rule, 20% when picked at random."
    )
    alone = tuple(compare((Performance("scorecard", (Measure("wins_in_top_20", 0.5),)),)))
    assert headline(("scorecard",), alone) == (
        "The top 20% of later leads by points held 50% of the wins; 20% when picked at random."
    )


def test_without_evidence_it_says_that_nothing_was_measured(bundle: Bundle) -> None:
    summary = summarize(dataclasses.replace(bundle, evidence=None))
    assert summary.headline == "How it holds up on later leads was not measured."
    assert summary.warnings == (summary.headline,)
    assert (summary.compared, summary.comparisons, summary.reliability, summary.tested_on) == ((), (), (), 0)


def test_it_survives_json(bundle: Bundle) -> None:
    told = json.loads(json.dumps(summarize(bundle).to_dict(), allow_nan=False))
    assert told["fields"][0]["bands"][0] == {"label": "Urgent", "points": 31, "share": 0.25}
    assert told["digest"] == bundle.digest


def test_the_provenance_leaves_out_what_is_not_known(bundle: Bundle) -> None:
    known = dict(summarize(bundle).provenance)
    assert known["leads"] == "1,000 read, 900 old enough to judge: 90 won, 810 not won"
    assert known["created"] == "2024-01-01 to 2025-12-31"
    assert known["versions"] == "python 3.11, numpy 2.4"
    bare = dataclasses.replace(bundle.provenance, created_at="", first_lead=None, last_lead=None, as_of=None)
    told = dict(summarize(dataclasses.replace(bundle, provenance=bare)).provenance)
    assert {"made at", "created", "outcomes as of"} & set(told) == set()


def test_the_curve_is_described_in_words(bundle: Bundle) -> None:
    assert summarize(bundle).curve == (
        "Probability: a logistic curve over the points, from 900 leads with 90 wins. "
        "Interval: Exact bounds from neighbouring leads."
    )
    plain = dataclasses.replace(bundle.curve, method="none", interval_method="")
    assert summarize(dataclasses.replace(bundle, curve=plain)).curve == (
        "Probability: the points' own odds, from 900 leads with 90 wins."
    )
