"""A fact: the code of a sentence and its figures; `leadqual.reports` writes the sentence. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

__all__ = ["Fact", "Figure", "fact", "read_fact"]

Figure: TypeAlias = "int | float | str | tuple[str, ...] | Fact"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was found, without words.

    Parameters
    ----------
    code
        The key of its sentence in each language's catalogue, such as ``"too_few_wins"``. Stable.
    figures
        What stands in the sentence, by name: numbers, names of fields, lists of names, codes of words, or facts within
        the fact. Shares are 0 to 1, dates ISO 8601. Never a lead's values. Empty where the sentence has none.
    """

    code: str
    figures: Mapping[str, Figure] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.code)  # figures may hold what has no hash; equal facts have equal codes

    def to_dict(self) -> dict[str, Any]:
        """Return the fact as plain data; `read_fact` reads it back.

        Examples
        --------
        >>> fact("too_few_wins", wins=3).to_dict()
        {'code': 'too_few_wins', 'figures': {'wins': 3}}
        """
        return {"code": self.code, "figures": {name: _plain(value) for name, value in self.figures.items()}}


def fact(code: str, /, **figures: Figure) -> Fact:
    """Return a fact with these figures.

    Parameters
    ----------
    code
        The key of its sentence. Written out where it is called: a test compares the names of the figures with the
        sentence in every language.
    **figures
        What stands in the sentence.

    Examples
    --------
    >>> fact("too_few_wins", wins=3, needed=20).figures["needed"]
    20
    """
    return Fact(code, figures)


def read_fact(data: Mapping[str, Any]) -> Fact:
    """Return the fact that `Fact.to_dict` wrote.

    Parameters
    ----------
    data
        Plain data, as JSON gives it back.

    Examples
    --------
    >>> inner = fact("moved_by", fields=("Country", "Source"))
    >>> read_fact(fact("drifted", why=inner).to_dict()) == fact("drifted", why=inner)
    True
    """
    return Fact(data["code"], {name: _figure(value) for name, value in data["figures"].items()})


def _plain(value: Figure) -> Any:
    if isinstance(value, Fact):
        return value.to_dict()
    return list(value) if isinstance(value, tuple) else value


def _figure(value: Any) -> Figure:
    if isinstance(value, Mapping):
        return read_fact(value)
    return tuple(value) if isinstance(value, list) else value
