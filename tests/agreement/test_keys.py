import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from leadqual.agreement.keys import check_signature, new_key, signed_with
from leadqual.errors import AgreementError

_PEM, _NONE = serialization.Encoding.PEM, serialization.NoEncryption()


def test_only_the_holder_of_the_key_can_sign():
    private, public = new_key()
    other, _ = new_key()
    check_signature(b"points", signed_with(b"points", private), public, "sales")
    for signature in (signed_with(b"points", other), signed_with(b"other", private), "", "zz", "00"):
        with pytest.raises(AgreementError, match="signature for sales"):
            check_signature(b"points", signature, public, "sales")


def test_a_locked_key_needs_its_passphrase():
    private, public = new_key("open sesame")
    assert b"ENCRYPTED" in private
    check_signature(b"x", signed_with(b"x", private, "open sesame"), public, "sales")
    for words in (None, "wrong"):
        with pytest.raises(AgreementError, match="cannot be opened"):
            signed_with(b"x", private, words)


def test_what_is_no_such_key_is_refused():
    foreign = ec.generate_private_key(ec.SECP256R1())
    private = foreign.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, _NONE)
    public = foreign.public_key().public_bytes(_PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(AgreementError, match="must be Ed25519"):
        signed_with(b"x", private)
    with pytest.raises(AgreementError, match="must be Ed25519"):
        check_signature(b"x", "00", public, "sales")
    with pytest.raises(AgreementError, match="cannot be read"):
        check_signature(b"x", "00", b"no key", "sales")
    with pytest.raises(AgreementError, match="cannot be opened"):
        signed_with(b"x", b"no key")
