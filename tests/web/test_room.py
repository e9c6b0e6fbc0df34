"""People who work on one review together: whose edit stands, who may sign, and what the ledger keeps of it."""

import json

import pytest

from leadqual.agreement import Edit, Proposal, price, signed
from leadqual.bundle import Bundle, SignOff
from leadqual.web.invitations import _hash
from leadqual.web.room import Room
from tests.web.guests import START, Guest, Served


def test_who_an_edit_is_from_is_not_theirs_to_say(served):
    ana = served.guest("Ana", "sales")
    field = served.bundle.points_table.fields[0]
    edit = {"edit": "pin", "field": field.name, "band": field.bands[0].label, "points": 3}
    assert ana.post("/edits", edit={**edit, "author": "Ben", "role": "marketing"}).status_code == 200
    assert {(o["edit"]["author"], o["edit"]["role"]) for o in ana.state()["edits"]} == {("Ana", "sales")}


def test_a_stale_edit_is_refused_and_nothing_is_overwritten(served):
    ana, ben = served.guest("Ana", "sales"), served.guest("Ben", "marketing")
    ana.state(), ben.state()
    assert ana.pin(served, 5).status_code == 200
    stale = ben.pin(served, 30)
    assert stale.status_code == 409
    said = stale.json()
    assert (said["refused"], said["by"]["edit"]["author"], said["by"]["edit"]["points"]) == ("stale", "Ana", 5)
    assert [one["edit"]["points"] for one in said["state"]["edits"]] == [5]
    ben.state()
    assert ben.pin(served, 30).status_code == 200  # having looked, he may disagree
    state = ana.state()
    assert [one["edit"]["points"] for one in state["edits"]] == [5, 30]
    assert state["conflicts"] == [[one["number"] for one in state["edits"]]]
    refused = ana.post("/settlement", by="override")
    assert refused.status_code == 400
    assert "Ana (sales) and Ben (marketing) give the band" in refused.json()["said"]


def test_ones_own_edit_takes_the_place_of_ones_earlier_one(served):
    ana = served.guest("Ana", "sales")
    assert [ana.pin(served, points).status_code for points in (5, 6, 7)] == [200] * 3
    assert [one["edit"]["points"] for one in ana.state()["edits"]] == [7]
    assert len(list(served.ledger.entries("edit"))) == 3  # nothing is forgotten


def test_only_its_author_takes_an_edit_back(served):
    ana, ben = served.guest("Ana", "sales"), served.guest("Ben", "marketing")
    ana.pin(served, 5)
    number = ben.state()["edits"][0]["number"]
    refused = ben.post("/withdrawals", number=number)
    assert refused.status_code == 400
    assert "only its author" in refused.json()["said"]
    assert ana.post("/withdrawals", number=number).status_code == 200
    assert ben.state()["edits"] == []
    assert ana.post("/withdrawals", number=number).status_code == 400
    for number in ("1", True, None, 1.5):
        assert ana.post("/withdrawals", number=number).status_code == 400


def test_comments_appear_for_others(served):
    ana, ben = served.guest("Ana", "sales"), served.guest("Ben", "marketing")
    field = served.bundle.points_table.fields[0].name
    assert ana.post("/comments", text=" <b>students</b> ", field=field).status_code == 200
    said = ben.state()["comments"]
    assert [(c["name"], c["role"], c["field"], c["text"]) for c in said] == [("Ana", "sales", field, "<b>students</b>")]
    for text, about in (("", ""), ("x" * 2001, ""), ("x", "no such field"), (7, ""), ("x", 7)):
        assert ana.post("/comments", text=text, field=about).status_code == 400


def test_one_role_cannot_sign_for_the_other(served):
    ana = served.guest("Ana", "sales")
    digest = ana.state()["digest"]
    refused = ana.post("/signature", digest=digest, role="marketing")
    assert refused.status_code == 400
    assert [entry.content["what"] for entry in served.ledger.entries("refusal")] == ["signing for another role"]
    assert ana.post("/signature", digest="0" * 64).status_code == 400
    assert ana.post("/signature", digest=digest, comment="fine").status_code == 200
    assert ana.state()["agreement"]["missing"] == ["marketing"]
    assert not ana.state()["agreement"]["mine_to_sign"]
    assert "has signed" in ana.post("/signature", digest=digest).json()["said"]
    also = served.guest("Ana", "marketing")
    assert not also.state()["agreement"]["mine_to_sign"]
    assert "the same person" in also.post("/signature", digest=digest).json()["said"]
    viewer = served.guest("Cai", "viewer")
    assert viewer.post("/signature", digest=digest).json()["refused"] == "reads_only"
    assert served.guest("Ben", "marketing").post("/signature", digest=digest).status_code == 200
    assert ana.state()["agreement"]["holds"]
    assert served.ledger.agreement(digest).holds
    assert {one.role for one in Bundle.load(served.out).sign_offs} == {"sales", "marketing"}


def test_what_stands_is_priced_as_the_library_prices_it_and_nothing_is_recorded(served, reviewed):
    ana, ben = served.guest("Ana", "sales"), served.guest("Ben", "marketing")
    assert "no edit to price" in ana.post("/price", by="refit").json()["said"]
    ana.pin(served, 3)
    unscored = "Newsletter"
    number = len(list(served.ledger.entries()))
    by_refit = ben.post("/price", by="refit").json()["price"]
    by_override = ben.post("/price", by="override").json()["price"]
    assert by_refit["measures"] != by_override["measures"]
    proposal = Proposal(served.bundle.digest, tuple(Edit.from_dict(one["edit"]) for one in ben.state()["edits"]))
    assert by_refit == json.loads(json.dumps(price(proposal, reviewed.held, by="refit").to_dict()))
    assert ben.post("/price", by="magic").status_code == 400
    assert len(list(served.ledger.entries())) == number
    ana.post("/edits", edit={"edit": "bring back", "field": unscored})
    assert "only a refit learns" in ana.post("/price", by="override").json()["said"]
    assert ana.post("/price", by="refit").status_code == 200
    codes = [ana.post("/price", by="magic").status_code for _ in range(15)]
    assert codes[-1] == 429
    assert ana.post("/comments", text="still here").status_code == 200  # a refused price uses up no form


def test_settling_makes_the_next_version_unsigned(served):
    ana, ben = served.guest("Ana", "sales"), served.guest("Ben", "marketing")
    digest = ana.state()["digest"]
    ana.post("/signature", digest=digest)
    assert "no edit to settle" in ana.post("/settlement", by="override").json()["said"]
    assert ana.post("/settlement", by="magic").status_code == 400
    ana.state(), ben.state()
    ben.pin(served, 3)
    late = ana.post("/settlement", by="override")
    assert late.status_code == 409
    ana.state()
    settled = ana.post("/settlement", by="override")
    assert settled.status_code == 200, settled.json()
    state = ben.state()
    assert state["digest"] != digest
    assert (state["version"], state["edits"], state["agreement"]["signed"]) == (2, [], [])
    assert ben.post("/signature", digest=digest).status_code == 400  # what he last saw is not what is there
    assert ana.post("/signature", digest=state["digest"]).status_code == 200
    assert ben.post("/signature", digest=state["digest"]).status_code == 200
    kept = Bundle.load(served.out)
    field = served.bundle.points_table.fields[0]
    band = next(b for b in kept.points_table.field(field.name).bands if b.label == field.bands[0].label)
    assert (kept.digest, band.points, len(kept.sign_offs)) == (state["digest"], 3, 2)
    agreement = served.ledger.agreement(kept.digest)
    assert agreement.holds
    assert agreement.parent == digest
    assert served.ledger.verify() == ()


def test_a_restart_loses_nothing(served, reviewed, tmp_path):
    ana = served.guest("Ana", "sales")
    ana.pin(served, 5)
    ana.post("/comments", text="students")
    again = Served(reviewed, tmp_path)
    state = again.guest("Ben", "marketing").state()
    assert [one["edit"]["points"] for one in state["edits"]] == [5]
    assert [one["text"] for one in state["comments"]] == ["students"]


def test_everything_anyone_did_is_in_the_ledger(served):
    ana = served.guest("Ana", "sales")
    ana.pin(served, 5)
    ana.post("/comments", text="hm")
    ana.post("/withdrawals", number=ana.state()["edits"][0]["number"])
    kinds = [entry.kind for entry in served.ledger.entries()]
    assert kinds == ["bundle", "invitation", "sign-in", "edit", "comment", "withdrawal"]
    assert served.ledger.verify() == ()


@pytest.mark.parametrize("role", ["viewer", "seller", "Viewer "])
def test_readers_read_and_change_nothing(served, role):
    served.guest("Ana", "sales").pin(served, 3)
    reader = served.guest("Vera", role)
    state = reader.state()
    assert (state["may_edit"], len(state["edits"])) == (False, 1)
    count = len(list(served.ledger.entries()))
    for path, body in (
        ("/edits", {"edit": {}}),
        ("/withdrawals", {"number": state["edits"][0]["number"]}),
        ("/comments", {"text": "hello"}),
        ("/settlement", {"by": "override"}),
        ("/signature", {"digest": served.bundle.digest}),
        ("/signature-withdrawal", {}),
    ):
        answer = reader.post(path, **body)
        assert (answer.status_code, answer.json()["refused"]) == (403, "reads_only")
    assert {entry.kind for entry in served.ledger.entries(after=count)} == {"refusal"}
    assert reader.post("/price", by="override").status_code == 200


def test_a_sign_off_is_taken_back_by_who_gave_it_and_may_be_given_again(served):
    ana, ben = served.guest("Ana", "sales"), served.guest("Ben", "marketing")
    digest = served.bundle.digest
    ana.post("/signature", digest=digest)
    assert "only who signed can take it back" in ben.post("/signature-withdrawal").json()["said"]
    assert ana.state()["agreement"]["mine_signed"]
    served.clock.seconds += 60
    state = ana.post("/signature-withdrawal", reason="I read it wrong").json()["state"]["agreement"]
    assert (state["signed"], state["withdrawn"]) == ([], [{"name": "Ana", "role": "sales"}])
    assert "sales" in state["missing"]
    assert Bundle.load(served.out).sign_offs == ()
    served.clock.seconds += 60
    assert ana.post("/signature", digest=digest).json()["state"]["agreement"]["missing"] == ["marketing"]
    assert served.ledger.verify() == ()


def test_an_entry_of_an_earlier_version_that_cannot_be_read_stops_nobody(served, monkeypatch):
    """Earlier versions stored such entries: they are passed by, and counted."""
    field = served.bundle.points_table.fields[0]
    edit = {"edit": "pin", "field": field.name, "band": field.bands[0].label, "points": None}
    monkeypatch.setattr("leadqual.agreement.ledger.check_content", lambda *_: None)
    about = {"bundle": served.bundle.digest}
    at = START.isoformat()
    number = served.ledger.record("edit", about | {"edit": edit, "replaces": []}, recorded_at=at).number
    served.ledger.record("comment", about | {"text": "half \ud800", "name": "Ana", "role": "sales"}, recorded_at=at)
    ana = served.guest("Ana", "sales")
    ana.pin(served, 3)
    state = ana.state()
    assert state["unreadable"] == [number]
    assert [one["edit"]["points"] for one in state["edits"]] == [3]
    assert state["comments"][0]["text"] == "half ?"


def test_a_sign_off_with_half_a_character_of_an_earlier_version_stops_nobody(served, monkeypatch):
    monkeypatch.setattr("leadqual.agreement.ledger.check_content", lambda *_: None)
    served.ledger.record_sign_off(SignOff("Cai \ud800", "sales", START.isoformat(), served.bundle.digest, "\udfff"))
    state = served.guest("Ben", "marketing").state()
    assert [(one["name"], one["comment"]) for one in state["agreement"]["signed"]] == [("Cai ?", "?")]


@pytest.mark.parametrize(
    ("role", "may_edit", "may_sign"), [("Marketing ", True, True), ("Viewer", False, False), ("finance", True, False)]
)
def test_who_was_invited_by_an_earlier_version_has_the_role_that_is_meant(served, role, may_edit, may_sign):
    secret = served.link("Old", "sales")
    (entry,) = served.ledger.entries("invitation")
    served.ledger.record(
        "invitation", entry.content | {"role": role, "hash": _hash(secret + "x")}, recorded_at=START.isoformat()
    )
    guest = Guest(served.browser(), secret + "x")
    assert guest.state()["may_edit"] == may_edit
    assert guest.state()["agreement"]["mine_to_sign"] == may_sign
    assert guest.pin(served, 3).status_code == (200 if may_edit else 403)
    if may_edit:
        assert guest.pin(served, 4).status_code == 200
        assert [one["edit"]["points"] for one in guest.state()["edits"]] == [4]
        assert guest.state()["edits"][0]["mine"]
    assert (guest.post("/signature", digest=served.bundle.digest).status_code == 200) == may_sign


def test_what_was_signed_elsewhere_meanwhile_stays_in_the_file(served):
    elsewhere = signed(served.bundle, name="Cai", role="marketing", signed_at=START.isoformat())
    served.ledger.record_sign_off(elsewhere.sign_offs[0])
    assert served.guest("Ana", "sales").post("/signature", digest=served.bundle.digest).status_code == 200
    assert [one.name for one in Bundle.load(served.out).sign_offs] == ["Cai", "Ana"]


def test_a_restart_with_an_old_copy_of_the_file_goes_by_the_ledger(served, reviewed):
    ana = served.guest("Ana", "sales")
    ana.post("/signature", digest=served.bundle.digest)
    old = Bundle.load(served.out)
    ana.post("/signature-withdrawal")
    room = Room(old, served.ledger, lambda _: (reviewed.held, {}), out=served.out, at=START.isoformat())
    assert room.bundle.sign_offs == ()
