"""Ed25519 keys that people hold, to sign with; the one home of cryptography."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadqual.errors import AgreementError, DependencyError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

__all__ = ["check_signature", "new_key", "signed_with"]


def new_key(passphrase: str | None = None) -> tuple[bytes, bytes]:
    """Return a new private key and its public key, both PEM.

    Parameters
    ----------
    passphrase
        What the private key is locked with; None: it is not locked.

    Raises
    ------
    DependencyError
        When cryptography is not installed.

    Examples
    --------
    >>> private, public = new_key("open sesame")
    >>> check_signature(b"points", signed_with(b"points", private, "open sesame"), public, "sales")
    """
    _need_cryptography()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    lock: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        lock = serialization.BestAvailableEncryption(passphrase.encode())
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private, public


def signed_with(statement: bytes, private_key: bytes, passphrase: str | None = None) -> str:
    """Return the signature of a statement, hexadecimal.

    Raises
    ------
    AgreementError
        When the key cannot be opened, or is no Ed25519 key.
    """
    return _private(private_key, passphrase).sign(statement).hex()


def check_signature(statement: bytes, signature: str, public_key: bytes, role: str) -> None:
    """Raise AgreementError unless a signature is that of this statement by the holder of the key.

    Parameters
    ----------
    statement
        What was signed.
    signature
        The signature, hexadecimal.
    public_key
        The signer's public key, PEM.
    role
        For whom they signed, for the message.
    """
    key = _public(public_key)
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(bytes.fromhex(signature), statement)
    except (InvalidSignature, ValueError):
        fault = "is not theirs or is for other content" if signature else "is missing"
        raise AgreementError(
            f"the signature for {role} {fault}, it must be made with their key over this digest; let them sign again."
        ) from None


def _private(pem: bytes, passphrase: str | None) -> Ed25519PrivateKey:
    _need_cryptography()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        key = serialization.load_pem_private_key(pem, passphrase.encode() if passphrase else None)
    except (ValueError, TypeError):
        raise AgreementError(
            "the private key cannot be opened; it must be a PEM file of keygen with its passphrase; check both."
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise AgreementError("the private key is of another kind, it must be Ed25519; make one with keygen.")
    return key


def _public(pem: bytes) -> Ed25519PublicKey:
    _need_cryptography()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = serialization.load_pem_public_key(pem)
    except ValueError:
        raise AgreementError("a public key cannot be read; it must be the PEM file that keygen wrote.") from None
    if not isinstance(key, Ed25519PublicKey):
        raise AgreementError("a public key is of another kind, it must be Ed25519; make one with keygen.")
    return key


def _need_cryptography() -> None:
    try:
        import cryptography  # noqa: F401
    except ImportError as error:
        raise DependencyError(
            'signing with keys needs cryptography, which is not installed; pip install "leadqual[agreement]".'
        ) from error
