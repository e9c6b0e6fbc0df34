"""A lead's points: the sum over the fields of a points table."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.encoding import encoders
from leadqual.bundle.points_table import PointsTable
from leadqual.scorer.choice_columns import with_choices
from leadqual.scorer.columns import encode_column

__all__ = ["lead_points"]


def lead_points(table: PointsTable, leads: pd.DataFrame) -> NDArray[np.int64]:
    """Return the points of each lead, (n,), under a points table.

    Parameters
    ----------
    table
        The points table.
    leads
        Raw values, with a column for each field of the table, or the lists that its choices are of.

    Examples
    --------
    >>> from leadqual.bundle import Band, FieldPoints
    >>> urgent, low = Band("urgent", 12, values=("urgent",)), Band("low", -4, values=("low",))
    >>> table = PointsTable((FieldPoints("need", "category", (urgent, low)),), base_points=100)
    >>> lead_points(table, pd.DataFrame({"need": ["low", "urgent", "?"]})).tolist()
    [96, 112, 100]
    """
    total = np.full(len(leads), table.base_points, dtype=np.int64)
    leads = with_choices(leads, table)
    for encoder in encoders(table):
        worth = np.array([place.points for place in encoder.places], dtype=np.int64)
        total += worth[encode_column(encoder, leads[encoder.field.name])]
    return total
