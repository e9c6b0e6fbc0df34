"""The team: who sells, where and how much a week, who gets which leads, and when they work; checked as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from types import MappingProxyType

from leadqual.errors import HandoffError
from leadqual.feedback.events import is_email, is_label
from leadqual.handoff.working_hours import WorkingHours

__all__ = ["ASPECTS", "REASON_KINDS", "SHOWN", "Escalation", "Rule", "Seller", "Team"]

ASPECTS = ("territory", "product", "language")
"""What of a lead decides who may have it, besides rules."""

REASON_KINDS = ("rejected", "disqualified", "recycled", "lost")
"""What a seller must give a reason for."""

SHOWN = ("grade", "points", "probability")
"""What of the score sellers may be shown."""


@dataclass(frozen=True, slots=True)
class Seller:
    """One seller.

    Parameters
    ----------
    id
        As the CRM has it.
    team
        The team whose hours they work.
    weekly_capacity
        New leads they can take a week, at least 1.
    territories, products, languages
        What they cover; empty: all of them.
    away_from, away_to
        First and last day on which they get nothing, in their team's time zone; None where there is none. Without a
        last day they are away until further notice.
    """

    id: str
    team: str
    weekly_capacity: int
    territories: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    away_from: date | None = None
    away_to: date | None = None

    def __post_init__(self) -> None:
        if not self.id.strip():
            raise HandoffError("a seller's id is empty, it must be that of the CRM; give it.")
        if is_email(self.id):
            raise HandoffError(
                "a seller's id is an e-mail address, it must not be one, as ledgers keep it; use the CRM's."
            )
        if type(self.weekly_capacity) is not int or self.weekly_capacity < 1:
            raise HandoffError(
                f"seller {self.id!r} has weekly_capacity {self.weekly_capacity!r}, it must be a whole number from 1; "
                "correct it, or give the days they are away, or leave them out."
            )
        if self.away_to is not None and self.away_from is None:
            raise HandoffError(f"seller {self.id!r} has away_to alone, away_from must say since when; add it.")
        if self.away_from is not None and self.away_to is not None and self.away_to < self.away_from:
            raise HandoffError(
                f"seller {self.id!r} is away to {self.away_to} and from {self.away_from}, away_to must not be before "
                "away_from; swap them."
            )

    def is_away(self, day: date) -> bool:
        """Tell whether they get nothing on a day of their team's calendar."""
        return self.away_from is not None and self.away_from <= day and (self.away_to is None or day <= self.away_to)

    def covers(self, aspect: str, value: str | None) -> bool:
        """Tell whether they cover a value of one of `ASPECTS`; None, an unknown value, only where they cover all.

        Parameters
        ----------
        aspect
            One of `ASPECTS`.
        value
            The lead's; case and the space around it do not count.

        Examples
        --------
        >>> seller = Seller("S-1", "north", 10, languages=("de", "en"))
        >>> seller.covers("language", "DE "), seller.covers("language", None), seller.covers("territory", None)
        (True, False, True)
        """
        listed = {"territory": self.territories, "product": self.products, "language": self.languages}[aspect]
        return not listed or (value is not None and plain(value) in {plain(one) for one in listed})


@dataclass(frozen=True, slots=True)
class Rule:
    """Leads whose field has one of some values go to a team, or to one seller.

    Parameters
    ----------
    field
        The lead's field.
    values
        Any of which it must have, at least one; case and the space around them do not count.
    team, seller
        To whom; exactly one of them, the other is "".
    """

    field: str
    values: tuple[str, ...]
    team: str = ""
    seller: str = ""

    def __post_init__(self) -> None:
        if not self.values:
            raise HandoffError(f"a rule on {self.field!r} has no value, it must have at least one; add equals or in.")
        if bool(self.team) == bool(self.seller):
            raise HandoffError(f"a rule on {self.field!r} must name one team or one seller; give exactly one of them.")

    def holds(self, fields: Mapping[str, str | None]) -> bool:
        """Tell whether a lead with these fields falls under it."""
        value = fields.get(self.field)
        return value is not None and plain(value) in {plain(one) for one in self.values}

    def names(self, seller: Seller) -> bool:
        """Tell whether its leads may go to a seller."""
        return seller.id == self.seller if self.seller else seller.team == self.team


@dataclass(frozen=True, slots=True)
class Escalation:
    """What becomes of leads that nobody attempts.

    Parameters
    ----------
    after_hours
        Who leads the team is told when a lead is overdue by so many working hours, at least 0.
    to
        Who is told: an id of the CRM.
    pool_after_hours
        The lead goes back to the pool when it is overdue by so many working hours; None: never.
    """

    after_hours: float
    to: str
    pool_after_hours: float | None = None

    def __post_init__(self) -> None:
        if not isfinite(self.after_hours) or self.after_hours < 0:
            raise HandoffError(f"escalation after_hours is {self.after_hours}, it must be 0 or more; correct it.")
        if not self.to.strip():
            raise HandoffError("escalation has an empty to, it must be who is told; give an id of the CRM.")
        if self.pool_after_hours is not None and not self.after_hours <= self.pool_after_hours < float("inf"):
            raise HandoffError(
                f"escalation pool_after_hours is {self.pool_after_hours}, it must not be below after_hours "
                f"({self.after_hours}): the lead would be gone before anyone is told; raise it."
            )


@dataclass(frozen=True, slots=True)
class Team:
    """Who sells, and how leads come to them.

    Parameters
    ----------
    hours
        The working hours of each team, at least one.
    sellers
        At least one in each team.
    crm_link
        A lead's address in the CRM, with ``{id}`` where its id stands; "" where there is none.
    aspect_fields
        The lead's field that holds each of `ASPECTS`; aspects without one decide nothing.
    rules
        In order: the first that holds decides; where none does, all sellers may have the lead.
    escalation
        None: nobody is told and no lead goes back.
    reasons
        The labels accepted for each of `REASON_KINDS`; a kind that is not there takes any label.
    shown
        Which of `SHOWN` sellers see; empty: none, so that nobody can tell which leads were drawn.

    Raises
    ------
    HandoffError
        When its parts contradict each other.
    """

    hours: tuple[WorkingHours, ...]
    sellers: tuple[Seller, ...]
    crm_link: str = ""
    aspect_fields: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    escalation: Escalation | None = None
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shown: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "aspect_fields", MappingProxyType(dict(self.aspect_fields)))
        object.__setattr__(self, "reasons", MappingProxyType(dict(self.reasons)))
        _check_members(self)
        for rule in self.rules:
            _check_rule(self, rule)
        _check_link(self.crm_link)
        _check_reasons(self.reasons)
        wrong = [one for one in self.shown if one not in SHOWN]
        if wrong:
            raise HandoffError(f"show has {wrong[0]!r}, it must hold only {', '.join(SHOWN)}; correct it.")

    def seller(self, seller: str) -> Seller | None:
        """Return a seller by id; None where the team has none of that id."""
        return next((one for one in self.sellers if one.id == seller), None)

    def hours_of(self, seller: Seller) -> WorkingHours:
        """Return the working hours of a seller's team."""
        return next(one for one in self.hours if one.team == seller.team)

    @property
    def field_names(self) -> tuple[str, ...]:
        """The fields of a lead from which its sellers are found, each once."""
        return tuple(dict.fromkeys((*self.aspect_fields.values(), *(rule.field for rule in self.rules))))

    def eligible(self, fields: Mapping[str, str | None]) -> tuple[Seller, ...]:
        """Return the sellers who may have a lead, by rules, territory, product and language, away or not.

        Parameters
        ----------
        fields
            The lead's fields as text; None or no entry where unknown. An unknown territory, product or language is
            covered only by sellers who cover all.

        Examples
        --------
        >>> from leadqual.handoff.team_toml import example_team
        >>> [seller.id for seller in example_team().eligible({"country": "CN", "language": "zh"})]
        ['S-3']
        """
        rule = next((rule for rule in self.rules if rule.holds(fields)), None)
        return tuple(
            seller
            for seller in self.sellers
            if (rule is None or rule.names(seller))
            and all(seller.covers(aspect, fields.get(name)) for aspect, name in self.aspect_fields.items())
        )


def plain(text: str) -> str:
    """Return a text as values are compared: case and the space around it do not count."""
    return text.strip().casefold()


def _check_members(team: Team) -> None:
    if not team.hours:
        raise HandoffError("there is no team, there must be at least one with its hours; add [teams.NAME].")
    if not team.sellers:
        raise HandoffError("there is no seller, there must be at least one; add [[sellers]].")
    _check_unique("teams", (one.team for one in team.hours))
    _check_unique("sellers", (one.id for one in team.sellers))
    known = {one.team for one in team.hours}
    unknown = [seller for seller in team.sellers if seller.team not in known]
    if unknown:
        raise HandoffError(
            f"seller {unknown[0].id!r} is in team {unknown[0].team!r}, it must be one of {', '.join(sorted(known))}; "
            "correct it, or add the team."
        )
    without = sorted(known - {seller.team for seller in team.sellers})
    if without:
        raise HandoffError(f"team {without[0]!r} has no seller, it must have at least one; add one, or leave it out.")
    strange = [aspect for aspect in team.aspect_fields if aspect not in ASPECTS]
    if strange:
        raise HandoffError(f"fields has {strange[0]!r}, it must be one of {', '.join(ASPECTS)}; correct it.")
    for seller in team.sellers:
        listed = zip(ASPECTS, (seller.territories, seller.products, seller.languages), strict=True)
        for aspect, values in listed:
            if values and aspect not in team.aspect_fields:
                raise HandoffError(
                    f"seller {seller.id!r} covers only some of {aspect}, and nothing says which field of a lead holds "
                    f"it, which [fields] must; add {aspect} = there, or leave the list out."
                )


def _check_unique(what: str, ids: Iterable[str]) -> None:
    doubled = sorted(one for one, count in Counter(ids).items() if count > 1)
    if doubled:
        raise HandoffError(f"{what} has {doubled[0]!r} more than once, each must be there once; leave the others out.")


def _check_rule(team: Team, rule: Rule) -> None:
    named = [seller for seller in team.sellers if rule.names(seller)]
    whom = f"seller {rule.seller!r}" if rule.seller else f"team {rule.team!r}"
    if not named:
        raise HandoffError(f"a rule on {rule.field!r} names {whom}, who must be in this file; correct it, or add them.")
    for aspect, name in team.aspect_fields.items():
        for value in rule.values if name == rule.field else ():
            if not any(seller.covers(aspect, value) for seller in named):
                raise HandoffError(
                    f"a rule sends {rule.field} {value!r} to {whom}, where nobody covers that {aspect}, and somebody "
                    f"must; add it to a seller, or correct the rule."
                )


def _check_link(link: str) -> None:
    rest = link.replace("{id}", "", 1)
    plain_web = link.startswith(("https://", "http://")) and not any(c in rest for c in "{}") and not link.split()[1:]
    if link and not (plain_web and rest != link):
        raise HandoffError(
            f"crm_link is {link!r}, it must be a web address with {{id}} once, where the lead's id stands; write it as "
            "https://crm.example/lead/{id}."
        )


def _check_reasons(reasons: Mapping[str, tuple[str, ...]]) -> None:
    for kind, labels in reasons.items():
        if kind not in REASON_KINDS:
            raise HandoffError(f"reasons has {kind!r}, it must be one of {', '.join(REASON_KINDS)}; correct it.")
        if not labels:
            raise HandoffError(f"reasons {kind} is empty, it must have at least one; add it, or leave {kind} out.")
        _check_unique(f"reasons {kind}", labels)
        wrong = [label for label in labels if not is_label(label)]
        if wrong:
            raise HandoffError(
                f"reasons {kind} has {wrong[0]!r}, each must be a short label of at most 80 characters without "
                'addresses or long numbers; write it as "no budget".'
            )
