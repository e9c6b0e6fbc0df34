"""The share of leads in each band of a points table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.points_table import PointsTable
from leadqual.scorecard.fine_bands import band_codes

__all__ = ["with_shares"]


def with_shares(table: PointsTable, leads: pd.DataFrame, weight: NDArray[np.float64]) -> PointsTable:
    """Return a points table whose shares are those of given leads.

    Parameters
    ----------
    table
        The bands.
    leads
        Raw fields of n leads.
    weight
        How much each counts, (n,), such as `leadqual.leads.accounts.draw_weights` gives.

    Examples
    --------
    >>> from leadqual.bundle import Band, FieldPoints
    >>> need = FieldPoints("need", "category", (Band("high", 9, values=("high",)), Band("low", 0, values=("low",))))
    >>> leads = pd.DataFrame({"need": ["high", "high", "low"]})
    >>> [band.share for band in with_shares(PointsTable((need,)), leads, np.array([0.5, 0.5, 1.0])).fields[0].bands]
    [0.5, 0.5]
    """
    fields, total = [], float(weight.sum())
    for field in table.fields:
        codes = band_codes(field, leads[field.name], table.missing_values, reading=table.reading)
        counts = np.bincount(codes, weight, len(field.bands) + 1)
        bands = tuple(
            replace(band, share=round(float(count) / total, 6))
            for band, count in zip(field.bands, counts, strict=False)
        )
        fields.append(replace(field, bands=bands))
    return replace(table, fields=tuple(fields))
