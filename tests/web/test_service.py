"""The served review as others may try to use it: strangers, replayed forms, odd requests, clients that leave."""

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from leadqual.web.invitations import revoke
from leadqual.web.service import COOKIE, review_app
from tests.web.guests import SITE, START


def run_apart(coroutine):
    """Run a coroutine in a thread: a browser's test in the same process has a loop of its own running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


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
    monkeypatch.setattr("leadqual.web.service._BODY_SECONDS", 0.0)

    async def receive():
        await asyncio.Event().wait()

    assert entered(served.app, receive) == 408
