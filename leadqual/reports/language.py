"""The words of a report: one catalogue per language, complete in each."""

from __future__ import annotations

import json
from importlib.resources import files

from leadqual.errors import LeadqualError

__all__ = ["LANGUAGES", "catalogue"]

LANGUAGES = ("en", "zh")


def catalogue(language: str) -> dict[str, str]:
    """Return all words of a report in one language, by key.

    Parameters
    ----------
    language
        ``"en"`` or ``"zh"``.

    Raises
    ------
    LeadqualError
        When there is no such language.

    Examples
    --------
    >>> catalogue("en")["who_base_rate"], catalogue("zh")["who_base_rate"]
    ('base rate', '基准赢单率')
    """
    if language not in LANGUAGES:
        raise LeadqualError(f"there is no language {language!r}; choose one of {', '.join(LANGUAGES)}.")
    text = files("leadqual.reports").joinpath("words", f"{language}.json").read_text("utf-8")
    words: dict[str, str] = json.loads(text)
    return words
