"""The sign-off: one person's acceptance of one digest."""

from dataclasses import dataclass

from leadqual.bundle.declared import Name, Words

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

    name: Name
    role: Name
    signed_at: Words
    digest: Words
    comment: Words = ""
    signature: Words = ""
