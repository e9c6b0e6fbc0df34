"""``leadqual meeting``: the week both teams meet over."""

import json

import pytest

from leadqual.feedback import Event, FeedbackStore
from tests.meetings.written_ledger import BUNDLE, MONDAY, written_week

ARGUMENTS = ("meeting", "weekly", "b.json", "--as-of", MONDAY)


@pytest.fixture
def folder(shell):
    BUNDLE.save(shell.folder / "b.json")
    with FeedbackStore(shell.folder / "feedback.db") as store:
        for event in sorted(written_week().events, key=lambda one: one.at):
            store.append([event], known_at=event.at)
    (shell.folder / "sla.toml").write_text("[sales]\nfirst_attempt_in_time = 0.5\n", "utf-8")
    return shell.folder


def test_it_prints_the_week_and_writes_the_page(shell, folder):
    result = shell(*ARGUMENTS, "--sla", "sla.toml", "--by", "Need", "--html", "pages/week.html", "--language", "zh")
    assert result.exit_code == 0, result.output
    assert "Week 47" in result.stdout
    assert "33% of 50%" in result.stdout
    assert "第 47 周" in (folder / "pages" / "week.html").read_text("utf-8")
    assert "Wrote pages/week.html." in result.stderr


def test_json_is_the_same_figures(shell, folder):
    found = json.loads(shell(*ARGUMENTS, "--json").stdout)
    assert found["handed_over"]["all"]["leads"] == 4
    assert found["must_sign"] == ["marketing", "sales"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--by", "Colour"), "the bundle scores no field 'Colour'"),
        (("--zone", "Mars"), "'Mars' is no time zone"),
        (("--sla", "none.toml"), "the SLA none.toml cannot be read"),
        (("--crm-link", "crm.example"), "it must be a web address with {id} in it"),
        (("--store", "other.db"), "there is no feedback ledger other.db"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(shell, folder, more, message):
    result = shell(*ARGUMENTS, *more)
    assert result.exit_code == 1
    assert message in " ".join(result.output.split())


def test_a_date_before_the_first_score_is_refused(shell, folder):
    result = shell("meeting", "weekly", "b.json", "--as-of", "2026-01-05")
    assert result.exit_code == 1
    assert "the ledger knows no scored lead by 2026-01-05" in " ".join(result.output.split())


def test_a_team_brings_sellers_working_hours_and_links(shell, folder):
    (folder / "team.toml").write_text(shell("handoff", "example").stdout, "utf-8")
    with FeedbackStore(folder / "feedback.db") as store:
        given = Event("assigned", "A-2", "2026-11-17T09:30:00", {"seller": "S-1", "due": "2026-11-17T16:00:00Z"})
        store.append([given], known_at=given.at)
    result = shell(*ARGUMENTS, "--team", "team.toml", "--html", "week.html", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert [one["seller"] for one in found["sellers"]] == ["S-1", "S-2", "S-3"]
    # six hours after its score, but before the deadline that its seller had: two of three in time, not one
    assert (found["handed_over"]["all"]["in_time"], found["handed_over"]["all"]["due"]) == (2, 3)
    assert 'href="https://crm.example/lead/A-2"' in (folder / "week.html").read_text("utf-8")
