"""Guessing the features: which columns may be scored, of which kind, and when their values are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leadqual.inference.profile import ColumnProfile
from leadqual.inference.role_guess import Ended
from leadqual.leads.schema import Feature, Kind, Known
from leadqual.leads.schema_toml import LeftOut
from leadqual.vocabulary.column_names import plain_name, word_set
from leadqual.vocabulary.crm import CrmExport

__all__ = ["FeatureGuess", "guess_feature"]

_PERSON = word_set(
    "email mail mailadress phone mobile telephone fax street address linkedin twitter facebook skype wechat whatsapp "
    "url website homepage ip iban ssn passport firstname lastname surname fullname"
)
_ALWAYS_PERSON = word_set("phone mobile telephone fax iban ssn passport")
_WORKS_IT = word_set("owner salesperson salesrep assignee assigned")
_NAME_OF = word_set("first last full contact lead middle given family person prospect customer client")
_LATER = word_set("closed close closing won lost loss converted modified updated probability forecast last latest")
_MAYBE = word_set(
    "stage status reason result tag tags note notes comment comments description rating score quality "
    "grade response disposition followup recent contacted"
)
_COUNTED = word_set("call calls email emails meeting meetings touch touches activity activities followups logged")
_ID = frozenset({"id", "uuid", "guid", "key"})
_CODE = word_set("id zip postal plz")
_NUMBER = frozenset({"number", "no", "nr", "num", "index", "row"})
_FEW = 20  # leads; below it a share says little
_LEVELS = 1_000
_MANY, _LEADS_A_VALUE = 100, 5
_LONG = 40  # characters
_GAP = 0.3
_ASK = "it may be filled in while the lead is worked; say when it is known"


@dataclass(frozen=True, slots=True)
class FeatureGuess:
    """A feature, or why the column is none.

    Parameters
    ----------
    feature
        None where the column is left out.
    left_out
        None where it is a feature.
    why
        The reason, a sentence.
    """

    feature: Feature | None
    left_out: LeftOut | None
    why: str


def guess_feature(profile: ColumnProfile, *, crm: CrmExport | None, ended: Ended | None) -> FeatureGuess:
    """Judge a column that plays no role.

    Parameters
    ----------
    profile
        What it holds.
    crm
        The recognised export, or None.
    ended
        How the leads ended; None without an outcome.

    Returns
    -------
    FeatureGuess
        A feature, unless the column is empty, constant, a date, an identifier, nearly unique text, or about a person.
    """
    kind, why_kind = _kind(profile)
    known, why_known = _when_known(profile, crm, ended)
    separator = profile.choices.separator if kind == "choices" and profile.choices is not None else None
    single = crm is not None and plain_name(profile.name) in crm.single
    out = "it names or numbers one record" if single else _left_out(profile, kind)
    if out:
        return FeatureGuess(None, LeftOut(profile.name, kind, known, out, separator), out)
    decimal = "," if kind == "numeric" and profile.decimal == "," else None
    why = "; ".join(part for part in (why_kind, why_known) if part)
    return FeatureGuess(Feature(profile.name, kind, known, decimal, separator=separator), None, why)


def _kind(profile: ColumnProfile) -> tuple[Kind, str]:
    if profile.boolean:
        return "boolean", "its values are Yes and No"
    coded = profile.has(*_CODE) or any(word.endswith("code") for word in profile.words)
    if profile.is_number and not coded:
        if profile.numbers < 1:
            return "numeric", f"{profile.numbers:.1%} of its values are numbers; the others cannot be read"
        mark = " with a decimal comma" if profile.decimal == "," else ""
        return "numeric", f"its values are numbers{mark}"
    if profile.choices is not None and not profile.is_number:
        return "choices", str(profile.choices)
    return "category", f"{profile.distinct} different values"


def _left_out(profile: ColumnProfile, kind: Kind) -> str | None:
    if not profile.count:
        return "it is empty"
    if profile.distinct == 1 and (profile.share > 0.995 or profile.count < _FEW):
        return "it has the same value for every lead that has one"
    if profile.is_date:
        return "it is a date; what may help is a number made from it, such as days since the last order"
    if profile.personal is not None and kind != "boolean":
        return f"its values look like {profile.personal}"
    if _about_a_person(profile, kind):
        return "it looks like a name, an address or another way to reach a person"
    if kind != "boolean" and profile.has(*_WORKS_IT) and not profile.has("type", "count", "number"):
        return "it says who works the lead"
    return _nearly_unique(profile, kind)


def _about_a_person(profile: ColumnProfile, kind: Kind) -> bool:
    if kind == "boolean" or profile.has("domain", "type"):
        return False
    if profile.has(*_ALWAYS_PERSON) and not profile.has("logged", "calls", "inquiry", "count"):
        return True
    if kind == "numeric":
        return False
    named = profile.has("name") and (profile.has(*_NAME_OF) or len(profile.words) == 1)
    return profile.has(*_PERSON) or named


def _nearly_unique(profile: ColumnProfile, kind: Kind) -> str | None:
    share = profile.distinct / profile.count
    if kind == "numeric":
        numbered = profile.whole and share > 0.98 and profile.has(*_NUMBER, *_ID)
        return "it is a number of its own for each lead" if numbered and profile.count >= _FEW else None
    if kind == "category" and share > 0.5 and profile.count >= _FEW:
        return f"{profile.distinct:,} different values in {profile.count:,} leads: an identifier or free text"
    if kind == "category" and profile.distinct > _MANY and profile.count < _LEADS_A_VALUE * profile.distinct:
        return f"{profile.distinct:,} different values in {profile.count:,} leads: too few leads to learn from each"
    if kind == "category" and profile.distinct > _LEVELS and profile.length > _LONG:
        return f"{profile.distinct:,} different texts of {profile.length:.0f} characters: free text"
    return None


def _when_known(profile: ColumnProfile, crm: CrmExport | None, ended: Ended | None) -> tuple[Known, str]:
    if crm is not None and plain_name(profile.name) in crm.known:
        known = crm.known[plain_name(profile.name)]
        meaning = {
            "later": "is filled in as the lead is worked or closed",
            "unknown": "may change as the lead is worked: say when it is known",
            "at_creation": "is set when the lead is created",
        }[known]
        return known, f"a field of {crm.crm} {crm.record} that {meaning}"
    filled = _by_filling(profile, ended)
    if filled is not None and filled[0] == "later":
        return filled
    later = sorted(_LATER.intersection(profile.words))
    if later:
        return "later", f"its name says {later[0]!r}: its value is likely to be from after the lead came in"
    counted = _COUNTED if profile.is_number and not profile.boolean else frozenset()
    maybe = sorted((_MAYBE | counted).intersection(profile.words))
    if maybe:
        return (
            "unknown",
            f"its name says {maybe[0]!r}: it may be filled in while the lead is worked; say when it is known",
        )
    return filled or ("at_creation", "")


def _by_filling(profile: ColumnProfile, ended: Ended | None) -> tuple[Known, str] | None:
    """Judge by which leads have a value: one that comes with the outcome gives the outcome away."""
    if ended is None:
        return None
    lost = ended.decided & ~ended.won
    for group, rest, which in (
        (ended.won, ~ended.won, "won"),
        (lost, ~lost, "lost"),
        (ended.decided, ~ended.decided, "won and lost"),
    ):
        if group.sum() < _FEW or rest.sum() < _FEW:
            continue
        inside, outside = float(np.mean(profile.filled[group])), float(np.mean(profile.filled[rest]))
        if outside <= 0.01 and inside >= 0.05:
            return "later", f"filled for {inside:.0%} of the {which} leads and {outside:.0%} of the others"
    if ended.won.sum() >= _FEW and (~ended.won).sum() >= _FEW:
        won, others = float(np.mean(profile.filled[ended.won])), float(np.mean(profile.filled[~ended.won]))
        if abs(won - others) >= _GAP:
            return "unknown", (f"filled for {won:.0%} of the won leads and {others:.0%} of the others: {_ASK}")
    return None
