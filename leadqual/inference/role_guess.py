"""Guessing the other roles of columns: id, dates, order, value, owner and account."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from leadqual.bundle.values import read_boolean
from leadqual.inference.outcome_guess import ambiguous
from leadqual.inference.profile import ColumnProfile
from leadqual.vocabulary.column_names import plain_name, word_set
from leadqual.vocabulary.crm import CrmExport
from leadqual.vocabulary.outcome_words import says_removed

__all__ = ["Ended", "RoleGuess", "guess_role"]

_CREATED = word_set(
    "create created creation inquiry enquiry received registered registration signup submitted submission "
    "inserted added createdate createddate createdon"
)
_CLOSED = word_set(
    "close closed closing closedate won lost converted conversion end ended completed signed resolved "
    "decision purchase purchased"
)
_NOT_CREATED = _CLOSED | word_set(
    "modified last latest updated update birth birthday expected estimated est planned next due became "
    "activity contacted export"
)
_NOT_CLOSED = word_set("expected estimated est planned target forecast due next first last created up")
_ID = frozenset({"id", "uuid", "guid", "key"})
_RECORD = word_set(
    "lead prospect opportunity deal record contact mql row external object enquiry inquiry crm case customer"
)
_NUMBER = word_set("number no nr num index seq sequence order position")
_NUMBERED = word_set("number no nr num")
_LEAD = word_set("lead prospect opportunity deal record mql enquiry inquiry crm")
_OF_MARKS = word_set("is has was been at on in date time flag record lead contact deal by")
_MERGED_INTO = word_set("masterrecordid mergedinto mergedintoid mergedto mergedtoid mergetarget mergetargetid masterid")
_STATUS = ("status", "stage", "state", "outcome", "result", "lifecycle")
_SALES = frozenset({"agent", "rep", "person", "representative", "executive", "manager"})

_SOME = 0.5
_MAX_ROWS = 50  # rows that one lead may have
# in the order in which they are taken: an id does not change, a name is spelled in several ways, a domain is shared
_ACCOUNTS: tuple[tuple[frozenset[str], str], ...] = (
    (
        word_set(
            "accountid companyid parentaccountid organisationid organizationid accountnumber companynumber "
            "associatedcompanyid associatedcompanyids customeraccountid 公司id 公司编号 会社id 企业id 取引先id"
        ),
        "its name says which company the lead belongs to",
    ),
    (
        word_set(
            "account accountname company companyname companyaccount organisation organization organisationname "
            "organizationname orgname employer parentaccount associatedcompany potentialcustomer firma firmenname "
            "firmaname unternehmen unternehmensname organisationsname betrieb societe société nomsociété nomsociete "
            "nomdelasociété nomdelasociete entreprise nomentreprise nomdelentreprise raisonsociale empresa "
            "nombreempresa nombredelaempresa razonsocial compania nomedaempresa nomeempresa azienda bedrijf "
            "bedrijfsnaam 公司 公司名称 公司名 企业 企业名称 单位 单位名称 客户公司 会社 会社名 企業 企業名 法人名 "
            "取引先 取引先名"
        ),
        "its name says which company the lead belongs to",
    ),
    (
        word_set("companydomain companydomainname emaildomain maildomain domain website companywebsite webseite 域名"),
        "the company's domain, in place of its name",
    ),
)
_MIN_ACCOUNTS = 20

_NEARLY_ALL = 0.98  # an id may repeat in a few rows, which reading the leads will name


class Ended(NamedTuple):
    """How n leads ended, as far as the outcome says.

    Parameters
    ----------
    won, decided
        Which leads are won, and which are won or lost, bool (n,).
    """

    won: NDArray[np.bool_]
    decided: NDArray[np.bool_]


class RoleGuess(NamedTuple):
    """A column for a role.

    Parameters
    ----------
    column
        None when no column plays it.
    why
        The reason; "" without a column.
    """

    column: str | None
    why: str = ""


def guess_role(
    role: str,
    profiles: Mapping[str, ColumnProfile],
    *,
    crm: CrmExport | None,
    roles: Mapping[str, str],
    taken: frozenset[str],
    ended: Ended | None,
) -> RoleGuess:
    """Find the column that plays a role.

    The user's word comes first, then the fields of a recognised CRM, then names and contents.

    Parameters
    ----------
    role
        ``"created_at"``, ``"closed_at"``, ``"id"``, ``"order"``, ``"value"``, ``"owner"``, ``"account"`` or
        ``"deleted"``.
    profiles
        The columns by name.
    crm
        The recognised export, or None.
    roles
        What the user said, "" for none.
    taken
        Columns that other roles have.
    ended
        How the leads ended; None without an outcome.

    Raises
    ------
    SchemaError
        When several columns fit equally well; it lists them.
    """
    if role in roles:
        return RoleGuess(roles[role] or None, "named by you" if roles[role] else "")
    free = [profile for profile in profiles.values() if profile.name not in taken and profile.count]
    fits = _FITS[role]
    if crm is not None:
        fields = crm.deleted if role == "deleted" else crm.roles.get(role, ())
        for name in fields:
            found = next((profile for profile in free if plain_name(profile.name) == name and fits(profile)), None)
            if found is not None and (role != "deleted" or _marks_any(found)):
                return RoleGuess(found.name, f"the field of {crm.crm} {crm.record} for it")
    return _FINDERS[role]([profile for profile in free if fits(profile)], ended)


def _one(role: str, candidates: Sequence[ColumnProfile], why: str) -> RoleGuess:
    if not candidates:
        return RoleGuess(None)
    if len(candidates) > 1:
        raise ambiguous(role, candidates)
    return RoleGuess(candidates[0].name, why)


def _created(profiles: Sequence[ColumnProfile], ended: Ended | None) -> RoleGuess:
    dates = [profile for profile in profiles if not profile.has(*_NOT_CREATED)]
    named = [profile for profile in dates if profile.has(*_CREATED)]
    if named:
        plainly = [profile for profile in named if profile.has("created", "create", "creation", "createdate")]
        named = plainly if len(plainly) == 1 else named
        return _one("created_at", named, "a date whose name says that the lead began then")
    full = [profile for profile in dates if profile.share >= 0.8 and not _on_ended_only(profile, ended)]
    return _one("created_at", full, "the only date that most leads have")


def _closed(profiles: Sequence[ColumnProfile], ended: Ended | None) -> RoleGuess:
    dates = [profile for profile in profiles if not profile.has(*_NOT_CLOSED)]
    only = [profile for profile in dates if _on_ended_only(profile, ended)]
    named = [profile for profile in dates if profile.has(*_CLOSED)]
    both = [profile for profile in named if profile in only]
    if len(both) == 1:
        return RoleGuess(both[0].name, "a date whose name says that the lead ended then, and that no open lead has")
    won = [profile for profile in named if profile.has("won") and not profile.has("lost")]
    lost = [profile for profile in named if profile.has("lost") and not profile.has("won")]
    if len(won) == 1 and len(lost) == len(named) - 1 > 0:
        return RoleGuess(won[0].name, "a date of winning; losses have one of their own, which is not used")
    if named:
        return _one("closed_at", named, "a date whose name says that the lead ended then")
    return _one("closed_at", only, "a date that won and lost leads have and open ones have not")


def _on_ended_only(profile: ColumnProfile, ended: Ended | None) -> bool:
    if ended is None or ended.decided.all() or not ended.decided.any():
        return False
    filled = profile.filled
    return bool(filled[~ended.decided].mean() <= 0.02 and filled[ended.decided].mean() >= 0.5)


def _id(profiles: Sequence[ColumnProfile], _: Ended | None) -> RoleGuess:
    """Find the id: ids may be missing for some leads, and are measured where they are there."""
    filled = [profile for profile in profiles if profile.share >= _SOME]
    unique = [profile for profile in filled if profile.distinct >= _NEARLY_ALL * profile.count]
    named = [profile for profile in unique if profile.has(*_ID)]
    records = [profile for profile in named if set(profile.words) <= _ID | _RECORD]
    numbers = [profile for profile in unique if profile.has(*_NUMBER) and profile.has(*_RECORD)]
    numbered = [profile for profile in unique if profile.words and set(profile.words) <= _NUMBERED]
    why = "a value of its own for each lead, and named as an id"
    number = "a number of its own for each lead"
    for candidates, reason in ((records, why), (numbers, number), (named, why), (numbered, number)):
        if candidates:
            return _one("id", candidates, reason)
    repeated = [profile for profile in filled if _names_leads(profile)]
    return _one("id", repeated, "named as the id of a lead, though several rows share one")


def _names_leads(profile: ColumnProfile) -> bool:
    """Tell whether a column is named as the id of a lead, and not of something that leads share."""
    words = set(profile.words)
    named = bool(words & _ID or (words & _NUMBER and words & _LEAD)) and words <= _ID | _NUMBER | _LEAD
    return named and profile.distinct * _MAX_ROWS >= profile.count


def _order(profiles: Sequence[ColumnProfile], _: Ended | None) -> RoleGuess:
    numbers = [
        profile for profile in profiles if profile.whole and profile.distinct >= _NEARLY_ALL * len(profile.filled)
    ]
    named = [profile for profile in numbers if profile.has(*_NUMBER, *_ID)]
    return _one("order", named, "there is no creation date, and this number is likely to grow with time")


def _value(profiles: Sequence[ColumnProfile], _: Ended | None) -> RoleGuess:
    named = [
        profile
        for profile in profiles
        if profile.has("amount")
        or (profile.has("deal", "close", "closed", "opportunity", "contract", "order") and profile.has("value", "size"))
        or (profile.has("expected", "estimated", "est", "actual", "deal") and profile.has("revenue"))
    ]
    why = "a number whose name says what the deal is worth"
    for words in (("won", "closed", "actual"), ("deal", "contract", "order", "opportunity")):
        surest = [profile for profile in named if profile.has(*words) and not profile.has("expected", "estimated")]
        if len(named) > 1 and len(surest) == 1:
            return RoleGuess(surest[0].name, why)
    return _one("value", named, why)


def _owner(profiles: Sequence[ColumnProfile], _: Ended | None) -> RoleGuess:
    named = [
        profile
        for profile in profiles
        if profile.has("owner", "salesperson", "salesrep", "assignee")
        or (profile.has("sales", "account") and profile.has(*_SALES))
        or profile.has("assigned")
    ]
    if len(named) > 1:
        others = ", ".join(repr(profile.name) for profile in named[1:])
        return RoleGuess(named[0].name, f"its name says who works the lead, as those of {others} do")
    return _one("owner", named, "its name says who works the lead")


def _deleted(profiles: Sequence[ColumnProfile], ended: Ended | None) -> RoleGuess:
    """Find a mark of deleted or merged records; an archive is one only where hardly any of its leads has ended."""
    marks = [profile for profile in profiles if _marks_deleted(profile, ended)]
    marks.sort(key=lambda profile: not _marks_any(profile))
    return RoleGuess(marks[0].name, "its name says which records were deleted or merged") if marks else RoleGuess(None)


def _marks_deleted(profile: ColumnProfile, ended: Ended | None) -> bool:
    if profile.has(*_STATUS) and any(map(says_removed, profile.values)):
        removed = sum(count for value, count in zip(profile.values, profile.counts, strict=True) if says_removed(value))
        return removed < _SOME * profile.count
    words = set(profile.words) - _OF_MARKS
    flag = profile.boolean or bool(profile.yes)
    if plain_name(profile.name) in _MERGED_INTO:
        return profile.share < _SOME
    if flag and len(words) == 1 and all(map(says_removed, words)):  # Is Duplicate, Dublette
        return True
    if words in ({"deleted"}, {"merged"}):
        return flag or profile.share < _SOME
    # Which rows say Yes is not in a profile; where the archive is a date, its leads are those with one.
    archive = words == {"archived"} and not flag and profile.share < _SOME and ended is not None
    return archive and ended is not None and bool(ended.decided[profile.filled].mean() <= 1 - _NEARLY_ALL)


def _marks_any(profile: ColumnProfile) -> bool:
    return any(read_boolean(value) == "yes" for value in profile.values) if profile.boolean else profile.count > 0


def _account(profiles: Sequence[ColumnProfile], _: Ended | None) -> RoleGuess:
    # a column with a few companies is a field: each speaks for many leads, and counting them would leave nothing
    for names, why in _ACCOUNTS:
        found = [profile for profile in profiles if plain_name(profile.name) in names]
        if found:
            most = max(found, key=lambda profile: profile.share)
            return RoleGuess(most.name, f"{why}: {most.distinct:,} of them in {most.count:,} leads")
    return RoleGuess(None)


def _is_date(profile: ColumnProfile) -> bool:
    return profile.is_date


def _is_number(profile: ColumnProfile) -> bool:
    return profile.is_number and not profile.boolean


def _is_listed(profile: ColumnProfile) -> bool:
    return not profile.is_date and not profile.boolean and not profile.unique


def _names_many(profile: ColumnProfile) -> bool:
    return not profile.is_date and not profile.boolean and profile.distinct >= _MIN_ACCOUNTS


def _anything(profile: ColumnProfile) -> bool:
    return not profile.is_date and not profile.boolean


def _any_column(_: ColumnProfile) -> bool:
    return True


_FITS: dict[str, Callable[[ColumnProfile], bool]] = {
    "created_at": _is_date,
    "closed_at": _is_date,
    "id": _anything,
    "order": _is_number,
    "value": _is_number,
    "owner": _is_listed,
    "account": _names_many,
    "deleted": _any_column,
}
_FINDERS: dict[str, Callable[[Sequence[ColumnProfile], Ended | None], RoleGuess]] = {
    "created_at": _created,
    "closed_at": _closed,
    "id": _id,
    "order": _order,
    "value": _value,
    "owner": _owner,
    "account": _account,
    "deleted": _deleted,
}
