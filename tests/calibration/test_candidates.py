"""The shapes of a curve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from leadqual.calibration.candidates import Shape, beta, intercept_only, logistic, quadratic, unchanged

X = np.linspace(-8, 8, 400)


def shapes(centre: float) -> list[Shape]:
    bent = quadratic(centre, centre - 1.5, centre + 1)
    return [unchanged(), intercept_only(centre), logistic(centre), bent, quadratic(centre, 0.3, 0.3), beta(centre)]


@pytest.mark.parametrize("centre", [-2.0, 0.0, 0.7])
def test_the_prior_of_every_shape_is_no_change(centre: float) -> None:
    for shape in shapes(centre):
        np.testing.assert_allclose(shape.basis(X) @ np.array(shape.start), X, atol=1e-12, err_msg=shape.name)


@given(
    centre=st.floats(-3, 3),
    coefficients=st.lists(st.floats(-4, 4), min_size=3, max_size=3),
)
def test_no_shape_falls_within_its_bounds(centre: float, coefficients: list[float]) -> None:
    for shape in shapes(centre):
        free = np.where(np.array(shape.spread) > 0, coefficients[: len(shape.start)], shape.start)
        free[list(shape.non_negative)] = np.abs(free[list(shape.non_negative)])
        assert np.all(np.diff(shape.basis(X) @ free) >= -1e-9), shape.name


def test_the_quadratic_is_a_parabola_between_its_ends_and_straight_beyond() -> None:
    curve = quadratic(0.5, -1, 2).basis(X) @ np.array([0.0, 0.4, 1.6])
    inside = (X >= -1) & (X <= 2)
    second = np.polyfit(X[inside], curve[inside], 2)
    np.testing.assert_allclose(np.polyval(second, X[inside]), curve[inside], atol=1e-9)
    assert second[0] == pytest.approx((1.6 - 0.4) / (2 * 3))
    np.testing.assert_allclose(np.diff(curve[X < -1]) / np.diff(X[X < -1]), 0.4)
    np.testing.assert_allclose(np.diff(curve[X > 2]) / np.diff(X[X > 2]), 1.6)


def test_beta_is_the_formula_of_its_paper() -> None:
    p, (a, b, c) = expit(X), (0.7, 1.8, -0.3)
    centre = 0.4
    expected = c + a * np.log(p / expit(centre)) - b * np.log((1 - p) / expit(-centre))
    np.testing.assert_allclose(beta(centre).basis(X) @ np.array([c, a, b]), expected)
