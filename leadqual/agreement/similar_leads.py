"""The leads most like one lead, by what their fields are worth, and how they ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.agreement.later_leads import LaterLeads, whole_history
from leadqual.bundle.choices import ChoiceLists
from leadqual.bundle.encoding import encoders
from leadqual.calibration.interval import clopper_pearson
from leadqual.scorer.columns import encode_column
from leadqual.scorer.given_fields import FieldKeys

__all__ = ["SimilarLeads", "similar_leads"]

_COVERAGE = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class SimilarLeads:
    """The mature leads nearest to one lead.

    Parameters
    ----------
    rows
        Row numbers, earlier leads first, then later ones, nearest first, (k,).
    distance
        How far each is: the sum over the fields of the difference in points, (k,).
    won
        Outcome of each, 1 or 0, (k,).
    win_rate, low, high
        Share of them that won, with its 95 % Clopper-Pearson interval.
    """

    rows: NDArray[np.int64]
    distance: NDArray[np.int64]
    won: NDArray[np.float64]
    win_rate: float
    low: float
    high: float


def similar_leads(lead: Mapping[str, Any], held: LaterLeads, *, most: int = 50) -> SimilarLeads:
    """Return the leads whose fields are worth about what this lead's are, and how they ended.

    Two leads are alike where their bands have like points, field by field: what does not matter for winning does not
    set them apart. Leads at the same distance come in the order of the history.

    Parameters
    ----------
    lead
        Raw values by field.
    held
        The history.
    most
        How many to return, at least 1.

    Examples
    --------
    >>> from leadqual.agreement import hold_later
    >>> from leadqual.leads import label_outcomes, read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> leads = read_leads(sample.table, sample.schema)
    >>> held = hold_later(train(leads, name="demo").bundle, leads, label_outcomes(leads))
    >>> found = similar_leads(held.later.iloc[0].to_dict(), held, most=20)
    >>> len(found.rows), int(found.distance[0])
    (20, 0)
    """
    everyone = whole_history(held)
    lead = FieldKeys(held.deployed).find(lead).filled(lead)
    distance = np.zeros(len(everyone.earlier), dtype=np.int64)
    lead = ChoiceLists(held.deployed.fields, held.deployed.missing_values).expanded(lead)
    for encoder, codes in zip(encoders(held.deployed), everyone.earlier_codes, strict=True):
        name = encoder.field.name
        worth = np.array([place.points for place in encoder.places], dtype=np.int64)
        own = encode_column(encoder, pd.Series([lead[name]], dtype=object))[0] if name in lead else None
        distance += np.abs(worth[codes] - worth[encoder.absent_code if own is None else own])
    rows = np.argsort(distance, kind="stable")[:most]
    won = everyone.earlier_won[rows]
    low, high = clopper_pearson(np.array([won.sum()]), np.array([float(len(won))]), (1 - _COVERAGE) / 2)
    return SimilarLeads(rows, distance[rows], won, float(won.mean()), float(low[0]), float(high[0]))
