"""Assignment: which seller gets which lead, balanced by the wins to expect, the drawn leads spread evenly."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Literal

from leadqual.errors import HandoffError, counted
from leadqual.handoff.team import Seller, Team
from leadqual.handoff.working_time import WorkingTime

__all__ = ["Assigned", "Assignment", "Candidate", "Held", "SellerLoad", "Unassigned", "Why", "assign"]

Why = Literal["no_eligible_seller", "all_away", "capacity_full"]

# probabilities are added as whole numbers of this part, so that no order of adding changes a tie
_PART = 10**12


@dataclass(frozen=True, slots=True)
class Candidate:
    """A scored lead that was picked to be worked.

    Parameters
    ----------
    lead
        Its id.
    probability
        Of winning, 0 to 1.
    points
        Its points.
    drawn
        Whether it was drawn at random.
    fields
        Its fields that rules, territory, product and language are read from, as text; None where unknown.
    not_to
        A seller who may not have it, as it was taken from them; "" where there is none.
    """

    lead: str
    probability: float
    points: int
    drawn: bool = False
    fields: Mapping[str, str | None] = field(default_factory=dict)
    not_to: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.probability <= 1:
            raise HandoffError(
                f"a lead has probability {self.probability}, it must be from 0 to 1; score it with a bundle."
            )


@dataclass(frozen=True, slots=True)
class Held:
    """A lead that a seller has already.

    Parameters
    ----------
    lead
        Its id.
    seller
        Who has it.
    probability
        Of winning when it was handed over, 0 to 1.
    drawn
        Whether it was drawn at random.
    this_week
        Whether it was handed over in the week that is being filled: only those count towards capacity and balance, so
        that an absence is not made up for later.
    """

    lead: str
    seller: str
    probability: float
    drawn: bool = False
    this_week: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.probability <= 1:
            raise HandoffError(
                f"a lead that is held has probability {self.probability}, it must be from 0 to 1; pass that of its "
                "score."
            )


@dataclass(frozen=True, slots=True)
class Assigned:
    """A lead with its seller.

    Parameters
    ----------
    lead
        Its id.
    seller
        Who has it.
    drawn
        Whether it was drawn at random.
    kept
        Whether they had it already.
    """

    lead: str
    seller: str
    drawn: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A lead that stays in the pool.

    Parameters
    ----------
    lead
        Its id.
    why
        ``"no_eligible_seller"``: no rule, territory, product and language gives it to anyone, or
        only to whom it was taken from; ``"all_away"``: those who
        may have it are all away; ``"capacity_full"``: of those, everybody who is there has all they can take.
    """

    lead: str
    why: Why


@dataclass(frozen=True, slots=True)
class SellerLoad:
    """What a seller has of the week, after the assignment.

    Parameters
    ----------
    seller
        Their id.
    leads, drawn
        How many leads, and how many of these were drawn.
    expected_wins
        The sum of their probabilities, wins.
    weekly_capacity
        Leads they can take.
    away
        Whether they were away.
    """

    seller: str
    leads: int
    drawn: int
    expected_wins: float
    weekly_capacity: int
    away: bool


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who got what.

    Parameters
    ----------
    assigned
        Leads with a seller, best first.
    unassigned
        Leads without one, best first.
    loads
        Every seller's week, in the team's order.
    """

    assigned: tuple[Assigned, ...]
    unassigned: tuple[Unassigned, ...]
    loads: tuple[SellerLoad, ...]


def assign(
    scores: Iterable[Candidate], team: Team, load: Iterable[Held] = (), *, seed: int, as_of: datetime
) -> Assignment:
    """Give each lead to one of the sellers who may have it.

    A lead that a seller of the team holds stays theirs. The drawn leads come next, each to whoever then has the fewest
    of them for their capacity: what is learned from them holds for all leads only where they are worked as others are,
    so a full week must not leave them out first. Then come the others, best first, each to whoever then has the fewest
    expected wins for their capacity. The drawn leads count there with what they are worth, so nobody is left with them
    alone where others may have the rest. Ties are broken by a hash of seed, lead and seller, which favours nobody.
    Leads are taken one at a time: one that many could have had may fill the place of one that only this seller could.

    Parameters
    ----------
    scores
        The leads that were picked; their order does not matter.
    team
        Who sells.
    load
        What sellers have already; its order does not matter.
    seed
        Of the ties.
    as_of
        Now, with a time zone: who is away on this day of their team's calendar gets nothing.

    Returns
    -------
    Assignment
        Every lead of ``scores`` once, assigned or not.

    Raises
    ------
    HandoffError
        When a lead is there twice or ``as_of`` has no time zone.

    Examples
    --------
    >>> from datetime import UTC
    >>> from leadqual.handoff.team_toml import example_team
    >>> china = {"country": "CN"}
    >>> leads = [Candidate("L-1", 0.3, 120, fields=china), Candidate("L-2", 0.1, 90, fields={"country": "JP"})]
    >>> found = assign(leads, example_team(), seed=1, as_of=datetime(2026, 8, 5, tzinfo=UTC))
    >>> [(one.lead, one.seller) for one in found.assigned], [(one.lead, one.why) for one in found.unassigned]
    ([('L-1', 'S-3')], [('L-2', 'all_away')])
    """
    leads, held = list(scores), list(load)
    _check_once("scores", (one.lead for one in leads))
    _check_once("load", (one.lead for one in held))
    away = {one.id: one.is_away(WorkingTime(team.hours_of(one)).local_day(as_of)) for one in team.sellers}
    books = {one.id: _Book(one) for one in team.sellers}
    owner = {one.lead: one.seller for one in held if one.seller in books}
    for one in held:
        if one.this_week and one.seller in books:
            books[one.seller].take(one.probability, drawn=one.drawn)
    leads.sort(key=lambda one: (-one.probability, -one.points, _hash(seed, one.lead), one.lead))
    given: dict[str, str] = {}
    why: dict[str, Why] = {}
    for lead in sorted(leads, key=lambda one: not one.drawn):  # keeps the order among the drawn, and among the rest
        if lead.lead in owner:
            continue
        found = _seller_for(lead, team, books, away, seed)
        if isinstance(found, _Book):
            found.take(lead.probability, drawn=lead.drawn)
            given[lead.lead] = found.seller.id
        else:
            why[lead.lead] = found
    sellers = owner | given
    return Assignment(
        tuple(
            Assigned(one.lead, sellers[one.lead], one.drawn, one.lead in owner) for one in leads if one.lead in sellers
        ),
        tuple(Unassigned(one.lead, why[one.lead]) for one in leads if one.lead in why),
        tuple(book.load(away=away[seller]) for seller, book in books.items()),
    )


class _Book:
    """What one seller has of the week while leads are given out."""

    def __init__(self, seller: Seller) -> None:
        self.seller = seller
        self.leads = self.drawn = self.parts = 0

    @property
    def full(self) -> bool:
        return self.leads >= self.seller.weekly_capacity

    def take(self, probability: float, *, drawn: bool) -> None:
        self.leads += 1
        self.drawn += drawn
        self.parts += _parts(probability)

    def with_one_more(self, lead: Candidate) -> tuple[Fraction, ...]:
        """Return what would be even among sellers if they took a lead: drawn leads and wins, for their capacity."""
        capacity = self.seller.weekly_capacity
        wins = Fraction(self.parts + _parts(lead.probability), capacity)
        return (Fraction(self.drawn + 1, capacity), wins) if lead.drawn else (wins, Fraction(self.leads + 1, capacity))

    def load(self, *, away: bool) -> SellerLoad:
        one = self.seller
        return SellerLoad(one.id, self.leads, self.drawn, self.parts / _PART, one.weekly_capacity, away)


def _seller_for(
    lead: Candidate, team: Team, books: Mapping[str, _Book], away: Mapping[str, bool], seed: int
) -> _Book | Why:
    eligible = [one for one in team.eligible(lead.fields) if one.id != lead.not_to]
    there = [books[one.id] for one in eligible if not away[one.id]]
    free = [book for book in there if not book.full]
    if not free:
        return "capacity_full" if there else "all_away" if eligible else "no_eligible_seller"
    return min(free, key=lambda book: (book.with_one_more(lead), _hash(seed, lead.lead, book.seller.id)))


def _parts(probability: float) -> int:
    return round(probability * _PART)


def _hash(seed: int, *ids: str) -> bytes:
    return hashlib.sha256("\0".join((str(seed), *ids)).encode("utf-8", "surrogatepass")).digest()


def _check_once(what: str, ids: Iterable[str]) -> None:
    doubled = sum(count > 1 for count in Counter(ids).values())
    if doubled:
        raise HandoffError(f"{what} has {counted(doubled, 'lead')} more than once, each must be there once; drop rows.")
