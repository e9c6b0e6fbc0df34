"""What an import says beside its events: in counts and words of lists, nothing about a lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from leadqual.errors import counted
from leadqual.feedback.events import is_label
from leadqual.feedback.importing.crm_columns import FeedbackColumns
from leadqual.feedback.importing.picklist import MAX_LABELS, OTHER, Chosen
from leadqual.feedback.lead_ids import LeadIds

__all__ = ["import_notes"]

_MAX_WORDS = 5


def import_notes(
    ids: LeadIds,
    reasons: Chosen,
    stages: Chosen,
    columns: FeedbackColumns,
    undated: tuple[int, int],
    unlisted: Counter[str],
) -> Iterator[str]:
    """Yield what an import read otherwise than it is written, or left out: counts and words of lists, never a lead's.

    Parameters
    ----------
    ids, reasons, stages
        What was read of the columns.
    columns
        What they say.
    undated
        How many rows are lost, and how many of these wait for a date.
    unlisted
        The words of the outcome column that the mapping does not list, with how many rows have each.
    """
    if ids.whole:
        one = ids.whole == 1
        yield (
            f"{counted(ids.whole, 'id')} of {columns.lead} {'is a whole number' if one else 'are whole numbers'} "
            f"written like 7.0, and {'was' if one else 'were'} read like 7."
        )
    yield from _left_out("reason", reasons, listed=bool(columns.reasons), others=columns.reasons_as_other)
    yield from _left_out("stage", stages, listed=bool(columns.stages))
    lost, waiting = undated
    if waiting:
        yield (
            f"{waiting} of {counted(lost, 'row')} with a loss {'does' if waiting == 1 else 'do'} not say when, and "
            f"{'waits' if waiting == 1 else 'wait'}: pass --lost-at known, which takes the day on which the export was "
            "made, or --lost-at COLUMN, a column that says when (lost_at in the mapping)."
        )
    if unlisted:
        rows, listed = sum(unlisted.values()), "won, lost and open" if columns.open else "won and lost"
        are, mean = (
            "counts as open" if rows == 1 else "count as open",
            "it means" if len(unlisted) == 1 else "they mean",
        )
        if columns.open:
            are = "says nothing" if rows == 1 else "say nothing"
        yield (
            f"{counted(rows, 'row')} with {counted(len(unlisted), 'value')} of {columns.outcome} that the mapping "
            f"lists nowhere ({listed}) {are}{_words(unlisted)}; list each where {mean} something."
        )


def _words(unlisted: Counter[str]) -> str:
    """Return the most frequent words of an outcome column, where they are words that people chose from a list."""
    if len(unlisted) > MAX_LABELS or not all(is_label(word) for word in unlisted):
        return ""
    shown = [f'"{word}" ({rows})' for word, rows in unlisted.most_common(_MAX_WORDS)]
    more = len(unlisted) - len(shown)
    return f": {', '.join(shown)}{f' and {more} more' if more else ''}"


def _left_out(what: str, found: Chosen, *, listed: bool, others: bool = False) -> Iterator[str]:
    if not found.left_out:
        return
    one = found.left_out == 1
    why = "the mapping does not list" if listed else f"look{'s' if one else ''} like free text"
    if not listed and found.free_text:
        why += (
            f" ({found.different:,} different ones in {found.left_out + found.kept:,} rows; a list has at most "
            f"{MAX_LABELS}, each used twice)"
        )
    kept = (
        f" {counted(found.kept, 'row')} with {what}s that the ledger has kept before keep them." if found.kept else ""
    )
    if others:
        yield f'{counted(found.left_out, what)} that {why} became "{OTHER}".{kept}'
        return
    way = f"list those to keep as {what}s in the mapping"
    if what == "reason":
        way += f', or have the others become "{OTHER}" (reasons_as_other)'
    yield f"{counted(found.left_out, what)} that {why} {'was' if one else 'were'} left out; {way}.{kept}"
