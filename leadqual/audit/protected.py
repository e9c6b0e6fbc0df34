"""LQ502: fields that law or decency protects, for people to decide on."""

from __future__ import annotations

import pandas as pd

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable
from leadqual.fact import fact
from leadqual.vocabulary.column_names import word_set
from leadqual.vocabulary.header_words import english_words
from leadqual.vocabulary.outcome_words import plain_value

__all__ = ["protected"]

CODE = "LQ502"
_GROUNDS = {
    "age": word_set("age birth birthday birthdate birthyear dob yob"),
    "sex": word_set("sex gender"),
    "salutation": word_set("salutation honorific"),
    "nationality": word_set("nationality citizenship citizen birthplace"),
    "ethnic origin": word_set("ethnicity ethnic race caste tribe mothertongue"),
    "religion or belief": word_set("religion religious faith denomination belief"),
    "health": word_set("health illness disease diagnosis medical pregnancy pregnant blood"),
    "disability": word_set("disability disabled handicap handicapped"),
    "family": word_set("marital married marriage spouse children familystatus"),
    "sexual orientation": word_set("orientation"),
    "politics": word_set("politics political party"),
    "membership in a union": word_set("union"),
    "home": word_set("zip zipcode postal postcode plz"),
}
# What makes a word say something else: the age of a deal, a party that is a company, a European Union.
_NOT = {
    "age": word_set(
        "deal lead opportunity company account business stage days page domain website contract ticket crm"
    ),
    "health": word_set("care healthcare account score customer system lead deal"),
    "politics": word_set("third contract relevant"),
    "membership in a union": word_set("european credit customs"),
    "sexual orientation": word_set("goal customer page screen device result market"),
    "family": word_set("product account company"),
    "religion or belief": word_set("good"),
    "ethnic origin": word_set("date"),
}
_VALUES = {
    "sex": word_set(
        "male female man woman mannlich weiblich mann frau homme femme masculin feminin hombre mujer masculino "
        "femenino homem mulher feminino maschio femmina vrouw 男 女 男性 女性 남 여 남성 여성 divers nonbinary "
        "other unknown m f w"
    ),
    "salutation": word_set(
        "mr mrs ms miss herr frau monsieur madame m mme sr sra senor senora senhor senhora sig signor signora "
        "先生 女士 小姐"
    ),
    "religion or belief": word_set(
        "christian muslim hindu jewish buddhist catholic protestant atheist sikh none other"
    ),
    "family": word_set(
        "single married divorced widowed separated ledig verheiratet geschieden verwitwet celibataire marie divorce "
        "veuf soltero casado divorciado viudo solteiro divorciado viuvo 未婚 已婚 离异 丧偶"
    ),
}
_MAX_VALUES = 8


def protected(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find fields about age, sex, origin, belief, health, family, politics or home, by name or by their values.

    Names are read in every language that `leadqual.vocabulary.header_words` knows. Nothing is left out: what is lawful
    depends on the purpose, so people decide.
    """
    findings = []
    for feature in leads.features:
        ground, by_name = _by_name(feature.name), True
        if ground is None and feature.kind != "numeric":
            ground, by_name = _by_values(leads.values[feature.name]), False
        if ground is not None:
            found = fact("audit_protected_by_name" if by_name else "audit_protected_by_values", ground=ground)
            findings.append(Finding(CODE, "protected", "suspect", feature.name, found, fact("audit_decide")))
    return findings, None


def _by_name(name: str) -> str | None:
    words = set(english_words(name))
    for ground, telling in _GROUNDS.items():
        if words & telling and not words & _NOT.get(ground, frozenset()):
            return ground
    return None


def _by_values(values: pd.Series) -> str | None:
    found = {plain_value(str(value)) for value in pd.unique(values.dropna())}
    if not 2 <= len(found) <= _MAX_VALUES:
        return None
    for ground, listed in _VALUES.items():
        telling = listed - {"other", "unknown", "none"}
        if found <= listed and len(found & telling) >= 2:
            return ground
    return None
