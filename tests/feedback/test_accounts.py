"""A ledger groups leads by account, and names no account to those without its key."""

from dataclasses import replace

import pytest
import sqlalchemy

from leadqual.errors import FeedbackError
from leadqual.feedback import Event, FeedbackStore, ScoreRecorder, account_hash, feedback_history, replay, scored_table

AT = "2026-05-01"


@pytest.fixture
def by_account(bundle):
    return replace(bundle, account_field="Company")


@pytest.fixture
def leads(sample):
    names = ["Acme", "acme ", None, "Bolt", "gmail.com"] * 4
    return sample.table.head(20).assign(Company=names)


def test_leads_of_one_company_have_one_hash_and_no_name_is_kept(store, by_account, leads, sample):
    events = scored_table(by_account, leads, id_field=sample.schema.id, at=AT, account_key=store.account_key)
    store.append(events, known_at=AT)
    kept = list(store.events())
    assert "acme" not in repr(kept).casefold()
    assert "bolt" not in repr(kept).casefold()
    account = feedback_history(kept, as_of=AT)["account"]
    # without a company, or with one that strangers share, a lead has none
    assert sorted(account.value_counts().tolist()) == [4, 8, 8]
    assert account.value_counts()[""] == 8
    assert all(replay(event, by_account).agrees for event in kept)


def test_one_by_one_and_by_table_are_the_same_event(store, by_account, leads, sample):
    key, name = store.account_key, sample.schema.id
    recorder = ScoreRecorder(by_account, key)
    table = scored_table(by_account, leads, id_field=name, at=AT, account_key=key)
    for event, (_, row) in zip(table, leads.iterrows(), strict=True):
        assert recorder.scored(str(row[name]), row.to_dict(), at=AT) == event
    # without a key, or with a bundle that names no account, nothing changes
    plain = scored_table(by_account, leads, id_field=name, at=AT)
    assert all("account" not in event.content for event in plain)


def test_each_ledger_has_a_key_of_its_own_that_stays(url, tmp_path):
    with FeedbackStore(url) as one:
        key = one.account_key
    with FeedbackStore(url) as again, FeedbackStore(tmp_path / "other.db") as other:
        assert again.account_key == key
        assert other.account_key != key
        assert account_hash(key, "Acme") != account_hash(other.account_key, "Acme")
    assert len(key) == 32


def test_the_key_is_in_no_event(store, by_account, leads, sample):
    store.append(
        scored_table(by_account, leads, id_field=sample.schema.id, at=AT, account_key=store.account_key), known_at=AT
    )
    assert store.account_key.hex() not in repr(list(store.events()))


@pytest.mark.parametrize("account", ["Acme", "acme.com", 7, "A" * 32, "0" * 64])
def test_an_event_takes_a_hash_and_never_a_name(account):
    content = {"bundle": "b", "points": 1, "probability": 0.1, "grade": "A", "account": account}
    with pytest.raises(FeedbackError, match="keyed hash") as refused:
        Event("scored", "L-7", AT, content)
    assert str(account) not in str(refused.value)


def test_forgetting_a_person_takes_the_account_too(store, by_account, leads, sample):
    events = scored_table(by_account, leads, id_field=sample.schema.id, at=AT, account_key=store.account_key)
    store.append(events, known_at=AT)
    assert store.forget(events[0].lead, at="2026-06-01") == 1
    account = feedback_history(store.events(), as_of="2026-06-02")["account"]
    assert account.value_counts()[""] == 9
    assert account[account != ""].nunique() == 2


def test_a_ledger_of_before_is_brought_up_to_date_and_its_events_have_no_account(url, bundle, sample):
    lead = sample.table.iloc[0].to_dict()
    with FeedbackStore(url) as store:
        store.append([ScoreRecorder(bundle).scored("L-1", lead, at=AT)], known_at=AT)
        engine = store._engine
        with engine.begin() as connection:  # as leadqual left it before accounts
            connection.execute(sqlalchemy.text("DROP TABLE leadqual_feedback_account_key"))
            connection.execute(sqlalchemy.text("UPDATE leadqual_feedback_version SET version_num = '0003'"))
    with FeedbackStore(url) as store:
        assert len(store.account_key) == 32
        assert feedback_history(store.events(), as_of="2026-06-01")["account"].tolist() == [""]
