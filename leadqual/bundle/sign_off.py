"""The sign-off: one person's acceptance of one digest."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SignOff"]


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who accepted which points and policy, in which role, when.

    Parameters
    ----------
    name, role
        The person and the role they sign for, such as ``"marketing"`` or ``"sales"``.
    signed_at
        ISO 8601 time, UTC.
    digest
        The bundle digest that was accepted.
    comment
        What they added; "" when nothing.
    signature
        Ed25519 signature over all of the above, hexadecimal; "" where they signed without a key.
    """

    name: str
    role: str
    signed_at: str
    digest: str
    comment: str = ""
    signature: str = ""
