"""The keyed hash of an account in a ledger: it groups leads and cannot be read without the key."""

from __future__ import annotations

import hashlib
import hmac

from leadqual.bundle.account_names import account_name

__all__ = ["account_hash"]

_DIGITS = 32


def account_hash(key: bytes, account: object) -> str | None:
    """Return HMAC-SHA256 of an account's name under a ledger's key, as 32 hexadecimal digits; None where it names none.

    A plain hash of a company's name can be reversed by trying all companies; one with a key cannot be without that. The
    key is the ledger's own, is never part of an event, and is not exported with events: two ledgers have different
    hashes of one account. Who holds the whole database holds the key too, and can test a name they guess. The hash is
    made where the score is, before the event is written anywhere, so that no journal holds a name.

    Parameters
    ----------
    key
        `leadqual.feedback.FeedbackStore.account_key`.
    account
        The account's name or id, as it came; see `leadqual.bundle.account_names.account_name`.

    Examples
    --------
    >>> account_hash(b"k" * 32, "Acme ") == account_hash(b"k" * 32, "acme")
    True
    >>> account_hash(b"k" * 32, "acme") == account_hash(b"other", "acme"), account_hash(b"k" * 32, "gmail.com") is None
    (False, True)
    """
    name = account_name(account)
    if name is None:
        return None
    return hmac.new(key, name.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:_DIGITS]
