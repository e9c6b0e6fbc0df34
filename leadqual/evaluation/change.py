"""A difference as a fact: its direction only where its interval leaves no doubt about that."""

from __future__ import annotations

from typing import Literal

from leadqual.fact import Fact, fact

__all__ = ["change_fact"]

Ways = Literal["lower", "fewer"]
_OPPOSITE = {"lower": "higher", "fewer": "more"}


def change_fact(value: float, low: float, high: float, *, digits: int = 4, way: Ways = "lower") -> Fact:
    """Return what is to be said of a difference with its interval.

    Parameters
    ----------
    value, low, high
        The difference and the ends of its interval.
    digits
        Decimals of each number.
    way
        What a difference below 0 is: ``"lower"`` (else higher) or ``"fewer"`` (else more).

    Examples
    --------
    >>> change_fact(0.0225, 0.015, 0.0301).code, change_fact(-1.4, -7, 5, digits=0, way="fewer").code
    ('change_clear', 'change_unclear')
    >>> change_fact(0.0, 0.0, 0.0).code
    'change_none'
    """

    def written(number: float) -> str:
        return f"{abs(number):.{digits}f}"

    zero, other = written(0.0), _OPPOSITE[way]
    if low > 0 or high < 0:
        near, far = sorted((abs(low), abs(high)))
        ends = {"near": written(near), "far": written(far), "way": other if low > 0 else way}
        if written(value) != zero:
            return fact("change_clear", size=written(value), **ends)
        return fact("change_small", **ends)
    below, above = written(min(low, 0.0)), written(max(high, 0.0))
    if below == above == zero:
        return fact("change_none")
    if below == zero:
        return fact("change_one_sided", zero=zero, far=above, way=other)
    if above == zero:
        return fact("change_one_sided", zero=zero, far=below, way=way)
    return fact("change_unclear", below=below, less=way, above=above, more=other)
