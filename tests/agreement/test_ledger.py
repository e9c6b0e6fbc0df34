import sqlite3
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.agreement import Edit, Ledger, PinBand, Proposal, SetCapacity, amend, signed
from leadqual.agreement.ledger import START
from leadqual.errors import AgreementError

AT = "2026-05-01T09:00:00Z"


@pytest.fixture
def ledger(tmp_path):
    made = Ledger(tmp_path / "agreement.db")
    yield made
    made.close()


def filled(ledger, count=4):
    return [ledger.record("comment", {"text": f"comment {i}"}, recorded_at=AT) for i in range(count)]


def by_hand(ledger, *statements):
    """Change the file as somebody with a database tool would, past the triggers."""
    with sqlite3.connect(ledger._engine.url.database) as connection:
        connection.execute("DROP TRIGGER IF EXISTS leadqual_agreement_no_update")
        connection.execute("DROP TRIGGER IF EXISTS leadqual_agreement_no_delete")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_entries_come_back_in_order_each_chained_to_the_one_before(ledger, tmp_path):
    recorded = filled(ledger)
    again = Ledger(tmp_path / "agreement.db")
    assert list(again.entries()) == recorded
    again.close()
    assert [entry.previous for entry in recorded] == [START, *(entry.hash for entry in recorded[:-1])]
    assert ledger.head == recorded[-1].hash
    assert ledger.verify() == ()
    assert ledger.verify(head=recorded[1].hash) == ()


@pytest.mark.parametrize(
    "statement", ["UPDATE leadqual_agreement_entry SET kind='x'", "DELETE FROM leadqual_agreement_entry"]
)
def test_the_database_itself_refuses_changes(ledger, statement):
    filled(ledger)
    with (
        sqlite3.connect(ledger._engine.url.database) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statements", "number", "what"),
    [
        (['UPDATE leadqual_agreement_entry SET content=\'{"text":"other"}\' WHERE number=2'], 2, "was changed"),
        (["UPDATE leadqual_agreement_entry SET content='no json' WHERE number=2"], 2, "was changed"),
        (["UPDATE leadqual_agreement_entry SET recorded_at='2020' WHERE number=3"], 3, "was changed"),
        (["DELETE FROM leadqual_agreement_entry WHERE number=2"], 3, "entries 2 to 2 are gone"),
        (["DELETE FROM leadqual_agreement_entry WHERE number=1"], 2, "entries 1 to 1 are gone"),
        (
            [
                "UPDATE leadqual_agreement_entry SET number=99 WHERE number=2",
                "UPDATE leadqual_agreement_entry SET number=2 WHERE number=3",
                "UPDATE leadqual_agreement_entry SET number=3 WHERE number=99",
            ],
            2,
            "does not follow",
        ),
    ],
)
def test_what_was_changed_removed_or_reordered_is_found(ledger, statements, number, what):
    filled(ledger)
    by_hand(ledger, *statements)
    faults = ledger.verify()
    assert faults[0].number == number
    assert what in faults[0].what
    with pytest.raises(AgreementError, match="nothing in it counts"):
        ledger.agreement("0" * 64)


def test_an_end_that_was_cut_off_is_found_by_who_kept_the_head(ledger):
    filled(ledger)
    head = ledger.head
    by_hand(ledger, "DELETE FROM leadqual_agreement_entry WHERE number=4")
    assert ledger.verify() == ()
    assert "is gone" in ledger.verify(head=head)[0].what


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_no_character_of_an_entry_can_be_changed_unseen(tmp_path_factory, data):
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "a.db")
    filled(ledger, 3)
    column = data.draw(st.sampled_from(["kind", "content", "recorded_at", "previous", "hash"]))
    number = data.draw(st.integers(1, 3))
    at = data.draw(st.integers(1, 4))
    by_hand(
        ledger,
        f"UPDATE leadqual_agreement_entry SET {column} = substr({column}, 1, {at - 1}) || "  # noqa: S608
        f"CASE substr({column}, {at}, 1) WHEN 'q' THEN 'z' ELSE 'q' END || "
        f"substr({column}, {at + 1}) WHERE number={number}",
    )
    assert ledger.verify() != ()
    ledger.close()


WRITER = """
import sys
from leadqual.agreement import Ledger
ledger = Ledger(sys.argv[1])
for i in range(25):
    ledger.record("comment", {"by": sys.argv[2], "i": i}, recorded_at="2026-05-01T09:00:00Z")
    print(i, flush=True)
"""


def test_several_people_making_one_ledger_at_once_lose_and_double_nothing(tmp_path):
    path = str(tmp_path / "new.db")
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, path, str(k)], stdout=subprocess.PIPE, text=True)
        for k in range(4)
    ]
    acknowledged = [writer.communicate(timeout=600)[0].split() for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * 4
    assert all(said == [str(i) for i in range(25)] for said in acknowledged)
    ledger = Ledger(path)
    kept = [(entry.content["by"], entry.content["i"]) for entry in ledger.entries()]
    assert sorted(kept) == [(str(k), i) for k in range(4) for i in range(25)]
    assert ledger.verify() == ()
    ledger.close()


def test_an_agreement_grows_in_the_ledger(ledger, company):
    bundle = company.bundle
    entry = ledger.record_bundle(bundle, recorded_at=AT)
    assert ledger.record_bundle(bundle, recorded_at=AT) == entry
    assert ledger.agreement(bundle.digest).missing == ("marketing", "sales")
    one = signed(bundle, name="Ana", role="sales", signed_at=AT)
    ledger.record_sign_off(one.sign_offs[0])
    assert ledger.record_sign_off(one.sign_offs[0]).number == 2
    two = signed(one, name="Ben", role="marketing", signed_at=AT)
    ledger.record_sign_off(two.sign_offs[1])
    stands = ledger.agreement(bundle.digest)
    assert stands.holds
    assert (stands.version, stands.parent, stands.proposals) == (1, None, ())

    proposal = Proposal(bundle.digest).with_edit(Edit(SetCapacity(share=0.1), "Ana", "sales", "two people left"))
    ledger.record_proposal(proposal, recorded_at=AT)
    new = amend(two, proposal, company.held)
    ledger.record_bundle(new, recorded_at=AT)
    stands = ledger.agreement(new.digest)
    assert (stands.version, stands.parent, stands.proposals) == (2, bundle.digest, (proposal.digest,))
    assert stands.missing == ("marketing", "sales")
    assert [one.name for one in stands.void] == ["Ana", "Ben"]
    assert Proposal.from_dict(next(ledger.entries("proposal")).content["proposal"]) == proposal

    ledger.require_roles(["sales", "finance"], recorded_at=AT)
    assert ledger.agreement(bundle.digest).missing == ("finance",)
    with pytest.raises(AgreementError, match="at least one"):
        ledger.require_roles([], recorded_at=AT)
    with pytest.raises(AgreementError, match="is not in the ledger"):
        ledger.agreement("f" * 64)


def test_what_cannot_be_recorded_is_refused(ledger, tmp_path):
    with pytest.raises(AgreementError, match="must have a time and be one of"):
        ledger.record("gossip", {}, recorded_at=AT)
    with pytest.raises(AgreementError, match="must have a time"):
        ledger.record("comment", {}, recorded_at="")
    (tmp_path / "text.db").write_text("this is no database, but a text of some length\n" * 50)
    with pytest.raises(AgreementError, match="cannot be opened"):
        Ledger(tmp_path / "text.db")
    with pytest.raises(AgreementError, match="URL cannot be read"):
        Ledger("://")


def test_a_ledger_of_a_newer_leadqual_is_left_alone(ledger):
    filled(ledger, 1)
    by_hand(ledger, "UPDATE leadqual_agreement_version SET version_num='9999'")
    with pytest.raises(AgreementError, match="newer leadqual"):
        Ledger(ledger._engine.url.database)


def test_a_locked_ledger_says_so(ledger, monkeypatch):
    monkeypatch.setattr("leadqual.database.database._WRITING_SECONDS", 0)
    monkeypatch.setattr("leadqual.database.connecting.BUSY_SECONDS", 0)
    mine = Ledger(ledger._engine.url.database)
    holder = sqlite3.connect(ledger._engine.url.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(AgreementError, match="is locked by someone else, and nothing was added; let them finish"):
        filled(mine, 1)
    holder.execute("ROLLBACK")
    holder.close()
    assert filled(mine, 1)[0].number == 1
    mine.close()


def test_the_version_table_is_the_agreements_own(ledger):
    with sqlite3.connect(ledger._engine.url.database) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    connection.close()
    assert tables == {"leadqual_agreement_entry", "leadqual_agreement_version"}


def test_a_proposal_in_the_ledger_keeps_any_text(ledger):
    proposal = Proposal("0" * 64).with_edit(Edit(PinBand("来源", "展会", 5), "Zoë", "销售", "太多学生 🎓"))
    ledger.record_proposal(proposal, recorded_at=AT)
    assert Proposal.from_dict(next(ledger.entries()).content["proposal"]) == proposal
    assert ledger.verify() == ()
