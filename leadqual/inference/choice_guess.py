"""Telling a list of choices (``ERP;BI``) from text that only has such marks in it (``Software, IT & Services``)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from leadqual.bundle.choices import read_choices
from leadqual.bundle.values import is_single

__all__ = ["ChoiceGuess", "guess_choices"]

_MARKS = (";", "|", ",")
_MIN_LEADS, _SHARE = 20, 0.02  # leads with two choices or more, and their share of the leads with a value
_MIN_CHOICES, _MIN_LISTS = 3, 5  # two choices, or four lists, are a category of few values
_REUSED_IN, _REUSED = 3, 0.7
_CHOICES_A_LIST = 0.8
_MOVES, _MOVING, _MOVING_PAIRS = 0.1, 0.25, 0.6
_SAME_LENGTH = 0.95
_REPEATED = 0.05
_MAX_LENGTH = 60  # characters
_NUMBERS = 0.3
_LISTS = 0.95


@dataclass(frozen=True, slots=True)
class ChoiceGuess:
    """A column that holds lists of choices.

    Parameters
    ----------
    separator
        What stands between two choices: ``";"``, ``","``, ``"|"`` or ``"json"``.
    choices
        How many different choices there are.
    most
        The most choices of one lead.
    """

    separator: str
    choices: int
    most: int

    def __str__(self) -> str:
        between = "in lists" if self.separator == "json" else f"separated by '{self.separator}'"
        return f"{self.choices:,} choices {between}, up to {self.most} a lead"


def guess_choices(values: Sequence[object], leads: Sequence[int]) -> ChoiceGuess | None:
    """Tell whether a column holds lists of choices, and what separates them.

    Cells that are lists already, or text that is a JSON list, are choices where nearly all cells are such. For text
    with a mark in it, having the mark says little: names (``Doe, Jane``), places (``Austin, TX``), addresses, amounts
    and the names of industries have it too. Text counts as a list of choices only where its parts behave as picks from
    one list do:

    - they are reused: 70 % of the parts stand in three or more different lists, and the lists of two or more are more
      than the choices in them. The parts of a category's name stand in that name alone;
    - they combine freely: the parts that stand at different places, counted from the front and from the back, are a
      quarter of all parts or more. A surname is always first and a country always last. Where nearly all lists are of
      one length, as first and last names are, it must be 60 %;
    - a list does not name a part twice, as a row of ratings does;
    - they are short, and with commas few of them are numbers.

    Parameters
    ----------
    values
        The distinct values, none of them missing.
    leads
        How many leads have each.

    Returns
    -------
    ChoiceGuess or None
        None where the column is no list, or has so few values that a category says as much.

    Examples
    --------
    >>> lists = ["ERP;BI", "BI", "HR;ERP", "BI;HR;ERP", "ERP", "HR", "HR;BI"]
    >>> print(guess_choices(lists, [9] * len(lists)))
    3 choices separated by ';', up to 3 a lead
    >>> places = [f"{town}, {state}" for state in ("TX", "CA") for town in ("Troy", "Salem", "Clinton", "Dover")]
    >>> guess_choices(places, [9] * len(places)) is None
    True
    """
    given = _already_lists(values, leads)
    if given is not None:
        return given
    texts = [(value, count) for value, count in zip(values, leads, strict=True) if isinstance(value, str)]
    for mark in _MARKS:
        found = _separated(texts, mark)
        if found is not None:
            return found
    return None


def _already_lists(values: Sequence[object], leads: Sequence[int]) -> ChoiceGuess | None:
    """Judge cells that are lists, or texts that are JSON lists."""
    choices: set[str] = set()
    most = listed = 0
    for value, count in zip(values, leads, strict=True):
        if is_single(value) and not (isinstance(value, str) and value.strip()[:1] == "["):
            continue
        read = read_choices(value, "json")
        if read is not None:
            listed += count
            choices.update(read)
            most = max(most, len(read))
    if not choices or listed < _LISTS * sum(leads):
        return None
    return ChoiceGuess("json", len(choices), most)


def _separated(texts: Sequence[tuple[str, int]], mark: str) -> ChoiceGuess | None:
    lists: dict[tuple[str, ...], int] = defaultdict(int)
    repeated = 0
    for text, count in texts:
        read = read_choices(text, mark)
        if read:
            lists[read] += count
            repeated += count if _repeats(text, mark, len(read)) else 0
    several = {one: count for one, count in lists.items() if len(one) > 1}
    leads_of_several = sum(several.values())
    if leads_of_several < max(_MIN_LEADS, _SHARE * sum(lists.values())) or repeated > _REPEATED * leads_of_several:
        return None
    choices = {choice for one in lists for choice in one}
    if len(choices) < _MIN_CHOICES or len(lists) < _MIN_LISTS:
        return None
    if not (_reused(lists, several) and _moving(lists, several) and _short(lists, mark)):
        return None
    return ChoiceGuess(mark, len(choices), max(map(len, lists)))


def _repeats(text: str, mark: str, found: int) -> bool:
    return '"' not in text and sum(1 for part in text.split(mark) if part.strip()) > found


def _reused(lists: dict[tuple[str, ...], int], several: dict[tuple[str, ...], int]) -> bool:
    used = Counter(choice for one in {frozenset(one) for one in lists} for choice in one)
    reused = sum(count for count in used.values() if count >= _REUSED_IN)
    combined = {choice for one in several for choice in one}
    return reused >= _REUSED * sum(used.values()) and len(combined) <= _CHOICES_A_LIST * len(several)


def _moving(lists: dict[tuple[str, ...], int], several: dict[tuple[str, ...], int]) -> bool:
    """Tell whether enough parts stand at different places, counted from the front and from the back."""
    front: dict[str, Counter[int]] = defaultdict(Counter)
    back: dict[str, Counter[int]] = defaultdict(Counter)
    for one in several:
        for place, choice in enumerate(one):
            front[choice][place] += 1
            back[choice][len(one) - place] += 1
    every = {choice: sum(places.values()) for choice, places in front.items()}
    moving = sum(
        count
        for choice, count in every.items()
        if all(count - max(places[choice].values()) >= _MOVES * count for places in (front, back))
    )
    lengths: Counter[int] = Counter()
    for one, count in lists.items():
        lengths[len(one)] += count
    length, count = lengths.most_common(1)[0]
    alike = length > 1 and count >= _SAME_LENGTH * sum(lengths.values())
    return moving >= (_MOVING_PAIRS if alike else _MOVING) * sum(every.values())


def _short(lists: dict[tuple[str, ...], int], mark: str) -> bool:
    parts = [choice for one in lists for choice in one]
    numbers = sum(any(c.isdigit() for c in part) and not any(c.isalpha() for c in part) for part in parts)
    return sum(map(len, parts)) <= _MAX_LENGTH * len(parts) and (mark != "," or numbers <= _NUMBERS * len(parts))
