"""Which of two outcome labels means won: what was said, what known words say, else a guess with a warning."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from leadqual.bundle.values import read_boolean
from leadqual.errors import EvidenceError, OutcomeWarning
from leadqual.vocabulary.outcome_words import meaning, plain_value

__all__ = ["won_position"]

Meaning = Literal["won", "lost"]

_YES = frozenset(["ja", "oui", "si", "sim", "tak", "да", "是", "はい", "예", "vrai", "verdadero", "wahr"])
_NO = frozenset(
    ["nein", "non", "no", "nao", "nie", "нет", "否", "いいえ", "아니오", "아니요", "faux", "falso", "falsch", "nee"]
)


def won_position(classes: NDArray[Any], pos_label: object = None) -> int:
    """Return the place, 0 or 1, of the class that means won.

    Parameters
    ----------
    classes
        The two labels in ascending order, (2,).
    pos_label
        The label that means won; None: found by `leadqual.vocabulary.outcome_words.meaning`, by yes and no, or, of
        numbers that are 0 and 1 or -1 and 1, the greater.

    Warns
    -----
    OutcomeWarning
        When neither says which means won: the greater label is taken.

    Raises
    ------
    EvidenceError
        When ``pos_label`` is neither of the labels, or both labels mean the same.

    Examples
    --------
    >>> won_position(np.array(["Gewonnen", "Verloren"])), won_position(np.array(["converted", "not converted"]))
    (0, 0)
    >>> won_position(np.array([0, 1])), won_position(np.array(["a", "b"]), "a")
    (1, 0)
    """
    if pos_label is not None:
        return _given(classes, pos_label)
    if _is_usual(classes):
        return 1
    meanings = [_meaning_of(label) for label in classes]
    if meanings[0] is not None and meanings[0] == meanings[1]:
        raise EvidenceError(
            f'the labels "{classes[0]}" and "{classes[1]}" both mean {meanings[0]}, one must mean won and the other '
            "not; name the one that means won as pos_label, or put leads of the same outcome under one label."
        )
    if "won" in meanings:
        return meanings.index("won")
    if "lost" in meanings:
        return 1 - meanings.index("lost")
    warnings.warn(
        f'Neither of the labels "{classes[0]}" and "{classes[1]}" is a known word for won or lost: "{classes[1]}", the '
        "greater one, is taken as won. Pass pos_label to say which one is.",
        OutcomeWarning,
        stacklevel=4,
    )
    return 1


def _given(classes: NDArray[Any], pos_label: object) -> int:
    for place, label in enumerate(classes):
        same = label == pos_label
        if isinstance(same, bool | np.bool_) and bool(same):
            return place
    raise EvidenceError(
        f"pos_label is {pos_label!r}, it must be one of the two labels of y, {classes[0]!r} and {classes[1]!r}; pass "
        "the one that means won."
    )


def _is_usual(classes: NDArray[Any]) -> bool:
    """Tell whether the labels are booleans, 0 and 1, or -1 and 1."""
    if classes.dtype.kind == "b" or all(isinstance(label, bool | np.bool_) for label in classes):
        return True
    if classes.dtype.kind not in "iuf":
        return False
    return bool(classes[1] == 1 and classes[0] in (0, -1))


def _meaning_of(label: object) -> Meaning | None:
    """Return what a label says; "open" beside one other label says nothing."""
    text = str(label)
    found = meaning(text)
    if found is not None:
        return None if found == "open" else found
    if not isinstance(label, str):
        return None
    flag = read_boolean(text)
    plain = plain_value(text)
    if flag == "yes" or plain in _YES:
        return "won"
    return "lost" if flag == "no" or plain in _NO else None
