from dataclasses import replace

import pytest

from leadqual.agreement import Agreement
from leadqual.bundle import SignOff
from leadqual.reports.language import Language
from leadqual.retraining import PromotionEvidence, PromotionRule, SegmentCheck, decide

GOOD = PromotionEvidence(
    leads=1000, wins=100, difference=-0.01, low=-0.02, high=-0.002, level=0.95, ratio=1.0, ratio_low=0.9,
    ratio_high=1.1, slope=1.0, slope_low=0.9, slope_high=1.1, point_change=5, segments=(), basis="all leads",
)  # fmt: skip


@pytest.fixture
def challenger(champion):
    return replace(champion, base_rate=champion.base_rate * 1.01)


def agreed(bundle, *roles):
    signs = tuple(SignOff(role, role, "2026-01-01T00:00:00Z", bundle.digest) for role in roles)
    return Agreement(bundle.digest, sign_offs=signs)


def test_a_better_challenger_needs_both_signatures(champion, challenger):
    assert decide(champion, challenger, GOOD).verdict == "propose"
    one = decide(champion, challenger, GOOD, agreement=agreed(challenger, "sales"))
    assert one.verdict == "propose"
    assert "marketing must sign first" in Language("en").say(one.reasons[1])
    both = decide(champion, challenger, GOOD, agreement=agreed(challenger, "sales", "marketing"))
    assert both.verdict == "promote"
    other = decide(champion, challenger, GOOD, agreement=agreed(champion, "sales", "marketing"))
    assert other.verdict == "propose"  # they signed something else


def test_where_nothing_signed_has_changed_nobody_needs_to_sign(champion):
    assert decide(champion, champion, GOOD).verdict == "promote"


@pytest.mark.parametrize(
    ("change", "verdict", "why"),
    [
        ({"leads": 150}, "not yet", "too few"),
        ({"wins": 5}, "not yet", "too few"),
        ({"low": 0.001, "difference": 0.01, "high": 0.02}, "keep", "no lower"),
        ({"low": -0.03, "high": 0.01}, "not yet", "more outcomes are needed"),
        ({"low": -0.03, "high": 0.03, "difference": 0.0}, "keep", "would not settle"),
        ({"point_change": 31}, "keep", "move by 31 points"),
        ({"ratio_low": 1.3, "ratio_high": 1.5}, "keep", "do not come true"),
        ({"ratio_low": 0.5, "ratio_high": 0.7}, "keep", "do not come true"),
        ({"ratio": None, "ratio_low": None, "ratio_high": None}, "keep", "do not come true"),
        ({"slope_low": 1.5, "slope_high": 1.8}, "keep", "slope"),
        ({"slope_low": 0.2, "slope_high": 0.6}, "keep", "slope"),
        ({"segments": (SegmentCheck("Source", "Fair", 90, 30.0, 10.0, 2.1, 6.0),)}, "keep", "in 1 segment,"),
        ({"segments": (SegmentCheck("Source", "Fair", 90, 3.0, 10.0, 0.2, 0.45),)}, "keep", "in 1 segment,"),
    ],
)
def test_each_reason_not_to(champion, challenger, change, verdict, why):
    found = decide(champion, challenger, replace(GOOD, **change), agreement=agreed(challenger, "sales", "marketing"))
    assert found.verdict == verdict
    assert why in Language("en").say(found.reasons[0])
    assert "Fair" not in Language("en").joined(found.reasons)  # segments are named by field, not by value
    found.to_dict()


def test_what_is_off_forbids_nothing_where_the_champion_is_farther_off(champion, challenger):
    """Walking forward through a fall of the win rate, a challenger is late too, but less."""
    late = replace(GOOD, ratio=1.4, ratio_low=1.3, ratio_high=1.5)
    fair = SegmentCheck("Source", "Fair", 90, 30.0, 10.0, 2.1, 6.0)
    for change, verdict in (
        ({"champion_ratio": 1.8}, "propose"),
        ({"champion_ratio": 1.2}, "keep"),
        ({"champion_ratio": 1.8, "segments": (replace(fair, champion=45.0),)}, "propose"),
        ({"champion_ratio": 1.8, "segments": (replace(fair, champion=12.0),)}, "keep"),
        ({"champion_ratio": 1.8, "segments": (replace(fair, champion=3.2),)}, "propose"),  # farther off, the other way
    ):
        assert decide(champion, challenger, replace(late, **change)).verdict == verdict
    told = Language("en").say_all(decide(champion, challenger, replace(late, champion_ratio=1.8)).reasons)
    assert "The champion's predicted/actual on the same leads is 1.80." in told
    ends = {"champion_ratio": 1.8, "champion_ratio_low": 1.6, "champion_ratio_high": 2.0}
    told = Language("en").say_all(decide(champion, challenger, replace(late, **ends)).reasons)
    assert "The champion's predicted/actual on the same leads is 1.80 (1.60 to 2.00)." in told


def test_a_segment_that_may_be_right_forbids_nothing(champion, challenger):
    few = (
        SegmentCheck("Source", "Fair", 60, 30.0, 10.0, 1.9, 6.0),
        SegmentCheck("Source", "x", 60, 1.0, 0.0, None, None),
    )
    assert decide(champion, challenger, replace(GOOD, segments=few)).verdict == "propose"


def test_how_many_more_outcomes_are_needed_follows_from_the_width():
    wide = replace(GOOD, low=-0.03, high=0.01, difference=-0.01)
    # half the width is 0.02, twice the difference: four times as many leads halve it
    assert wide.more_needed == 3000
    assert GOOD.more_needed is None


def test_a_margin_must_be_beaten(champion, challenger):
    assert decide(champion, challenger, GOOD, rule=PromotionRule(margin=0.005)).verdict == "keep"
