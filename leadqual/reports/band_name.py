"""The name of a band in the language of a page; English is the label that the bundle holds."""

from __future__ import annotations

from leadqual.bundle import Band, FieldPoints
from leadqual.reports.language import Language

__all__ = ["band_name", "band_names"]

_NAMED_VALUES = 3


def band_name(band: Band, kind: str, words: Language) -> str:
    """Return what people read on a band.

    The review page's `bandName` does the same with the same words.

    Parameters
    ----------
    band
        The band.
    kind
        The kind of its field.
    words
        The language.

    Examples
    --------
    >>> spring = Band("under 3, missing", 5, interval=(None, 3.0), missing=True)
    >>> band_name(spring, "numeric", Language("en")), band_name(spring, "numeric", Language("zh"))
    ('under 3, missing', '低于 3 或 缺失')
    """
    if words.name == "en":
        return band.label
    names = [] if band.interval is None else [_numbers(band.interval, words)]
    shown = band.values[:_NAMED_VALUES]
    names += [words.words[f"review_band_{value}"] for value in shown] if kind == "boolean" else shown
    if len(band.values) > _NAMED_VALUES:
        names.append(words.word("review_band_more", count=len(band.values) - _NAMED_VALUES))
    if band.other:
        names.append(words.words["review_band_other"])
    if band.missing:
        names.append(words.words["review_band_missing"])
    return words.words["review_band_join"].join(names)


def band_names(field: FieldPoints, words: Language) -> dict[str, str]:
    """Return the name of each band of a field, by its label.

    Examples
    --------
    >>> field = FieldPoints("Visits", "numeric", (Band("missing", 0, missing=True),))
    >>> band_names(field, Language("zh"))
    {'missing': '缺失'}
    """
    return {band.label: band_name(band, field.kind, words) for band in field.bands}


def _numbers(interval: tuple[float | None, float | None], words: Language) -> str:
    low, high = (None if end is None else f"{end:.10g}" for end in interval)
    if low is None:
        return words.words["review_band_any"] if high is None else words.word("review_band_under", high=high)
    if high is None:
        return words.word("review_band_from", low=low)
    return words.word("review_band_between", low=low, high=high)
