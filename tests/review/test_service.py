"""The served review as others may try to use it: strangers, replayed forms, the wrong role, two people at once."""

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from leadqual.agreement import Edit, Ledger, Proposal, price, signed
from leadqual.bundle import Bundle, SignOff
from leadqual.review import page_data
from leadqual.review.invitations import _hash, invite, revoke
from leadqual.review.room import Room
from leadqual.review.service import COOKIE, review_app

START = datetime(2026, 5, 1, 9, tzinfo=UTC)
SITE = "http://127.0.0.1:8765"


class Clock:
    def __init__(self):
        self.seconds = 0.0

    def monotonic(self):
        return self.seconds

    def now(self):
        return START + timedelta(seconds=self.seconds)


class Served:
    """A review of one bundle, and browsers of the people in it."""

    def __init__(self, reviewed, folder):
        self.clock = Clock()
        self.ledger = Ledger(folder / "agreement.db")
        self.out = folder / "agreed.json"
        self.bundle = reviewed.bundle

        def prepare(bundle):
            if bundle.digest == reviewed.bundle.digest:
                return reviewed.held, page_data(reviewed.bundle, reviewed.held, reviewed.weights)
            return reviewed.held_for(bundle)

        self.room = Room(reviewed.bundle, self.ledger, prepare, out=self.out, at=START.isoformat())
        self.app = review_app(self.room, now=self.clock.now, clock=self.clock.monotonic)

    def link(self, name, role):
        return invite(self.ledger, name=name, role=role, at=START.isoformat())

    def browser(self):
        return TestClient(self.app, base_url=SITE, headers={"Origin": SITE})

    def guest(self, name, role):
        return Guest(self.browser(), self.link(name, role))


class Guest:
    def __init__(self, browser, secret):
        self.browser = browser
        assert browser.post("/enter", json={"secret": secret}).status_code == 200
        page = browser.get("/").text
        self.data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])
        self.form, self.seen = self.data["served"]["form"], 0

    def post(self, path, **body):
        answer = self.browser.post(path, json={"form": self.form, "seen": self.seen, **body})
        self.form = answer.json().get("form", self.form)
        return answer

    def state(self):
        state = self.browser.get("/state").json()
        self.seen = state["seen"]
        return state

    def pin(self, served, points, **more):
        field = served.bundle.points_table.fields[0]
        edit = {"edit": "pin", "field": field.name, "band": field.bands[0].label, "points": points, "reason": "because"}
        return self.post("/edits", edit=edit, **more)


def run_apart(coroutine):
    """Run a coroutine in a thread: a browser's test in the same process has a loop of its own running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


@pytest.fixture
def served(reviewed, tmp_path):
    return Served(reviewed, tmp_path)


def test_a_stranger_gets_nothing(served, reviewed):
    stranger = served.browser()
    entrance = stranger.get("/")
    assert reviewed.bundle.name not in re.sub(r"leadqual|<style>.*?</style>", "", entrance.text, flags=re.S)
    assert reviewed.bundle.digest[:12] not in entrance.text
    assert not any(field.name in entrance.text for field in reviewed.bundle.points_table.fields if len(field.name) > 6)
    assert stranger.get("/state").json() == {"refused": "no_session"}
    for path in ("/price", "/edits", "/withdrawals", "/comments", "/settlement", "/signature", "/leave"):
        answer = stranger.post(path, json={"form": "x", "seen": 0})
        assert (answer.status_code, answer.json()) == (401, {"refused": "no_session"})
    for path in ("/docs", "/openapi.json", "/../b.json", "/page.js"):
        assert stranger.get(path).status_code == 404
    assert {entry.kind for entry in served.ledger.entries()} == {"bundle"}


@pytest.mark.parametrize("secret", ["", "x", "a" * 43, None, 7, ["x"], "\ud800"])
def test_a_link_that_is_none_opens_nothing(served, secret):
    body = json.dumps({"secret": secret})
    answer = served.browser().post("/enter", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (403, {"refused": "no_such_link"})
    assert "set-cookie" not in answer.headers


def test_links_end_and_can_be_revoked_while_people_are_in(served):
    secret, ana = served.link("Ana", "sales"), served.guest("Ana", "sales")
    assert ana.browser.get("/state").status_code == 200
    assert revoke(served.ledger, name="Ana", at=START.isoformat()) == 2
    assert ana.browser.get("/state").status_code == 401
    assert served.browser().post("/enter", json={"secret": secret}).status_code == 403
    late = served.link("Ben", "sales")
    served.clock.seconds = 31 * 86400.0
    assert served.browser().post("/enter", json={"secret": late}).status_code == 403


def test_a_session_ends(served):
    ana = served.guest("Ana", "sales")
    served.clock.seconds = 13 * 3600.0
    assert ana.browser.get("/state").status_code == 401
    ana = served.guest("Ana", "sales")
    assert ana.post("/leave").json() == {"left": True}
    assert ana.browser.get("/state").status_code == 401


def test_an_edited_cookie_is_refused(served):
    ana = served.guest("Ana", "sales")
    cookie = ana.browser.cookies[COOKIE]
    for other in (cookie[:-1] + ("0" if cookie[-1] != "0" else "1"), cookie[::-1], "x" + cookie, cookie.split(".")[0]):
        stranger = served.browser()
        stranger.cookies.set(COOKIE, other)
        assert stranger.get("/state").status_code == 401
    copied = served.browser()
    copied.cookies.set(COOKIE, cookie)
    assert copied.get("/state").status_code == 200  # the check above refuses what was edited, not every copy


def test_the_cookie_stays_with_the_browser_and_the_site(served):
    answer = served.browser().post("/enter", json={"secret": served.link("Ana", "sales")})
    said = answer.headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=strict" in said
    secure = review_app(served.room, now=served.clock.now, clock=served.clock.monotonic, secure=True)
    answer = TestClient(secure, base_url=SITE, headers={"Origin": SITE}).post(
        "/enter", json={"secret": served.link("Ben", "sales")}
    )
    assert "secure" in answer.headers["set-cookie"].lower()


def test_a_replayed_form_is_refused_and_recorded(served):
    ana = served.guest("Ana", "sales")
    form = ana.form
    assert ana.pin(served, 5).status_code == 200
    replayed = ana.pin(served, 7, form=form)
    assert (replayed.status_code, replayed.json()) == (403, {"refused": "form_used"})
    assert ana.pin(served, 7, form="made up").status_code == 403
    assert ana.pin(served, 7, form=None).status_code == 403
    assert [one["edit"]["points"] for one in ana.state()["edits"]] == [5]
    tried = [entry.content for entry in served.ledger.entries("refusal")]
    assert tried == [{"name": "Ana", "role": "sales", "what": "a form that was sent before"}] * 3


def test_a_form_of_someone_else_is_refused(served):
    ana, ben = served.guest("Ana", "sales"), served.guest("Ben", "marketing")
    assert ben.pin(served, 7, form=ana.form).status_code == 403
    assert ana.pin(served, 7).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Host": "evil.example", "Origin": "http://evil.example"}, 400),
    ],
)
def test_what_another_site_can_send_changes_nothing(served, headers, status):
    ana = served.guest("Ana", "sales")
    body = json.dumps({"form": ana.form, "seen": 0, "text": "hello"})
    sent = {"Content-Type": "application/json", **headers}
    assert ana.browser.post("/comments", content=body, headers=sent).status_code == status
    assert ana.state()["comments"] == []


def test_a_request_without_an_origin_is_refused(served):
    ana = served.guest("Ana", "sales")
    del ana.browser.headers["Origin"]
    assert ana.post("/comments", text="hello").json() == {"refused": "other_site"}


@pytest.mark.parametrize("body", ["[]", "{", '"x"', "[" * 70_000, '{"a": "' + "x" * 70_000 + '"}', "\xff"])
def test_what_is_no_form_is_refused(served, body):
    ana = served.guest("Ana", "sales")
    answer = ana.browser.post("/edits", content=body.encode("latin-1"), headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize(
    "edit",
    [
        None,
        {},
        {"edit": "pin"},
        {"edit": "pin", "field": "no such field", "band": "x", "points": 3},
        {"edit": "pin", "field": 7, "band": "x", "points": 3},
        {"edit": "threshold", "threshold": "Z", "points": 3},
        {"edit": "capacity", "share": 7},
        {"edit": "bring back", "field": "no such field"},
        {"edit": "pin", "field": "x", "band": "x", "points": 3, "reason": "x" * 5000},
    ],
)
def test_an_edit_that_is_none_is_refused_in_a_sentence(served, edit):
    ana = served.guest("Ana", "sales")
    answer = ana.post("/edits", edit=edit)
    assert answer.status_code == 400
    assert answer.json()["said"].endswith(".")
    assert ana.state()["edits"] == []


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


def test_too_many_requests_are_refused_until_some_time_has_passed(served):
    stranger = served.browser()
    codes = [stranger.post("/enter", json={"secret": "x"}).status_code for _ in range(30)]
    assert codes[:20] == [403] * 20
    assert set(codes[20:]) == {429}
    served.clock.seconds = 60.0
    ana = served.guest("Ana", "sales")
    codes = [ana.post("/comments", text="x").status_code for _ in range(130)]
    assert codes.count(200) == 120
    assert set(codes[120:]) == {429}
    served.clock.seconds = 61.0
    assert ana.post("/comments", text="x").status_code == 200


def test_every_answer_forbids_what_a_page_need_not_do(served):
    ana = served.guest("Ana", "sales")
    answers = [ana.browser.get("/"), served.browser().get("/"), ana.browser.get("/state"), ana.post("/comments")]
    answers += [served.browser().get("/nothing"), served.browser().put("/edits")]
    assert [answer.status_code for answer in answers[-2:]] == [404, 405]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"


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


ODD = [
    {"edit": "pin", "field": "\ud800", "band": "x", "points": 1},
    {"edit": "pin", "points": None},
    {"edit": "pin", "points": 10**400},
    {"edit": "capacity", "share": 10**400},
    {"edit": "capacity", "share": float("nan")},
    {"edit": "capacity", "per_week": float("inf")},
    {"edit": "threshold", "threshold": "SQL", "points": 10**400},
    {"edit": "pin", "reason": "\ud800"},
    {"edit": "pin", "reason": ["a"]},
    {"edit": "split", "at": 10**400},
    {"edit": ["pin"]},
]


@pytest.mark.parametrize("edit", ODD, ids=range(len(ODD)))
def test_odd_edits_are_refused_with_the_headers_and_nothing_is_stored(served, edit):
    ana = served.guest("Ana", "sales")
    field = served.bundle.points_table.fields[0]
    whole = {"field": field.name, "band": field.bands[0].label} if edit.get("edit") in ("pin", "split") else {}
    if edit.get("edit") == "pin" and "points" not in edit:
        whole["points"] = 1
    before = len(list(served.ledger.entries()))
    body = json.dumps({"form": ana.form, "seen": 0, "edit": whole | edit})
    answer = ana.browser.post("/edits", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["refused"] == "not_possible"
    assert answer.headers["x-frame-options"] == "DENY"
    assert len(list(served.ledger.entries())) == before
    assert served.guest("Ben", "marketing").state()["edits"] == []


@pytest.mark.parametrize("seen", [10**400, -(10**400), 1.5, "1", None, True])
def test_numbers_that_are_none_are_refused(served, seen):
    ana = served.guest("Ana", "sales")
    answer = ana.pin(served, 3, seen=seen)
    assert (answer.status_code, answer.json()["refused"]) == (400, "not_possible")


def test_comments_of_half_characters_are_refused(served):
    ana = served.guest("Ana", "sales")
    body = json.dumps({"form": ana.form, "seen": 0, "text": "hm \ud800"})
    answer = ana.browser.post("/comments", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert "half a character" in answer.json()["said"]


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


def test_wrong_secrets_shut_out_nobody_with_a_right_one(served):
    stranger = served.browser()
    codes = [stranger.post("/enter", json={"secret": f"wrong {n}"}).status_code for n in range(30)]
    assert codes[:20] == [403] * 20
    assert 429 in codes
    assert served.browser().post("/enter", json={"secret": served.link("Ana", "sales")}).status_code == 200


def test_a_failure_inside_gets_the_headers_and_leaves_no_values_in_the_log(served, monkeypatch, caplog):
    ana = served.guest("Ana", "sales")

    def fails(*_):
        raise RuntimeError("L-000123 ana@example.com")

    monkeypatch.setattr(type(served.room), "state", fails)
    answer = ana.browser.get("/state")
    assert (answer.status_code, answer.json()) == (500, {"refused": "failed"})
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "RuntimeError" in caplog.text
    assert "example.com" not in caplog.text


def test_another_host_and_another_method_get_the_headers_too(served):
    for answer in (
        served.browser().get("/", headers={"Host": "elsewhere.example"}),
        served.browser().put("/state"),
        served.browser().get("/nothing"),
    ):
        assert 400 <= answer.status_code < 500
        assert answer.headers["x-content-type-options"] == "nosniff"


def entered(app, receive):
    """Return the status of what is answered to a request to enter whose body arrives through ``receive``."""
    sent = []

    async def send(message):
        sent.append(message)

    headers = [(b"host", b"127.0.0.1:8765"), (b"origin", SITE.encode()), (b"content-type", b"application/json")]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": "/enter",
        "raw_path": b"/enter", "query_string": b"", "root_path": "", "scheme": "http", "headers": headers,
        "client": ("10.0.0.9", 1), "server": ("127.0.0.1", 8765),
    }  # fmt: skip
    run_apart(app(scope, receive, send))
    return sent[0]["status"]


def test_a_client_that_leaves_in_the_middle_of_a_body_leaves_no_traceback(served, caplog):
    messages = iter([{"type": "http.request", "body": b'{"sec', "more_body": True}, {"type": "http.disconnect"}])

    async def receive():
        return next(messages)

    assert entered(served.app, receive) == 400
    assert "Traceback" not in caplog.text


def test_a_body_that_does_not_end_is_given_up(served, monkeypatch):
    monkeypatch.setattr("leadqual.review.service._BODY_SECONDS", 0.0)

    async def receive():
        await asyncio.Event().wait()

    assert entered(served.app, receive) == 408
