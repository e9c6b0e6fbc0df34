"""Roles: who must sign an agreement, who may only read, and how a role that people write is understood."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from leadqual.errors import AgreementError

__all__ = ["READING_ROLES", "REQUIRED_ROLES", "read_role", "same_role"]

REQUIRED_ROLES = ("marketing", "sales")
"""The roles that must sign, unless a ledger says otherwise."""
READING_ROLES = ("viewer", "seller")
"""Roles that read: a viewer everything, a seller their own leads. They neither propose nor sign."""


def read_role(text: str, roles: Sequence[str] = REQUIRED_ROLES) -> str:
    """Return the role that a text means, whatever its case and the space around it.

    Parameters
    ----------
    text
        What somebody wrote.
    roles
        The roles there are.

    Raises
    ------
    AgreementError
        When it is none of them; the message names the nearest.

    Examples
    --------
    >>> read_role(" Marketing ")
    'marketing'
    >>> read_role("Salse")
    Traceback (most recent call last):
    leadqual.errors.AgreementError: the role is none of marketing, sales; write it as one of them (did you mean sales?).
    """
    for role in roles:
        if same_role(text, role):
            return role
    plain = {role.casefold(): role for role in roles}
    near = difflib.get_close_matches(text.strip().casefold(), plain, n=1, cutoff=0.5)
    meant = f" (did you mean {plain[near[0]]}?)" if near else ""
    raise AgreementError(f"the role is none of {', '.join(roles)}; write it as one of them{meant}.")


def same_role(one: str, other: str) -> bool:
    """Tell whether two texts name one role: case and the space around them do not count."""
    return one.strip().casefold() == other.strip().casefold()
