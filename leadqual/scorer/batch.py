"""A whole table of leads at once, with numpy and pandas: row for row what `Scorer.score_one` gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from leadqual.bundle.encoding import FieldEncoder
from leadqual.errors import LeadError
from leadqual.scorer.choice_columns import with_choices
from leadqual.scorer.columns import encode_column
from leadqual.scorer.given_fields import GivenFields
from leadqual.scorer.points_scores import PointsScores
from leadqual.scorer.ranked_reasons import RankedReasons

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["encode_field", "score_table"]


def score_table(
    ranked: RankedReasons,
    points_scores: PointsScores,
    average_points: int,
    leads: pd.DataFrame,
    given: GivenFields,
    *,
    reasons: int,
) -> pd.DataFrame:
    """Return the scores of a table of leads.

    Parameters
    ----------
    ranked, points_scores
        Of one bundle.
    average_points
        The points of the average lead.
    leads
        One row per lead.
    given
        What its columns have of the fields.
    reasons
        How many reasons for and against each row names.

    Returns
    -------
    pandas.DataFrame
        With the index of ``leads``; see `Scorer.score`.

    Raises
    ------
    LeadError
        When a field's column occurs twice.
    """
    import numpy as np
    import pandas as pd

    leads = given.renamed(leads)
    if ranked.choices is not None:
        leads = with_choices(leads, ranked.choices, noted=True)
    codes = [encode_field(encoder, leads) for encoder in ranked.encoders]
    points = np.full(len(leads), average_points, dtype=np.int64)
    worth = np.array(ranked.points, dtype=np.int64)
    for column, ranks in zip(codes, ranked.ranks, strict=True):
        points += worth[np.array(ranks)][column]
    where = np.searchsorted(np.array(points_scores.starts), points, side="right")
    meaning: dict[str, Any] = {}
    for name in ("score", "probability", "low", "high", "grade", "qualification", "follow_up_hours"):
        every = [getattr(entry, name) for entry in points_scores.entries]
        if name in ("grade", "qualification"):
            meaning[name] = pd.array(every, dtype="str").take(where)
        else:
            meaning[name] = np.array(every, dtype=np.int64 if name == "score" else np.float64)[where]
    told = _reasons(ranked, codes, len(leads), reasons)
    return pd.DataFrame(
        {"points": points, **meaning, **told, "notes": _notes(ranked, codes, given, len(leads))}, leads.index
    )


def encode_field(encoder: FieldEncoder, leads: pd.DataFrame) -> np.ndarray:
    """Return the code of each lead in one field, (n,); see `leadqual.scorer.columns.encode_column`.

    The columns are named as the fields are; see `GivenFields.renamed`.

    Raises
    ------
    LeadError
        When the field's column occurs twice.
    """
    import numpy as np

    name = encoder.field.name
    if name not in leads.columns:
        return np.full(len(leads), encoder.absent_code, dtype=np.int64)
    column = leads[name]
    if column.ndim != 1:
        raise LeadError(f"{name} is {column.shape[1]} columns, must be one; rename or drop all but one.")
    return encode_column(encoder, column)


def _reasons(ranked: RankedReasons, codes: list[np.ndarray], count: int, most: int) -> dict[str, Any]:
    """Name the strongest reasons: as keys that sort those against first, those for last, the strongest outermost."""
    import numpy as np

    total = len(ranked.reasons)
    rank = np.arange(total)
    sign = np.sign(np.array(ranked.points, dtype=np.int64))
    key_of_rank = (sign * (total - rank)).astype(np.int16 if total < 2**15 else np.int32)
    keys = np.empty((count, len(codes)), dtype=key_of_rank.dtype)
    for i, (column, ranks) in enumerate(zip(codes, ranked.ranks, strict=True)):
        keys[:, i] = key_of_rank[np.array(ranks)][column]
    keys.sort(axis=1)
    shown = min(most, len(codes))

    def told(key: int) -> str:
        return str(ranked.reasons[total - abs(key)])

    against = np.minimum(keys[:, :shown], 0)
    helping = np.maximum(keys[:, ::-1][:, :shown], 0)
    return {"reasons_for": _texts(helping, told, "; "), "reasons_against": _texts(against, told, "; ")}


def _notes(ranked: RankedReasons, codes: list[np.ndarray], given: GivenFields, count: int) -> Any:
    import numpy as np

    columns: list[np.ndarray] = []
    of_all: list[str] = []
    first = len(ranked.reasons) + 1
    for encoder, column, ranks in zip(ranked.encoders, codes, ranked.ranks, strict=True):
        # 0 stands for no note, so that ranks move up by one
        if encoder.field.name in given.notes:
            columns.append(np.full(count, first + len(of_all)))
            of_all.append(given.notes[encoder.field.name])
        noted = np.array([rank + 1 if rank in ranked.notes else 0 for rank in ranks])
        if column.size and int(column.max()) >= len(encoder.field.bands):
            columns.append(noted[column])
    keys = np.column_stack(columns) if columns else np.zeros((count, 0), dtype=np.int64)
    return _texts(keys, lambda key: ranked.notes[key - 1] if key < first else of_all[key - first], " | ")


def _texts(keys: np.ndarray, told: Callable[[int], str], between: str) -> Any:
    """Return one text per row of keys, 0 being nothing; each distinct row is put into words once."""
    import numpy as np
    import pandas as pd

    group = np.zeros(len(keys), dtype=np.int64)
    for column in keys.T:
        low, high = (int(column.min()), int(column.max())) if len(column) else (0, 0)
        group = pd.factorize(group * (high - low + 1) + (column - low))[0]
    first = np.zeros(int(group.max(initial=-1)) + 1, dtype=np.int64)
    first[group[::-1]] = np.arange(len(keys))[::-1]
    words = [between.join({told(key): 0 for key in row if key}) for row in keys[first].tolist()]
    return pd.array(words, dtype="str").take(group)
