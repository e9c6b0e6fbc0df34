import numpy as np
import pytest

from leadqual.monitoring import psi, psi_p_value

SHARES = np.array([0.3, 0.25, 0.2, 0.15, 0.07, 0.03])


def test_the_index_is_the_sum_it_says():
    a, b = np.array([40.0, 60.0]), np.array([10.0, 90.0])
    p, q = (a + 0.5) / 101, (b + 0.5) / 101
    assert psi(a, b) == pytest.approx(sum((q - p) * np.log(q / p)))
    assert psi(a, a) == 0


@pytest.mark.parametrize("size", [50, 100, 200, 1000])
def test_without_drift_at_most_one_in_twenty_is_found_where_a_fixed_limit_finds_most(size):
    rng = np.random.default_rng(size + 1)
    worlds, found, above = 400, 0, 0
    for seed in range(worlds):
        trained = rng.multinomial(3000, SHARES).astype(float)
        index, _, p = psi_p_value(trained, rng.multinomial(size, SHARES).astype(float), seed=10**6 + seed)
        found += p <= 0.05
        above += index > 0.1
    assert found / worlds <= 0.08
    if size == 50:
        assert above / worlds > 0.3


def test_a_real_drift_is_found():
    moved = SHARES[::-1]
    rng = np.random.default_rng(0)
    assert psi_p_value(3000 * SHARES, rng.multinomial(200, moved).astype(float))[2] < 0.001
