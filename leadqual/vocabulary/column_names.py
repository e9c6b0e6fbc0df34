"""Column names taken apart: their words, and the form in which a label and an API name look the same."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["plain_name", "word_set", "words_of"]

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN = re.compile(r"[\W_]+")
_STROKES = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D"})  # marks that NFD leaves in place
_PREFIX = re.compile(r"^\s*\(do not modify\)\s*", re.IGNORECASE)  # what Dynamics 365 writes before its key columns


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a column name in lower case, Latin ones without accents.

    Examples
    --------
    >>> words_of("CreatedDate"), words_of("first_contact_date"), words_of("Lead Number")
    (('created', 'date'), ('first', 'contact', 'date'), ('lead', 'number'))
    >>> words_of("Propriétaire du prospect")
    ('proprietaire', 'du', 'prospect')
    """
    parted = _without_accents(_CAMEL.sub(" ", _PREFIX.sub("", name)).casefold())
    return tuple(word for word in _BETWEEN.split(parted) if word)


def _without_accents(text: str) -> str:
    """Return the text without the marks over Latin letters; those of other scripts are part of their letters."""
    found: list[str] = []
    for mark in unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text.translate(_STROKES))):
        if unicodedata.category(mark) != "Mn" or not (found and found[-1].isascii()):
            found.append(mark)
    return unicodedata.normalize("NFC", "".join(found))


def plain_name(name: str) -> str:
    """Return the letters and digits of a column name in lower case, so that spelling variants are equal.

    Examples
    --------
    >>> plain_name("CreatedDate"), plain_name("Created Date"), plain_name("(Do Not Modify) Row Checksum")
    ('createddate', 'createddate', 'rowchecksum')
    """
    return "".join(character for character in _PREFIX.sub("", name).casefold() if character.isalnum())


def word_set(text: str, separator: str | None = None) -> frozenset[str]:
    """Return the words of a text as a set, cut at spaces or at the separator.

    Examples
    --------
    >>> sorted(word_set("closed won|won", "|"))
    ['closed won', 'won']
    """
    return frozenset(text.split(separator))
