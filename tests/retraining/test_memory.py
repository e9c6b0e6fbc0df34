import numpy as np
import pytest
from scipy.special import expit

from leadqual.retraining.memory import HALF_LIVES, chosen_memory


def world(seed, shift, ago=240, leads=1500, days=700):
    rng = np.random.default_rng(seed)
    time, z = np.sort(rng.uniform(0, days, leads)), rng.normal(-2.2, 1, leads)
    won = rng.random(leads) < expit(z + shift * (time > days - ago))
    return z, won * 1.0, time


def test_after_a_change_old_leads_count_less_and_without_one_they_seldom_do():
    moved = [chosen_memory(*world(seed, -0.9)) for seed in range(20)]
    still = [chosen_memory(*world(seed, 0.0)) for seed in range(40)]
    assert sum(one is not None for one in moved) >= 16
    assert sum(one is not None for one in still) <= 8  # three tries, each passed by chance in 16 %, not apart
    assert {*moved, *still} <= set(HALF_LIVES)


def test_it_does_not_hang_on_the_order_of_the_leads():
    z, won, time = world(1, -0.9)
    order = np.random.default_rng(0).permutation(len(z))
    assert chosen_memory(z[order], won[order], time[order]) == chosen_memory(z, won, time)


@pytest.mark.parametrize("won", [0.0, 1.0])
def test_leads_that_all_ended_alike_are_no_error(won):
    z, _, time = world(0, 0.0, leads=120)
    assert chosen_memory(z, np.full(120, won), time) in HALF_LIVES


def test_leads_of_one_day_have_no_past_to_learn_from():
    assert chosen_memory(np.zeros(50), np.arange(50.0) % 2, np.zeros(50)) is None
