"""A sign-off is taken back by who gave it, in an entry of its own."""

import pytest

from leadqual.agreement import Ledger, agreement_on, in_force, new_key, signed
from leadqual.errors import AgreementError

AT, LATER, LAST = "2026-05-01T09:00:00Z", "2026-05-02T09:00:00Z", "2026-05-03T09:00:00Z"


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "agreement.db")


def recorded(ledger, bundle):
    ledger.record_bundle(bundle, recorded_at=AT)
    for one in bundle.sign_offs:
        ledger.record_sign_off(one)
    return bundle


def both(bundle, **keys):
    bundle = signed(bundle, name="Ana", role="sales", signed_at=AT, **keys)
    return signed(bundle, name="Ben", role="marketing", signed_at=AT)


def test_the_ledger_knows_and_the_file_alone_cannot(ledger, company):
    bundle = recorded(ledger, both(company.bundle))
    assert ledger.agreement(bundle.digest).holds
    entry = ledger.withdraw_sign_off(bundle.digest, name="Ana", role="Sales", reason="misread", recorded_at=LATER)
    assert (entry.kind, entry.content["reason"]) == ("sign-off withdrawal", "misread")
    found = ledger.agreement(bundle.digest)
    assert (found.holds, found.missing, found.by_ledger) == (False, ("sales",), True)
    assert [one.name for one in found.withdrawn] == ["Ana"]
    assert "Withdrawn: Ana for sales" in str(found)
    in_file = agreement_on(bundle)
    assert (in_file.holds, in_file.by_ledger) == (True, False)
    assert [one.name for one in in_force(bundle, found).sign_offs] == ["Ben"]
    assert ledger.verify() == ()


def test_recording_an_old_copy_again_does_not_bring_it_back(ledger, company):
    bundle = recorded(ledger, both(company.bundle))
    ledger.withdraw_sign_off(bundle.digest, name="Ana", role="sales", recorded_at=LATER)
    recorded(ledger, bundle)
    assert not ledger.agreement(bundle.digest).holds


def test_it_may_be_given_again(ledger, company):
    bundle = recorded(ledger, both(company.bundle))
    ledger.withdraw_sign_off(bundle.digest, name="Ana", role="sales", recorded_at=LATER)
    again = in_force(bundle, ledger.agreement(bundle.digest))
    recorded(ledger, signed(again, name="Ana", role="sales", signed_at=LAST))
    assert ledger.agreement(bundle.digest).holds


def test_what_was_signed_on_another_copy_of_the_file_counts(ledger, company):
    recorded(ledger, signed(company.bundle, name="Ana", role="sales", signed_at=AT))
    copy = signed(company.bundle, name="Ben", role="marketing", signed_at=LATER)
    standing = in_force(copy, ledger.agreement(copy.digest))
    assert [(one.name, one.role) for one in standing.sign_offs] == [("Ana", "sales"), ("Ben", "marketing")]
    assert in_force(standing, ledger.agreement(copy.digest)) == standing
    with pytest.raises(AgreementError, match="must be someone else"):
        signed(in_force(company.bundle, ledger.agreement(copy.digest)), name="Ana", role="marketing", signed_at=LATER)


@pytest.mark.parametrize("who", [{"name": "Cai", "role": "sales"}, {"name": "Ana", "role": "marketing"}])
def test_only_who_gave_it_takes_it_back(ledger, company, who):
    bundle = recorded(ledger, both(company.bundle))
    with pytest.raises(AgreementError, match="only who signed can take it back"):
        ledger.withdraw_sign_off(bundle.digest, recorded_at=LATER, **who)
    ledger.withdraw_sign_off(bundle.digest, name="Ana", role="sales", recorded_at=LATER)
    with pytest.raises(AgreementError, match="only who signed can take it back"):
        ledger.withdraw_sign_off(bundle.digest, name="Ana", role="sales", recorded_at=LAST)


def test_a_sign_off_with_a_key_is_taken_back_with_that_key(ledger, company):
    (key, _), (other, _) = new_key(None), new_key(None)
    bundle = recorded(ledger, both(company.bundle, private_key=key))
    for wrong in (None, other):
        with pytest.raises(AgreementError, match="taken back with the same key"):
            ledger.withdraw_sign_off(bundle.digest, name="Ana", role="sales", recorded_at=LATER, private_key=wrong)
    ledger.withdraw_sign_off(bundle.digest, name="Ana", role="sales", recorded_at=LATER, private_key=key)
    assert not ledger.agreement(bundle.digest).holds
