import json
from dataclasses import replace

import pytest

from leadqual.agreement import Ledger, signed
from leadqual.bundle import Bundle
from leadqual.errors import PromotionError
from leadqual.reports.language import Language
from leadqual.retraining import Registry, run_loop

AS_OF = "2026-12-20"
NOW = "2026-12-20T06:00:00+00:00"


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mlflow")
    Registry("first", f"sqlite:///{folder / 'mlflow.db'}")
    return folder / "mlflow.db"


@pytest.fixture
def place(empty_database, tmp_path, champion):
    """Return a registry with the champion in it, an agreement ledger, and a folder."""
    (tmp_path / "mlflow.db").write_bytes(empty_database.read_bytes())
    registry = Registry("demo", f"sqlite:///{tmp_path / 'mlflow.db'}")
    registry.promote(registry.register(champion, kind="train"), champion=None)
    return registry, Ledger(tmp_path / "agreement.db"), tmp_path


def turn(place, store, as_of=AS_OF, **more):
    registry, ledger, folder = place
    return run_loop(registry, store, ledger, folder / "loop", as_of=as_of, now=NOW, **more)


def sign_both(place):
    _, ledger, folder = place
    bundle = Bundle.load(folder / "loop" / "challenger.json")
    for name, role in (("Ana", "sales"), ("Ben", "marketing")):
        bundle = signed(bundle, name=name, role=role, signed_at=NOW)
        ledger.record_sign_off(bundle.sign_offs[-1])


def test_a_quiet_year_changes_nothing(place, world):
    made = world()
    with made.store(place[2] / "f.db") as store:
        outcome = turn(place, store)
    assert (outcome.did, outcome.champion) == ("nothing", made.champion.digest)
    assert len(place[0].versions()) == 1


def test_a_shift_is_noticed_mended_signed_and_promoted(place, world):
    made = world(lambda z, _: z - 1.2)
    registry, _, folder = place
    with made.store(folder / "f.db") as store:
        outcome = turn(place, store)
        assert outcome.did == "proposed", outcome
        assert registry.at("champion").digest == made.champion.digest
        assert registry.at("challenger").digest == outcome.challenger
        waits = turn(place, store, as_of="2026-12-21")
        assert (waits.did, waits.champion) == ("waited", made.champion.digest)
        sign_both(place)
        done = turn(place, store, as_of="2026-12-22")
    assert (done.did, done.champion) == ("promoted", outcome.challenger)
    assert registry.at("champion").digest == outcome.challenger
    assert registry.at("previous").digest == made.champion.digest
    assert registry.rollback().digest == made.champion.digest


class CrashError(Exception):
    pass


@pytest.mark.parametrize("step", ["monitored", "built", "ended"])
def test_a_round_that_was_broken_off_goes_on(place, world, step):
    made = world(lambda z, _: z - 1.2)
    registry, _, folder = place

    def crash(name):
        if name == step:
            raise CrashError

    with made.store(folder / "f.db") as store:
        with pytest.raises(CrashError):
            turn(place, store, after_step=crash)
        steps = []
        outcome = turn(place, store, after_step=steps.append)
        assert step not in steps  # what was done is not done again
        assert outcome.did == "proposed"
        assert turn(place, store) == outcome  # and a whole round stays as it was
    assert len(registry.versions()) == 2
    json.loads((folder / "loop" / "loop.json").read_text())


def test_an_alias_moved_by_someone_else_meanwhile_is_not_overwritten(place, world):
    made = world(lambda z, _: z - 1.2)
    registry, _, folder = place
    with made.store(folder / "f.db") as store:
        turn(place, store)
        sign_both(place)
        theirs = registry.register(replace(made.champion, base_rate=0.5), kind="by hand")
        registry.promote(theirs, champion=made.champion.digest)
        outcome = turn(place, store, as_of="2026-12-22")
    assert outcome.did != "promoted"
    assert registry.at("champion") == theirs


def test_without_a_champion_there_is_nothing_to_watch(empty_database, tmp_path, world):
    (tmp_path / "mlflow.db").write_bytes(empty_database.read_bytes())
    place = (Registry("demo", f"sqlite:///{tmp_path / 'mlflow.db'}"), Ledger(tmp_path / "a.db"), tmp_path)
    with world(leads=50).store(tmp_path / "f.db") as store, pytest.raises(PromotionError, match="no champion"):
        turn(place, store)


def test_retraining_on_demand_says_that_more_is_needed(place, world):
    made = world(leads=60)
    with made.store(place[2] / "f.db") as store:
        outcome = turn(place, store, always=True)
    assert outcome.did == "waited"
    assert "wait for about" in Language("en").say(outcome.reasons[-1])


def test_a_broken_source_is_looked_at_before_anything_is_learned(place, world):
    made = world(lambda z, _: z - 1.2)
    gone = [event for event in made.events if event.at < "2026-11-01"]
    with type(made)(made.champion, gone).store(place[2] / "f.db") as store:
        outcome = turn(place, store)
    assert outcome.did == "looked"
    assert "No lead comes any more" in Language("en").joined(outcome.reasons)
