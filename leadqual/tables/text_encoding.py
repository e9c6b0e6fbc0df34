"""The encoding of a text file: from its byte order mark, its bytes, the schema, or guessed from its letters."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from leadqual.errors import LeadError
from leadqual.tables.encoding_letters import likely_encodings

__all__ = ["SAMPLE_BYTES", "CheckedText", "TextEncoding", "find_encoding"]

SAMPLE_BYTES = 1 << 20

_BLOCK = 1 << 20
_LETTERS_WANTED = 1 << 15  # bytes of distinct cells with letters beyond ASCII; more do not change what is found
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What separates cells, as one mark. None of these bytes is part of a character in an encoding of several bytes.
_ONE_MARK = bytes.maketrans(b',;\t"\r', b"\n\n\n\n\n")
_CLOSE, _SURE, _MIN_SCORE = 0.12, 0.6, 0.3
# Usual names; where Python does not know one in lower case, its own name is kept.
_NAMES = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp1257": "Windows-1257",
    "cp850": "IBM850",
    "cp866": "IBM866",
    "cp874": "CP874",
    "cp932": "Shift-JIS",
    "cp949": "EUC-KR",
    "euc_jp": "EUC-JP",
    "gb18030": "GB18030",
    "big5": "Big5",
    "iso8859_2": "ISO-8859-2",
    "koi8_r": "KOI8-R",
    "mac_roman": "Mac Roman",
}
_KEPT_AS = {"cp932": "cp932", "cp949": "cp949", "mac_roman": "mac_roman"}  # Shift-JIS and EUC-KR lack Windows' letters


@dataclass(frozen=True, slots=True)
class TextEncoding:
    """How a text is encoded.

    Parameters
    ----------
    name
        Python's name of it.
    found
        The name to keep in a schema, where the bytes alone do not say it for certain; None where they do.
    notes
        What was assumed, and the way out where it is not sure.
    """

    name: str
    found: str | None = None
    notes: tuple[str, ...] = ()


def find_encoding(sample: bytes, whole: BinaryIO | None = None, *, stated: str | None = None) -> TextEncoding:
    """Find out how a text is encoded.

    It is UTF-8, UTF-16 or UTF-32 where a byte order mark or the bytes say so. Everything else is told by its letters:
    scripts other than Latin by charset-normalizer, the Latin encodings by which language's letters they make.

    Parameters
    ----------
    sample
        The first bytes of the file.
    whole
        The file, where it can be read twice; it is then checked to the end.
    stated
        The encoding as a person or a schema says it, which is only checked.

    Raises
    ------
    LeadError
        When it is no text, ``stated`` is no encoding, or the bytes are not in it.

    Examples
    --------
    >>> found = find_encoding("Источник;Успешно".encode("cp1251"))
    >>> found.name, found.found
    ('cp1251', 'windows-1251')
    """
    mark = next((encoding for mark, encoding in _BOMS if sample.startswith(mark)), None)
    if stated is not None:
        return _stated(sample, whole, stated, mark)
    if mark is not None:
        return TextEncoding(mark)
    zeros = sample.count(b"\0")
    if zeros:
        return _without_mark(sample, zeros)
    if _fault(sample, "utf-8", whole) is None:
        return TextEncoding("utf-8")
    return _guessed(sample, whole)


def _stated(sample: bytes, whole: BinaryIO | None, stated: str, mark: str | None) -> TextEncoding:
    try:
        name = codecs.lookup(stated).name
        codecs.getincrementaldecoder(name)("strict").decode(b"")
        text = getattr(codecs.lookup(name), "_is_text_encoding", True)
    except (LookupError, ValueError):
        text = False
    if not text:
        raise LeadError(
            f"{stated!r} is no encoding, it must be one such as utf-8, windows-1252, gb18030 or shift_jis; correct it."
        )
    if mark is not None and mark.startswith(name.replace("_", "-")):
        name = mark
    line = _fault(sample, name, whole)
    if line is not None:
        raise LeadError(_not_in(stated, line))
    return TextEncoding(name)


def _not_in(encoding: str, line: int) -> str:
    return (
        f"the file is not {encoding} throughout, line {line} holds a byte that is no text in it; say its encoding with "
        "--encoding or in [reading] encoding, or save it as CSV UTF-8."
    )


def _without_mark(sample: bytes, zeros: int) -> TextEncoding:
    # Every second byte of Latin text in UTF-16 is zero: the odd ones when the low byte comes first.
    little = sample[1::2].count(b"\0") >= sample[::2].count(b"\0")
    if zeros * 4 > len(sample):
        return TextEncoding(
            "utf-16-le" if little else "utf-16-be", notes=("the file is UTF-16 without a byte order mark.",)
        )
    raise LeadError(
        f"the file holds {zeros} zero bytes in its first {len(sample)}, it must be text; export it as CSV UTF-8."
    )


def _blocks(sample: bytes, whole: BinaryIO | None) -> Iterator[tuple[bytes, bool]]:
    """Return the bytes block by block, each with whether it is the last one."""
    if whole is None:
        yield sample, len(sample) < SAMPLE_BYTES
        return
    whole.seek(0)
    block = whole.read(_BLOCK)
    while True:
        following = whole.read(_BLOCK)
        yield block, not following
        if not following:
            return
        block = following


def _fault(sample: bytes, encoding: str, whole: BinaryIO | None) -> int | None:
    """Return the line of the first byte that is not in the encoding; None where all are."""
    text = CheckedText(encoding)
    try:
        for block, last in _blocks(sample, whole):
            text.feed(block, final=last)
    except UnicodeDecodeError:
        return text.line
    return None


class CheckedText:
    """Decodes a text piece by piece and counts its lines.

    Attributes
    ----------
    line
        The line that is being read, from 1; after an error the line of the byte that is no text.
    """

    def __init__(self, encoding: str) -> None:
        self.line = 1
        self._decoder = codecs.getincrementaldecoder(encoding)()

    def feed(self, block: bytes, *, final: bool = False) -> None:
        """Take the next bytes; raises UnicodeDecodeError where they are not in the encoding."""
        try:
            self.line += self._decoder.decode(block, final).count("\n")
        except UnicodeDecodeError as error:
            self.line += error.object[: error.start].count(b"\n")
            raise


def _guessed(sample: bytes, whole: BinaryIO | None) -> TextEncoding:
    cells = b"\n".join(_cells(sample, whole))
    _refuse_damaged_utf8(cells, sample, whole)
    likely = iter(likely_encodings(cells))
    best, score = next(((name, score) for name, score in likely if _fault(sample, name, whole) is None), ("", 0.0))
    if score < _MIN_SCORE:
        raise LeadError(
            "the file is in none of the usual encodings, it must be text; say its encoding with --encoding, or save it "
            "as CSV UTF-8."
        )
    text, same, rivals = cells.decode(best), [best], list[str]()
    for other, other_score in likely:  # reading the whole file in an encoding takes long: only where it matters
        alike = cells.decode(other) == text
        if (alike or other_score > score - _CLOSE) and _fault(sample, other, whole) is None:
            (same if alike else rivals).append(other)
    name = next(other for other in _NAMES if other in same)  # the usual one of those that give the same text
    note = f"the file is not UTF-8 and was read as {_NAMES[name]}, which its letters look like"
    if score < _SURE or rivals:
        maybe = f" (it may be {_NAMES[rivals[0]]})" if rivals else ""
        note += (
            f"; that is not sure{maybe}: check words with letters beyond A to Z, and say --encoding if they are wrong"
        )
    return TextEncoding(name, _KEPT_AS.get(name, _NAMES[name].lower()), (f"{note}.",))


def _refuse_damaged_utf8(cells: bytes, sample: bytes, whole: BinaryIO | None) -> None:
    """Refuse text that is UTF-8 but for a few bytes: any other encoding would turn all of it into nonsense."""
    read = cells.decode("utf-8", "replace")
    bad = read.count("\ufffd")
    good = sum(ord(letter) > 127 for letter in read) - bad
    if good >= 4 * bad:
        raise LeadError(_not_in("utf-8", _fault(sample, "utf-8", whole) or 1))


def _cells(sample: bytes, whole: BinaryIO | None) -> list[bytes]:
    """Return distinct cells that hold bytes beyond ASCII, from as far into the file as needed."""
    found: dict[bytes, None] = {}
    size = 0
    for block, _ in _blocks(sample, whole):
        if block.isascii():
            continue
        for cell in dict.fromkeys(block.translate(_ONE_MARK).split(b"\n")):
            if cell.isascii() or cell in found:
                continue
            found[cell] = None
            size += len(cell)
            if size > _LETTERS_WANTED:
                return list(found)
    return list(found)
