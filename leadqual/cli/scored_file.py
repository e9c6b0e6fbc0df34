"""Leads scored chunk by chunk, from one file or stream to another."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadqual.cli.whole_file import whole_file

if TYPE_CHECKING:
    import pandas as pd

    from leadqual.scorer import Scorer
    from leadqual.scorer.given_fields import GivenFields
    from leadqual.scorer.unlike_training import UnlikeTraining

__all__ = ["COLUMNS", "ScoredFile", "score_file"]

COLUMNS = (
    "id",
    "points",
    "score",
    "probability",
    "low",
    "high",
    "grade",
    "qualification",
    "follow_up_hours",
    "reasons_for",
    "reasons_against",
    "notes",
)


@dataclass(slots=True)
class ScoredFile:
    """What has been scored so far.

    Parameters
    ----------
    leads
        How many leads.
    noted
        How many of them have a note.
    grades, qualifications
        How many leads by grade, and by qualification.
    given
        What the leads' columns have of the scored fields; None before the first chunk.
    id_column
        The column that names the leads; None where there is none, and they go by their row number, from 1.
    strange
        Counts the leads that are unlike those of training, by field.
    notes
        What was assumed or left out in reading the leads.
    """

    strange: UnlikeTraining

    leads: int = 0
    noted: int = 0
    grades: Counter[str] = field(default_factory=Counter)
    qualifications: Counter[str] = field(default_factory=Counter)
    given: GivenFields | None = None
    id_column: str | None = None
    notes: list[str] = field(default_factory=list)


def score_file(
    scorer: Scorer,
    source: str,
    target: str,
    *,
    rows: int,
    reasons: int,
    progress: Callable[[str, int, int], None],
    partial: bool = False,
    encoding: str | None = None,
    sheet: str | None = None,
) -> ScoredFile:
    """Score a file or stream of leads, a chunk at a time, and write `COLUMNS`.

    Parameters
    ----------
    scorer
        What to score with.
    source
        A CSV or Parquet file or an Excel workbook, or ``"-"`` for standard input.
    target
        A .csv or .parquet file, which is there whole or not at all, or ``"-"`` for CSV on standard output.
    rows
        How many leads are in memory at a time, at most.
    reasons
        How many reasons for, and how many against, each lead is given at most.
    progress
        Called with a step, what is done, and 0.
    partial
        True to go on where the columns of more than half of the scored fields are absent.
    encoding, sheet
        As for `leadqual.leads.read_table`.

    Raises
    ------
    LeadError
        When the leads cannot be read, or lack the columns of more than half of the scored fields.
    """
    from leadqual.leads import read_table_chunks
    from leadqual.scorer.unlike_training import UnlikeTraining

    done = ScoredFile(UnlikeTraining(scorer.bundle.points_table))
    with _writer(target) as write:
        for chunk in read_table_chunks(source, rows=rows, encoding=encoding, sheet=sheet, note=done.notes.append):
            if done.given is None:
                done.given = scorer.keys.require_most(chunk.columns, partial=partial)
                done.id_column = _id_column(scorer, chunk)
            write(_scored(scorer, chunk, done, reasons))
            progress(f"scored {done.leads:,} leads", 0, 0)
    return done


def _id_column(scorer: Scorer, chunk: pd.DataFrame) -> str | None:
    """Return the column of ids: the bundle's, or the one that differs from it in case, space or accent alone."""
    from leadqual.scorer.given_fields import plain_key

    name = scorer.bundle.id_field
    if name is None or name in chunk.columns:
        return name
    close = [column for column in map(str, chunk.columns) if plain_key(column) == plain_key(name)]
    return close[0] if len(close) == 1 else None


def _scored(scorer: Scorer, chunk: pd.DataFrame, done: ScoredFile, reasons: int) -> pd.DataFrame:
    import pandas as pd

    scored = scorer.score(chunk, reasons=reasons)
    if done.id_column is None:
        ids = pd.Series(range(done.leads + 1, done.leads + 1 + len(chunk)), chunk.index)
    else:
        ids = chunk[done.id_column]
    scored.insert(0, "id", ids.astype("str"))
    done.leads += len(scored)
    done.strange.add(scored["notes"])
    done.noted += int((scored["notes"] != "").sum())
    done.grades.update(scored["grade"].tolist())
    done.qualifications.update(scored["qualification"].tolist())
    return scored[list(COLUMNS)]


@contextmanager
def _writer(target: str) -> Iterator[Callable[[pd.DataFrame], None]]:
    if target == "-":
        yield _csv(sys.stdout)
        return
    path = Path(target)
    if path.suffix not in (".csv", ".parquet"):
        raise click.BadParameter(
            f"{target} has the suffix {path.suffix!r}; it must be .csv or .parquet.", param_hint="--out"
        )
    with whole_file(path) as unfinished:
        if path.suffix == ".csv":
            with unfinished.open("w", encoding="utf-8", newline="") as stream:
                yield _csv(stream)
        else:
            with _parquet(unfinished) as write:
                yield write


def _csv(stream: object) -> Callable[[pd.DataFrame], None]:
    header = True

    from leadqual.scorer.spreadsheet_cells import safe_table

    def write(scored: pd.DataFrame) -> None:
        nonlocal header
        safe_table(scored).to_csv(stream, index=False, header=header, lineterminator="\n")  # type: ignore[call-overload]  # a stream
        header = False

    return write


@contextmanager
def _parquet(path: Path) -> Iterator[Callable[[pd.DataFrame], None]]:
    import pyarrow as pa
    from pyarrow import parquet

    whole, text = ("points", "score"), ("id", "grade", "qualification", "reasons_for", "reasons_against", "notes")
    kinds = {**dict.fromkeys(whole, pa.int64()), **dict.fromkeys(text, pa.string())}
    schema = pa.schema([(name, kinds.get(name, pa.float64())) for name in COLUMNS])
    with parquet.ParquetWriter(path, schema) as writer:
        yield lambda scored: writer.write_table(pa.Table.from_pandas(scored, schema, preserve_index=False))
