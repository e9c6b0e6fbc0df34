"""What an entry of the ledger may hold: plain data that every database and every page can give back."""

from __future__ import annotations

import math
from typing import Any

from leadqual.bundle.record import MAX_WHOLE
from leadqual.errors import AgreementError, LeadqualError

__all__ = ["check_content", "check_text", "shown_content", "shown_text"]

MAX_DEPTH = 20


def check_text(text: str, what: str, error: type[LeadqualError] = AgreementError) -> None:
    """Refuse a text that cannot be written as UTF-8.

    Raises
    ------
    AgreementError
        Or ``error``; without the text, which may be what cannot be printed.

    Examples
    --------
    >>> check_text("Grüße, 你好", "a comment")
    >>> check_text(chr(0xD800), "a comment")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    leadqual.errors.AgreementError: a comment holds half a character, it must be text that UTF-8 can hold; write it...
    """
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise error(
                f"{what} holds half a character, it must be text that UTF-8 can hold; write it again."
            ) from None


def check_content(value: Any, what: str, *, depth: int = 0) -> None:
    """Refuse content that cannot be stored and read back exactly: odd texts, huge or infinite numbers, other types.

    Raises
    ------
    AgreementError
        When the content holds such a value.

    Examples
    --------
    >>> check_content({"text": "fine", "points": [1, 2.5, None]}, "an entry")
    """
    if depth > MAX_DEPTH:
        raise AgreementError(f"{what} is nested more than {MAX_DEPTH} deep; make it flatter.")
    if isinstance(value, str):
        check_text(value, what)
    elif isinstance(value, list | tuple):
        for entry in value:
            check_content(entry, what, depth=depth + 1)
    elif isinstance(value, dict):
        for key, entry in value.items():
            if not isinstance(key, str):
                raise AgreementError(f"{what} has a key that is no text; name it by a text.")
            check_text(key, what)
            check_content(entry, what, depth=depth + 1)
    elif value is not None and not isinstance(value, bool):
        _check_number(value, what)


def _check_number(value: Any, what: str) -> None:
    if isinstance(value, int) and abs(value) > MAX_WHOLE:
        raise AgreementError(f"{what} holds a whole number beyond 2^53, it must be smaller; correct it.")
    if isinstance(value, float) and not math.isfinite(value):
        raise AgreementError(f"{what} holds a number that is not finite; correct it.")
    if not isinstance(value, int | float):
        raise AgreementError(f"{what} holds a {type(value).__name__}, it must be plain data; convert it.")


def shown_text(text: object) -> str:
    """Return a text of an entry as any page can show it: half characters of earlier versions become question marks.

    Examples
    --------
    >>> shown_text("so" + chr(0xD800)), shown_text(None)
    ('so?', '')
    """
    return "" if text is None else str(text).encode("utf-8", "replace").decode()


def shown_content(value: Any) -> Any:
    """Return plain data with every text in it as `shown_text` shows it.

    Examples
    --------
    >>> shown_content({"said": ["so" + chr(0xD800), 3, None]})
    {'said': ['so?', 3, None]}
    """
    if isinstance(value, str):
        return value if value.isascii() else shown_text(value)
    if isinstance(value, list | tuple):
        return [shown_content(one) for one in value]
    if isinstance(value, dict):
        return {shown_text(key): shown_content(one) for key, one in value.items()}
    return value
