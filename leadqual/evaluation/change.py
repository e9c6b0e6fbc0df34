"""A difference in words, by its interval: how large where it is sure, else the range that it may lie in."""

from __future__ import annotations

__all__ = ["said_change"]


def said_change(
    value: float, low: float, high: float, *, form: str = "{:.4f}", less: str = "lower", more: str = "higher"
) -> str:
    """Say a difference with its interval; its direction only where the interval leaves no doubt about that.

    Parameters
    ----------
    value, low, high
        The difference and the ends of its interval.
    form
        How each number is written, without a sign.
    less, more
        What a difference below 0 and one above 0 are.

    Examples
    --------
    >>> said_change(0.0225, 0.015, 0.0301)
    '0.0225 higher (0.0150 to 0.0301)'
    >>> said_change(-1.4, -7, 5, form="{:.0f}", less="fewer", more="more")
    'no clear change: 7 fewer to 5 more'
    >>> said_change(0.0, 0.0, 0.0)
    'no change'
    """
    near, far = sorted((abs(low), abs(high)))
    zero = form.format(0.0)
    if low > 0 or high < 0:
        way = more if low > 0 else less
        if form.format(abs(value)) != zero:
            return f"{form.format(abs(value))} {way} ({form.format(near)} to {form.format(far)})"
        return f"no change worth saying: {form.format(near)} to {form.format(far)} {way}"
    below, above = form.format(abs(min(low, 0.0))), form.format(max(high, 0.0))
    if below == above == zero:
        return "no change"
    if below == zero or above == zero:
        side = f"{above} {more}" if below == zero else f"{below} {less}"
        return f"no clear change: {zero} to {side}"
    return f"no clear change: {below} {less} to {above} {more}"
