import pytest

from leadqual.agreement import Ledger
from leadqual.errors import AgreementError
from leadqual.web.invitations import _hash, invite, invited, revoke

NOW = "2026-05-01T09:00:00+00:00"


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "a.db")


def test_a_link_is_of_one_person_for_some_days(ledger):
    secret = invite(ledger, name=" Ana ", role="sales", at=NOW, days=2)
    guest = invited(ledger.entries(), secret, at=NOW)
    assert (guest.name, guest.role, guest.until) == ("Ana", "sales", "2026-05-03T09:00:00+00:00")
    assert invited(ledger.entries(), secret, at="2026-05-03T09:00:01+00:00") is None
    assert invited(ledger.entries(), secret + "x", at=NOW) is None


def test_the_ledger_does_not_hold_the_secret(ledger):
    secret = invite(ledger, name="Ana", role="sales", at=NOW)
    assert secret not in repr(list(ledger.entries()))
    assert len(secret) >= 43


def test_revoking_ends_all_links_of_a_person_and_nobody_elses(ledger):
    links = [invite(ledger, name=name, role="sales", at=NOW) for name in ("Ana", "Ana", "Ben")]
    assert revoke(ledger, name="Ana", at=NOW) == 2
    assert [invited(ledger.entries(), link, at=NOW) is None for link in links] == [True, True, False]
    with pytest.raises(AgreementError, match="nobody of that name"):
        revoke(ledger, name="Cai", at=NOW)


@pytest.mark.parametrize("wrong", [{"name": " "}, {"role": ""}, {"name": "x" * 81}, {"days": 0}])
def test_an_invitation_needs_a_name_a_role_and_days(ledger, wrong):
    with pytest.raises(AgreementError):
        invite(ledger, **({"name": "Ana", "role": "sales", "at": NOW} | wrong))


@pytest.mark.parametrize(("role", "read"), [("Marketing ", "marketing"), ("Viewer", "viewer"), ("finance", "finance")])
def test_roles_that_earlier_versions_recorded_as_they_were_written_are_read_as_they_are_now(ledger, role, read):
    secret = invite(ledger, name="Ana", role="sales", at=NOW)
    (entry,) = ledger.entries("invitation")
    ledger.record("invitation", entry.content | {"role": role, "hash": _hash(secret + "x")}, recorded_at=NOW)
    assert invited(ledger.entries(), secret + "x", at=NOW).role == read
