"""Whether promises were kept band by band of one field: by source, by campaign."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle import Bundle
from leadqual.errors import MeetingError
from leadqual.meetings.promise_kept import PromiseKept, promise_kept

__all__ = ["choose_field", "promises_by_band"]


def choose_field(bundle: Bundle, name: str | None) -> str | None:
    """Return the field to look at: the named one, else the category field whose points differ most; None without one.

    Parameters
    ----------
    bundle
        The bundle.
    name
        The field as people name it; None: it is chosen.

    Raises
    ------
    MeetingError
        When the bundle scores no such field.
    """
    fields = bundle.points_table.fields
    if name is not None:
        if name not in {one.name for one in fields}:
            raise MeetingError(
                f"the bundle scores no field {name!r}, it must be a scored one; choose one of "
                f"{', '.join(one.name for one in fields)}."
            )
        return name
    ranges = {
        one.name: max(band.points for band in one.bands) - min(band.points for band in one.bands)
        for one in fields
        if one.kind == "category"
    }
    return max(ranges, key=lambda one: ranges[one]) if ranges else None


def promises_by_band(
    bundle: Bundle, field: str, leads: pd.DataFrame, won: NDArray[np.bool_], *, alike: float
) -> tuple[PromiseKept, ...]:
    """Compare wins with the promise in each band that has leads, the bands in the order of the points table.

    Parameters
    ----------
    bundle, field
        The bundle that scored the leads, and the field.
    leads
        Rows of a history: n matured leads.
    won
        Which won, (n,).
    alike
        The design effect, as in `promise_kept`.
    """
    place = bundle.points_table.names.index(field)
    bands = bundle.points_table.fields[place].bands
    code = np.array([-1 if one is None or one[place] is None else one[place] for one in leads["codes"]], dtype=np.int64)
    probability = leads["probability"].to_numpy(dtype=np.float64)
    return tuple(
        promise_kept(band.label, probability[code == number], won[code == number], alike=alike)
        for number, band in enumerate(bands)
        if (code == number).any()
    )
