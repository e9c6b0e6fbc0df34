"""Personal data recognised by the form of its values, not by the column's name: names, contacts, identity numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from leadqual.vocabulary.personal_names import (
    FAMILY_NAMES,
    GIVEN_NAMES,
    HAN_FAMILY_NAMES,
    HANGUL_FAMILY_NAMES,
    JAPANESE_FAMILY_NAMES,
)

__all__ = ["contact_value", "personal_value", "personal_values"]

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}|.*<[^@\s]+@[^@\s]+\.[A-Za-z]{2,}>")
_PHONE = re.compile(r"(?=(?:\D*\d){8,15}\D*$)(?:\+|00|\(|0|\d{3}[\s.-]\d{3}[\s.-]\d{4}$)[\d\s()./-]{6,24}(?:\s*x\d+)?")
_MOBILE = re.compile(r"(?:\+?86)?1[3-9]\d{6}(?!000)\d{3}")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[ T].*)?")
_NATIONAL = re.compile(
    r"\d{17}[\dXx]"  # China
    r"|\d{3}-\d{2}-\d{4}"  # the United States
    r"|\d{3}\.\d{3}\.\d{3}-\d{2}"  # Brazil
    r"|\d{8}-?[A-HJ-NP-TV-Z]"  # Spain
    r"|[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]"  # Italy
    r"|[12] ?\d{2} ?\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{2}"  # France
    r"|[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]"  # Britain
    r"|\d{6}-[1-4]\d{6}"  # Korea
    r"|[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?"  # an account, IBAN
)
_NETWORK = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F:]*")
_STREET = re.compile(
    r"(?i)(?:\d+[a-z]?,? .*\b(?:street|st|road|rd|avenue|ave|lane|drive|boulevard|blvd|rue|chemin)\b.*"
    r"|.*(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse) \d+.*|(?:calle|rua|via|avenida|av\.|rue) .*\d+.*"
    r"|.*[路街巷道]\d+号.*|.*\d+丁目.*)"
)
_TITLED = re.compile(
    r"(?:Mr|Mrs|Ms|Miss|Herr|Frau|Monsieur|Madame|Mme|Sr|Sra|Señora?|Senhora?|Sig)\.? \S+.*"
    r"|[\u3400-\u9fff]{1,3}(?:先生|女士|小姐|経理|经理|总|様|さん)|[\uac00-\ud7af]{2,4}\s?님"
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*\.?")
_HAN = re.compile(r"[\u3400-\u9fff]{2,3}")
_HAN_PAIR = re.compile(r"[\u3400-\u9fff々]{1,4}[ \u3000]?[\u3040-\u30ff\u3400-\u9fff々]{1,4}")
_HANGUL = re.compile(r"[\uac00-\ud7af]{3}")
_NOT_GIVEN = frozenset("东南西北中部区方州省市级等类型业务")  # regions and kinds: 华东, 高级
_DIGITS = re.compile(r"\d{9,15}")
_SOME, _MOSTLY, _LOOKED_AT = 0.1, 0.5, 500
_MIN_NAMES, _MIN_NUMBERS = 3, 20
_NEARLY_ALL = 0.9


def personal_values(texts: Sequence[str], *, leads: int) -> str | None:
    """Say what makes the values of a column personal, or None where nothing does.

    A tenth of the values is enough for e-mail addresses, telephone numbers and numbers that identify a person; half of
    them for network and street addresses, and for names (a title, or a common given or family name). Numbers of nine
    to fifteen digits, all about as long and most of them different, are telephone numbers or identifiers.

    Parameters
    ----------
    texts
        The distinct values as text, or an even sample of them.
    leads
        How many leads have a value.

    Examples
    --------
    >>> personal_values(["ana@example.com", "tom@example.org", "rui@example.net"], leads=3)
    'e-mail addresses'
    >>> personal_values(["Ana Petrova", "Tom Hill", "Rui Costa"], leads=900)
    'names of people'
    >>> personal_values(["Trade Show", "Web", "Referral"], leads=900) is None
    True
    """
    some = [text.strip() for text in texts[:: max(1, -(-len(texts) // _LOOKED_AT))]]
    if not some:
        return None
    for what, pattern, share in (
        ("e-mail addresses", _is_mail, _SOME),
        ("telephone numbers", _is_phone, _SOME),
        ("numbers that identify a person or an account", _is_national, _SOME),
        ("network addresses", _is_network, _MOSTLY),
        ("street addresses", _is_street, _MOSTLY),
    ):
        if _share(pattern, some) >= share:
            return what
    if _numbered(some, len(texts), leads):
        return "telephone numbers or identifiers"
    if _names(some):
        return "names of people"
    return None


def personal_value(text: str) -> bool:
    """Tell whether one value, alone, looks like an e-mail address, a telephone number, an identity or a name.

    Examples
    --------
    >>> [personal_value(text) for text in ("ana@example.com", "+49 170 1234567", "Ana Petrova", "Closed Won")]
    [True, True, True, False]
    """
    plain = text.strip()
    patterns = (_is_mail, _is_phone, _is_national, _is_network, _is_titled, _is_full_name)
    return any(pattern(plain) for pattern in patterns)


def contact_value(text: str) -> bool:
    """Tell whether one value, alone, looks like an e-mail address, a telephone number or an identity.

    Examples
    --------
    >>> contact_value("ana@example.com"), contact_value("Closed Won"), contact_value("70214405")
    (True, False, False)
    """
    plain = text.strip()
    return any(pattern(plain) for pattern in (_is_mail, _is_phone, _is_national))


def _share(pattern: Callable[[str], bool], some: Sequence[str]) -> float:
    return sum(map(pattern, some)) / len(some)


def _is_mail(text: str) -> bool:
    return "@" in text and _MAIL.fullmatch(text) is not None


def _is_phone(text: str) -> bool:
    if _MOBILE.fullmatch(text.replace(" ", "").replace("-", "")):
        return True
    return _PHONE.fullmatch(text) is not None and _DATE.fullmatch(text) is None


def _is_national(text: str) -> bool:
    return _NATIONAL.fullmatch(text) is not None


def _is_network(text: str) -> bool:
    return _NETWORK.fullmatch(text) is not None


def _is_street(text: str) -> bool:
    return _STREET.fullmatch(text) is not None


def _is_titled(text: str) -> bool:
    return _TITLED.fullmatch(text) is not None


def _numbered(some: Sequence[str], distinct: int, leads: int) -> bool:
    """Tell whether whole numbers are long, equally long, different from lead to lead, and not round."""
    if len(some) < _MIN_NUMBERS or distinct < _MOSTLY * leads:
        return False
    long = [text for text in some if _DIGITS.fullmatch(text)]
    if len(long) < _NEARLY_ALL * len(some):
        return False
    lengths = [len(text) for text in long]
    usual = max(set(lengths), key=lengths.count)
    alike = sum(abs(length - usual) <= 1 for length in lengths) >= _NEARLY_ALL * len(long)
    return alike and sum(text.endswith("000") for text in long) < _MOSTLY * len(long)


def _names(some: Sequence[str]) -> bool:
    if len(some) < _MIN_NAMES:  # two may be alike by chance, so that both must be names
        return len(some) > 1 and any(_share(pattern, some) == 1 for pattern in (_is_titled, _is_full_name, _is_han))
    if any(_share(pattern, some) >= _MOSTLY for pattern in (_is_titled, _is_full_name, _is_part_of_name, _is_japanese)):
        return True
    if _share(_is_hangul, some) >= _NEARLY_ALL:
        return True
    return _share(_is_han, some) >= _NEARLY_ALL


def _plain(text: str) -> list[str]:
    bare = "".join(
        mark for mark in unicodedata.normalize("NFD", text.replace("ł", "l")) if unicodedata.category(mark) != "Mn"
    )
    return [word.rstrip(".").casefold().replace("'", "").replace("\u2019", "") for word in _WORD.findall(bare)]


def _is_full_name(text: str) -> bool:
    """Tell whether two to four words, all with a capital, hold a common given name first or last."""
    parts = re.split(r"[\s,]+", text)
    if not 2 <= len(parts) <= 4 or not all(part[:1].isupper() and _WORD.fullmatch(part) for part in parts):
        return False
    words = _plain(text)
    return len(words) >= 2 and (words[0] in GIVEN_NAMES or ("," in text and words[-1] in GIVEN_NAMES))


def _is_part_of_name(text: str) -> bool:
    words = _plain(text)
    return len(words) == 1 and text[:1].isupper() and (words[0] in GIVEN_NAMES or words[0] in FAMILY_NAMES)


def _is_han(text: str) -> bool:
    return _HAN.fullmatch(text) is not None and text[0] in HAN_FAMILY_NAMES and text[-1] not in _NOT_GIVEN


def _is_japanese(text: str) -> bool:
    if _HAN_PAIR.fullmatch(text) is None:
        return False
    family = next((name for name in JAPANESE_FAMILY_NAMES if text.startswith(name)), None)
    return family is not None and (" " in text or "\u3000" in text or len(text) - len(family) in (0, 1, 2, 3))


def _is_hangul(text: str) -> bool:
    return _HANGUL.fullmatch(text) is not None and text[0] in HANGUL_FAMILY_NAMES
