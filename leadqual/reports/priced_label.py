"""What a measure of a price is called."""

from __future__ import annotations

from leadqual.reports.language import Language

__all__ = ["priced_label"]


def priced_label(name: str, wins_per: str, language: str = "en") -> str:
    """Return the name of a measure for people.

    Parameters
    ----------
    name
        One of `leadqual.measures.PRICED_MEASURES`.
    wins_per
        What wins at capacity are counted in, as in `leadqual.agreement.Price`: ``"quarter"`` or ``"1,000 leads"``.
    language
        ``"en"`` or ``"zh"``.

    Raises
    ------
    LeadqualError
        When there is no such language.

    Examples
    --------
    >>> priced_label("wins_at_capacity", "1,000 leads"), priced_label("log_loss", "quarter", "zh")
    ('wins per 1,000 leads', '对数损失')
    """
    key = f"wins_per_{wins_per}" if name == "wins_at_capacity" else name
    return Language(language).words[f"measure_{key}".replace(" ", "_")]
