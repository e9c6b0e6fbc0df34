"""LQ304: a far-off number that many leads have."""

import numpy as np
import pytest

from leadqual.audit.number_codes import number_codes

SIZE = 1000
RNG = np.random.default_rng(3)


def coded(numbers: np.ndarray, code: float, share: float = 0.03) -> np.ndarray:
    numbers = numbers.astype(float).copy()
    numbers[: int(share * SIZE)] = code
    return RNG.permutation(numbers)


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        (RNG.integers(0, 500, SIZE), -999),
        (RNG.integers(18, 90, SIZE), 9999),
        (RNG.integers(18, 90, SIZE), 999),
        (RNG.integers(0, 40, SIZE), -1),
        (RNG.integers(1990, 2026, SIZE), 0),
        (RNG.normal(2e5, 4e4, SIZE).clip(1e5), 99_999_999),
    ],
)
def test_a_code_is_found(audited, numbers, code) -> None:
    (finding,), _ = number_codes(audited({"field": coded(numbers, code)}, won=np.arange(SIZE) % 2))
    assert (finding.code, finding.figures["value"], finding.figures["leads"]) == ("LQ304", code, 30)
    assert not finding.leaves_out


@pytest.mark.parametrize(
    "numbers",
    [
        RNG.integers(0, 500, SIZE),
        np.round(np.exp(RNG.normal(5, 1.6, SIZE))),  # a long tail
        RNG.poisson(0.7, SIZE),  # many zeros
        coded(RNG.integers(0, 500, SIZE), -999, share=0.005),  # few leads
        np.arange(SIZE) % 2,
    ],
)
def test_what_is_no_code(audited, numbers) -> None:
    assert number_codes(audited({"field": numbers.astype(float)}, won=np.arange(SIZE) % 2))[0] == []
