"""Value against cost: the break-even, and net benefit as its authors define it."""

import numpy as np
import pytest

from leadqual.bundle import ProbabilityCurve
from leadqual.errors import PolicyError
from leadqual.thresholds import LeadValue, net_benefit, worthwhile_points

CURVE = ProbabilityCurve(90, (0.1, 0.2, 0.3), (0.0, 0.1, 0.2), (0.2, 0.3, 0.4), 0.95, "none", "", 100, 20)


def test_a_contact_pays_from_its_break_even_on() -> None:
    value = LeadValue(per_win=1000, per_contact=200)
    assert value.break_even == 0.2
    np.testing.assert_allclose(value.of([0.1, 0.2, 0.3]), [-100, 0, 100], atol=1e-9)
    assert worthwhile_points(CURVE, value, [90, 91, 92]) == 91
    assert worthwhile_points(CURVE, LeadValue(1000, 1), [90, 92]) == 90
    assert worthwhile_points(CURVE, LeadValue(1000, 900), [90, 92]) == 93


def test_net_benefit_is_the_money_of_what_is_worked() -> None:
    rng = np.random.default_rng(0)
    won, worked = rng.random(200) < 0.3, rng.random(200) < 0.5
    value = LeadValue(800, 100)
    money = 800 * (won & worked).sum() - 100 * worked.sum()
    assert net_benefit(won, worked, value) * (800 - 100) * 200 == pytest.approx(money)


@pytest.mark.parametrize(("win", "contact"), [(0, 1), (100, 0), (100, 100), (float("inf"), 1), (float("nan"), 1)])
def test_values_that_cannot_be_are_refused(win, contact) -> None:
    with pytest.raises(PolicyError, match="both must be above 0"):
        LeadValue(win, contact)


def test_net_benefit_needs_the_same_leads() -> None:
    with pytest.raises(PolicyError, match="same leads"):
        net_benefit([1, 0], [True], LeadValue(10, 1))
