"""The words of column names in other languages, and the English ones that they stand for."""

from __future__ import annotations

import re

from leadqual.vocabulary.column_names import words_of
from leadqual.vocabulary.headers_asian import ASIAN
from leadqual.vocabulary.headers_european import EUROPEAN
from leadqual.vocabulary.headers_slavic import SLAVIC

__all__ = ["english_words"]

_NUMERO = re.compile(r"\b[nN]\.?\s?[°ºo]\s?(?=$|\W)|^\s*#\s*$")
_LINKING = ("", "s", "n", "en", "e", "es")  # between the parts of a German or Dutch compound
_MIN_PART_LENGTH = 4
_SAME = frozenset({"name", "status", "phase", "code", "mail"})  # in German and Dutch compounds as in English
# English words too, with another meaning: they count as foreign where they are the whole name.
_ALONE = frozenset({"commercial", "portable", "genre", "chance", "land"})


def _phrases() -> dict[tuple[str, ...], tuple[str, ...]]:
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for table in (*EUROPEAN.values(), *SLAVIC.values()):
        for english, terms in table.items():
            for term in terms.split("|"):
                found.setdefault(tuple(term.split()), tuple(english.split()))
    return found


_PHRASES = _phrases()
_PARTS = {
    term: tuple(english.split())
    for language in ("Dutch", "German")
    for english, terms in EUROPEAN[language].items()
    for term in terms.split("|")
}
_TERMS = {
    term: tuple(english.split())
    for table in ASIAN.values()
    for english, terms in table.items()
    for term in terms.split()
}
_LONGEST_FIRST = sorted(_TERMS, key=lambda term: (-len(term), term))
_MAX_PHRASE_LENGTH = max(map(len, _PHRASES))


def english_words(name: str) -> tuple[str, ...]:
    """Return the words of a column name, those of known languages in English and the others as they are.

    Words and phrases are compared without case and accents, the longest first. German and Dutch compounds are taken
    apart ("Abschlussdatum"); in Chinese, Japanese and Korean names the terms are found inside.

    Parameters
    ----------
    name
        The column.

    Returns
    -------
    tuple of str
        Lower case.

    Examples
    --------
    >>> english_words("Date de création"), english_words("Abschlussdatum"), english_words("最后跟进时间")
    (('date', 'de', 'created'), ('closed', 'date'), ('last', 'followup', 'time'))
    >>> english_words("CreatedDate"), english_words("N°")
    (('created', 'date'), ('number',))
    """
    words = words_of(_NUMERO.sub(" number ", name))
    found: list[str] = []
    place = 0
    while place < len(words):
        for size in range(min(_MAX_PHRASE_LENGTH, len(words) - place), 0, -1):
            meant = _PHRASES.get(words[place : place + size])
            if meant is not None and (len(words) == 1 or words[place] not in _ALONE):
                found += meant
                place += size
                break
        else:
            found += _compound(words[place]) or _inside(words[place]) or (words[place],)
            place += 1
    return tuple(found)


def _compound(word: str) -> tuple[str, ...]:
    """Split a compound into known words, the first as short as the rest allows, where all of it can be split."""
    if not word.isascii():
        return ()
    for cut in range(_MIN_PART_LENGTH, len(word) - _MIN_PART_LENGTH + 1):
        head = _PARTS.get(word[:cut])
        if head is None:
            continue
        for link in _LINKING:
            rest = word[cut + len(link) :] if word[cut:].startswith(link) else ""
            tail = _PARTS.get(rest) or ((rest,) if rest in _SAME else ()) or (_compound(rest) if rest else ())
            if tail:
                return (*head, *tail)
    return ()


def _inside(word: str) -> tuple[str, ...]:
    """Find the terms in a word of a language without spaces, in their order; what stands between them is dropped."""
    if word.isascii():
        return ()
    found: dict[int, tuple[str, ...]] = {}
    free = word
    for term in _LONGEST_FIRST:
        place = free.find(term)
        while place >= 0:
            found[place] = _TERMS[term]
            free = f"{free[:place]}{' ' * len(term)}{free[place + len(term) :]}"
            place = free.find(term)
    rest = re.findall(r"[0-9a-z]+", free)
    return (*(word for place in sorted(found) for word in found[place]), *rest) if found else ()
