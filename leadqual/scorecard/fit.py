"""The fit: an additive logistic model over bands, with a penalty matrix and bounds. The one home of glum."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pandas as pd
import tabmat
from glum import GeneralizedLinearRegressor
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix
from scipy.special import expit
from threadpoolctl import threadpool_limits

__all__ = ["Design", "design", "fit_effects", "information", "one_thread", "predict", "solve_intercept"]

Floats = NDArray[np.float64]

# tabmat's categorical blocks cost about 50 microseconds for each pair of fields, whatever the number of leads; its
# sparse matrix costs more for each lead. They break even at about 30,000 leads.
_MAX_SPARSE_LEADS = 30_000


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """The band of each lead in each field, as glum wants it.

    Parameters
    ----------
    matrix
        A column of ones and zeros for each band, (n, p): sparse, or for many leads one categorical block per field.
    sizes
        Columns of each field.
    weight
        Weight of each lead, (n,).
    """

    matrix: tabmat.SplitMatrix | tabmat.SparseMatrix
    sizes: tuple[int, ...]
    weight: Floats

    def parts(self, effects: Floats) -> list[Floats]:
        """Cut effects, (p,), into one array per field."""
        return np.split(effects, np.cumsum(self.sizes)[:-1])


@contextmanager
def one_thread() -> Iterator[None]:
    """Let everything inside run on one thread.

    Sums in another order round differently, and two runs must give the same bytes; and on problems of this size threads
    cost more than they bring.
    """
    with threadpool_limits(limits=1):
        yield


def design(codes: list[NDArray[np.int64]], sizes: list[int], weight: Floats) -> Design:
    """Build the design from band codes, one (n,) array per field, and the number of columns of each field."""
    if len(weight) > _MAX_SPARSE_LEADS:
        blocks = [
            tabmat.CategoricalMatrix(pd.Categorical.from_codes(code, categories=pd.RangeIndex(size)))
            for code, size in zip(codes, sizes, strict=True)
        ]
        return Design(tabmat.SplitMatrix(blocks), tuple(sizes), weight)
    n, k = len(weight), len(codes)
    starts = np.concatenate(([0], np.cumsum(sizes)))
    columns = np.stack([code + start for code, start in zip(codes, starts[:-1], strict=True)], axis=1)
    rows = np.arange(0, n * k + 1, k)
    ones = csr_matrix((np.ones(n * k), columns.ravel(), rows), shape=(n, int(starts[-1])))
    return Design(tabmat.SparseMatrix(ones.tocsc()), tuple(sizes), weight)


def fit_effects(
    rows: Design,
    won: Floats,
    penalty: Floats,
    *,
    offset: Floats | None = None,
    bounds: tuple[Floats, Floats] | None = None,
    start: Floats | None = None,
) -> Floats:
    """Return intercept and effects that are most probable under a logistic model with a normal prior.

    Minimises ``-sum_i w_i log p(won_i) + b' P b / 2`` over effects b within their bounds.

    Parameters
    ----------
    rows
        The design over n leads and p columns.
    won
        Outcome of each lead, 1 or 0, (n,).
    penalty
        P, (p, p), positive definite.
    offset
        Log-odds each lead starts from, (n,).
    bounds
        Lower and upper bound of each effect, (p,) each.
    start
        Where to start, (p + 1,): intercept, then effects.

    Returns
    -------
    numpy.ndarray of float64, shape (p + 1,)
        The intercept, then the effects, in log-odds.

    Notes
    -----
    glum (Quantco), iteratively reweighted least squares; with bounds, coordinate descent inside each step.
    """
    lower, upper = (None, None) if bounds is None else bounds
    if start is None and offset is not None:
        # Starting from 0 beside a rule with many points, probabilities saturate and the gradient vanishes.
        effects = np.zeros(sum(rows.sizes))
        effects = effects if bounds is None else np.clip(effects, *bounds)
        start = np.concatenate(([solve_intercept(won, rows.weight, offset)], effects))
    model = GeneralizedLinearRegressor(
        family="binomial",
        alpha=1.0,
        l1_ratio=0,
        P2=penalty / float(rows.weight.sum()),
        solver="irls-ls" if bounds is None else "irls-cd",
        gradient_tol=1e-6,
        max_iter=60,
        lower_bounds=lower,
        upper_bounds=upper,
        start_params=start,
        check_input=False,
    )
    with warnings.catch_warnings():
        # A last step smaller than the machine's precision is reported as "not converged"; the effects are still right.
        warnings.simplefilter("ignore")
        model.fit(rows.matrix, won, sample_weight=rows.weight, offset=offset)
    return np.concatenate(([float(model.intercept_)], np.asarray(model.coef_, dtype=np.float64)))


def predict(rows: Design, coefficients: Floats, offset: Floats | None = None) -> Floats:
    """Return each lead's log-odds, (n,)."""
    logits = rows.matrix.matvec(coefficients[1:]) + coefficients[0]
    return np.asarray(logits if offset is None else logits + offset, dtype=np.float64)


def information(rows: Design, logits: Floats) -> Floats:
    """Return the information about the effects, (p, p): ``X' W X`` with the intercept profiled out."""
    p = expit(logits)
    weight = rows.weight * p * (1 - p)
    full = np.asarray(rows.matrix.sandwich(weight))
    cross = np.asarray(rows.matrix.transpose_matvec(weight))
    return full - np.outer(cross, cross) / max(float(weight.sum()), 1e-12)


def newton_step(
    rows: Design, won: Floats, coefficients: Floats, logits: Floats, known: Floats, penalty: Floats
) -> Floats:
    """Return intercept and effects after one Newton step towards the fit under a penalty.

    Parameters
    ----------
    rows, won, penalty
        As in `fit_effects`.
    coefficients
        Where to start, (p + 1,), without bounds.
    logits, known
        Each lead's log-odds there, (n,), and what `information` says of them, (p, p).
    """
    p = expit(logits)
    rest, weight = rows.weight * (won - p), rows.weight * p * (1 - p)
    cross, total = np.asarray(rows.matrix.transpose_matvec(weight)), max(float(weight.sum()), 1e-12)
    slope = np.asarray(rows.matrix.transpose_matvec(rest)) - penalty @ coefficients[1:]
    alone = float(rest.sum())
    lower = cho_factor(known + penalty, lower=True, check_finite=False)
    effects = cho_solve(lower, slope - cross * (alone / total), check_finite=False)
    return coefficients + np.concatenate(([(alone - float(cross @ effects)) / total], effects))


def solve_intercept(won: Floats, weight: Floats, offset: Floats) -> float:
    """Return the intercept at which expected and actual wins agree, given each lead's other log-odds.

    Examples
    --------
    >>> round(solve_intercept(np.array([1.0, 0.0, 0.0, 0.0]), np.ones(4), np.zeros(4)), 4)
    -1.0986
    """
    wins, total = float(weight @ won), float(weight.sum())
    # Half a win and half a loss keep the intercept finite where all leads have one outcome; not added elsewhere.
    wins = min(max(wins, 0.5), total - 0.5) if total > 1 else total / 2
    low, high = -50.0 - float(offset.max()), 50.0 - float(offset.min())
    for _ in range(200):
        middle = (low + high) / 2
        if float(weight @ expit(offset + middle)) < wins:
            low = middle
        else:
            high = middle
        if high - low < 1e-12:
            break
    return (low + high) / 2
