"""What people read on a band."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["band_label"]

_NAMED_VALUES = 3


def band_label(
    interval: tuple[float | None, float | None] | None = None,
    values: Sequence[str] = (),
    *,
    missing: bool = False,
    other: bool = False,
) -> str:
    """Return a band's label: its numbers, or its first three values and how many more there are.

    Parameters
    ----------
    interval
        ``(low, high)`` of a numeric band, low included, high not; None at an end means that it is open.
    values
        The values of a category band, the best known first.
    missing, other
        Whether the band takes leads without a value, and values that no band lists.

    Examples
    --------
    >>> band_label((None, 3.0)), band_label((3.0, 7.5)), band_label((7.5, None)), band_label((None, None))
    ('under 3', '3 to under 7.5', '7.5 and more', 'any number')
    >>> band_label(values=("Webinar", "Fair", "Web", "Phone"), missing=True)
    'Webinar, Fair, Web, 1 more, missing'
    """
    names = [] if interval is None else [_interval_label(*interval)]
    names += values[:_NAMED_VALUES]
    if len(values) > _NAMED_VALUES:
        names.append(f"{len(values) - _NAMED_VALUES} more")
    return ", ".join([*names, *(["rare or new values"] if other else []), *(["missing"] if missing else [])])


def _interval_label(low: float | None, high: float | None) -> str:
    if low is None:
        return "any number" if high is None else f"under {high:.10g}"
    return f"{low:.10g} and more" if high is None else f"{low:.10g} to under {high:.10g}"
