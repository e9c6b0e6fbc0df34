"""Reasons and stages of an export: kept where people chose them from a list, left out where they typed them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from leadqual.feedback.events import is_label

__all__ = ["MAX_LABELS", "OTHER", "Chosen", "chosen"]

OTHER = "other"
MAX_LABELS = 50
_FEW_LABELS = 5
_ROWS_EACH = 2
_MAX_LENGTH = 40
_MAX_WORDS = 6
_SENTENCE = re.compile(r"[.!?;](?:\s|$)|[\u3002\uff01\uff1f\uff1b\u2026]")  # and Chinese ones


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is kept of a column.

    Parameters
    ----------
    labels
        The label of each row; None where there is none, or it was left out.
    left_out
        How many rows hold a text that was left out, or that became `OTHER`.
    free_text
        Whether the whole column was taken for free text.
    different
        How many different texts the column has.
    kept
        How many rows of a column of free text hold a label that was kept before, and keep it.
    """

    labels: tuple[str | None, ...]
    left_out: int
    free_text: bool
    different: int = 0
    kept: int = 0


def chosen(
    texts: Sequence[str | None], *, allowed: Sequence[str] = (), others: bool = False, known: Collection[str] = ()
) -> Chosen:
    """Keep what was chosen from a list.

    Where nobody says what is on the list, a column is taken for one when it has at most 50 different texts, each used
    twice on average (or at most 5 in all), and of it those texts that are labels: at most 40 characters and 6 words,
    without a sentence's punctuation, an address or a long number.

    Parameters
    ----------
    texts
        The column; None where it says nothing.
    allowed
        The list, compared without case; empty: as above.
    others
        Whether other texts become `OTHER`, instead of being left out.
    known
        Labels that were kept before: they stay labels, also where the column has since grown into free text.

    Examples
    --------
    >>> chosen(["no budget", "no budget", "I spoke to Ana. She moved.", None]).labels
    ('no budget', 'no budget', None, None)
    >>> chosen(["No budget", "ask Ana"], allowed=["no budget"], others=True).labels
    ('no budget', 'other')
    """
    given = [text for text in texts if text is not None]
    free_text = not allowed and not _is_list(given)
    if allowed:
        kept = {label.lower(): label for label in allowed}
        of_text = {text: kept.get(text.lower()) for text in set(given)}
    else:
        of_text = {text: text if text in known or (not free_text and _is_chosen(text)) else None for text in set(given)}
    labels = [None if text is None else of_text[text] for text in texts]
    left_out = len(given) - sum(label is not None for label in labels)
    if others:
        labels = [
            OTHER if label is None and text is not None else label for text, label in zip(texts, labels, strict=True)
        ]
    still = len(given) - left_out if free_text else 0
    return Chosen(tuple(labels), left_out, free_text, len(set(given)), still)


def _is_list(given: Sequence[str]) -> bool:
    different = len(set(given))
    return different <= _FEW_LABELS or (different <= MAX_LABELS and different * _ROWS_EACH <= len(given))


def _is_chosen(text: str) -> bool:
    return (
        len(text) <= _MAX_LENGTH and len(text.split()) <= _MAX_WORDS and not _SENTENCE.search(text) and is_label(text)
    )
