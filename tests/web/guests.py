"""A served review and the people in it, as tests of the room and of the service want them."""

import json
import re
from datetime import UTC, datetime, timedelta

from starlette.testclient import TestClient

from leadqual.agreement import Ledger
from leadqual.review import page_data
from leadqual.web.invitations import invite
from leadqual.web.room import Room
from leadqual.web.service import review_app

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
