"""Which encodings bytes look like: those that turn them into letters that some language uses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

__all__ = ["likely_encodings"]

# The letters beyond ASCII of languages that each encoding is used for; usual encodings first, as they win a tie.
_LATIN = {
    "cp1252": (
        "äöüß", "éèêëàâçùûîïôœæ", "áéíóúñü", "áâãàçéêíóôõúü", "àèéìòùîó", "åäöé", "åæøéèòó", "éëïóèüöê", "áðéíóúýþæö",
        "àçèéíïóòúü",
    ),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "iso8859_2": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "cp1254": ("çğıöşüâîû",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöüõšž"),
    "mac_roman": ("äöüß", "éèêëàâçùûîïôœæ", "áéíóúñü"),
    "cp850": ("äöüß", "éèêëàâçùûîïôæ", "áéíóúñü"),
}  # fmt: skip
# Letters from the most to the least frequent.
_RUSSIAN, _UKRAINIAN = "оеаинтсрвлкмдпуяызьбгчйхжюшцщэфъё", "оаинвіретскулмдпязьбгйчхїжцюєфшщґ"
_GREEK = "αοιετσνηυρπκμλςωόίάγδέήχθφύβξώζψϊϋΐΰ"
_HEBREW = "יוהלארתמבשנעםדקחפןכצגטסזךףץ"
_ARABIC = "اليمنرتوبةعدسفهكقحجأشطصىخضذثزظغئءإؤآ"
_THAI = "านรอกเงมยลวดทสตะปบคหแจพชขใไโผซธฉถฟศษณญฝภ่้ีัิ์ืุูำึ็ๆ"
_ALPHABETS = {
    "cp1251": (_RUSSIAN, _UKRAINIAN),
    "koi8_r": (_RUSSIAN,),
    "cp866": (_RUSSIAN,),
    "cp1253": (_GREEK,),
    "cp1255": (_HEBREW,),
    "cp1256": (_ARABIC,),
    "cp874": (_THAI,),
}
_SIGNS = frozenset("€£§©®°™–—‘’‚“”„…•·¿¡ªº«»№½¼¾×÷±µ²³†‰‹›´¥¢\u00a0")  # noqa: RUF001  # signs that look like others are what is sought
# What the sign of "Nº 5" becomes in the encodings of Central Europe: a letter that makes no word.
_ORDINAL = re.compile(r"(?<![^\W\d_])(?:[nN]\.?|\d\.?)?[şŞŗŖ](?![^\W\d_])")
_MIXED = 0.9  # weight of letters of several languages together, relative to those of one
_PREFERRED = 0.001  # weight of one place in the list of encodings: it decides between equals only
_AGREED = 0.1  # added where charset-normalizer finds the same encoding


def likely_encodings(cells: bytes) -> list[tuple[str, float]]:
    """Return the encodings in which bytes are text, the likeliest first, each with how far its letters are usual ones.

    Latin letters are compared with those of one language at a time: "ø" and "ì" are both letters, but of no language
    together. Chinese, Japanese and Korean characters count by how common their part of the code is.

    Parameters
    ----------
    cells
        Text with bytes beyond ASCII.

    Examples
    --------
    >>> likely_encodings("Łódź, Śląsk".encode("cp1250"))[0][0]
    'cp1250'
    """
    scorers: dict[str, Callable[[str], float]] = {}
    for encoding, languages in _LATIN.items():
        scorers[encoding] = _latin(languages)
    for encoding, alphabets in _ALPHABETS.items():
        scorers[encoding] = _alphabetic(alphabets)
    for encoding in _AREAS:
        scorers[encoding] = _ideographic(encoding)
    ranked = []
    agreed = _normalizers_choice(cells)
    for place, (encoding, score) in enumerate(scorers.items()):
        try:
            text = cells.decode(encoding)
        except UnicodeDecodeError:  # the bytes are no text in this encoding
            continue
        ranked.append((encoding, score(text) + _AGREED * (encoding == agreed) - _PREFERRED * place))
    return sorted(ranked, key=lambda one: -one[1])


def _normalizers_choice(cells: bytes) -> str | None:
    """Return what charset-normalizer finds where that is a script it tells well: it confuses the Latin ones."""
    import charset_normalizer

    found = charset_normalizer.from_bytes(cells, cp_isolation=[*_ALPHABETS, *_AREAS]).best()
    return None if found is None else found.encoding


def _foreign(text: str) -> Iterator[tuple[str, str]]:
    """Return each character beyond ASCII with the one before it."""
    return ((text[place - 1 : place], letter) for place, letter in enumerate(text) if ord(letter) > 127)


def _latin(languages: tuple[str, ...]) -> Callable[[str], float]:
    sets = {frozenset(language): 1.0 for language in languages}
    sets.setdefault(frozenset("".join(languages)), _MIXED)  # names of people of many countries

    def worth(before: str, letter: str, language: frozenset[str]) -> float:
        if letter.lower() in language or letter == "İ":
            return 0.2 if letter.isupper() and before.islower() else 1.0  # a capital after a small letter is rare
        if letter in _SIGNS:
            return 0.8 if letter == "\u2019" or not before.isalpha() else 0.35
        return 0.0

    def score(text: str) -> float:
        letters = list(_foreign(text))
        joined = sum(before > "\x7f" for before, _ in letters) / len(letters)
        best = max(rate * sum(worth(*letter, one) for letter in letters) for one, rate in sets.items()) / len(letters)
        best = max(best - len(_ORDINAL.findall(text)) / len(letters), 0.0)
        return best * (1.0 if joined < 0.5 else 1.5 - joined)  # letters beyond ASCII mostly stand alone

    return score


def _alphabetic(alphabets: tuple[str, ...]) -> Callable[[str], float]:
    ranks = [{letter: place / len(alphabet) for place, letter in enumerate(alphabet)} for alphabet in alphabets]

    def worth(before: str, letter: str, rank: dict[str, float]) -> float:
        place = rank.get(letter.lower())
        if place is None:
            return 0.6 if letter in _SIGNS and not before.isalpha() else 0.0
        if letter.isupper() and before.islower():
            return 0.1
        if letter.islower() and before.isupper() and before > "\x7f":
            return 0.9
        return 1.1 - 0.5 * place

    def score(text: str) -> float:
        letters = list(_foreign(text))
        joined = sum(before > "\x7f" for before, _ in letters) / len(letters)
        best = max(sum(worth(before, letter, one) for before, letter in letters) for one in ranks) / len(letters)
        return best * min(1.0, 0.5 + joined)  # whole words are in that script

    return score


# Encoding -> first bytes of a character from, to -> how usual these characters are. The first that fits counts.
_AREAS: dict[str, tuple[tuple[int, int, float], ...]] = {
    "gb18030": ((0xB0, 0xD7, 1.0), (0xD8, 0xF7, 0.5), (0xA1, 0xA3, 0.8), (0xA4, 0xA5, 0.2)),
    "big5": ((0xA4, 0xC6, 1.0), (0xC9, 0xF9, 0.4), (0xA1, 0xA3, 0.7)),
    "cp932": ((0x82, 0x83, 1.0), (0x88, 0x97, 0.95), (0x81, 0x81, 0.8), (0x98, 0x9F, 0.4), (0xE0, 0xEA, 0.4)),
    "euc_jp": ((0xA4, 0xA5, 1.0), (0xB0, 0xCF, 0.9), (0xA1, 0xA3, 0.7), (0xD0, 0xF4, 0.3)),
    "cp949": ((0xB0, 0xC8, 1.03), (0xA1, 0xA3, 0.7), (0xCA, 0xFD, 0.2)),
}
_TRAILS_BEYOND_ASCII = frozenset({"gb18030", "cp949", "euc_jp"})  # what is usual in these has no ASCII byte


def _ideographic(encoding: str) -> Callable[[str], float]:
    def worth(before: str, character: str, after: str) -> float:
        code = character.encode(encoding)
        if len(code) != 2:
            return 0.15 if len(code) == 1 else 0.1
        if code[1] < 0xA1 and encoding in _TRAILS_BEYOND_ASCII:
            return 0.1
        usual = next((usual for first, last, usual in _AREAS[encoding] if first <= code[0] <= last), 0.1)
        # "Åke" is no Chinese character and an "e": a second byte in ASCII beside more ASCII letters looks Latin
        latin = code[1] < 0x80 and any(letter.isascii() and letter.isalpha() for letter in (before, after))
        return 0.3 * usual if latin else usual

    def score(text: str) -> float:
        worths = [
            worth(text[place - 1 : place], letter, text[place + 1 : place + 2])
            for place, letter in enumerate(text)
            if ord(letter) > 127
        ]
        return sum(worths) / len(worths)

    return score
