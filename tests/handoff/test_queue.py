from dataclasses import replace

from leadqual.feedback import Event
from leadqual.handoff import episodes, example_team, queue
from tests.meetings.written_ledger import BUNDLE

NOW = "2026-05-05T12:00:00Z"


def told(lead, due, seller="S-1", picked="rank", bundle=BUNDLE.digest, codes=None):
    content = {"bundle": bundle, "points": 120, "probability": 0.2, "grade": "A", "picked": picked}
    content |= {"propensity": 0.1} if picked == "random" else {}
    content |= {} if codes is None else {"codes": codes}
    given = {"seller": seller} | ({"due": due} if due else {})
    return [Event("scored", lead, "2026-05-04", content), Event("assigned", lead, "2026-05-04T08:00:00Z", given)]


def listed(events, team=None, **more):
    team = team or example_team()
    return queue(episodes(events, as_of=NOW, team=team), team, **more)


def test_the_earliest_deadline_is_first_and_only_open_leads_of_the_seller_are_there():
    events = [
        *told("L-3", ""),
        *told("L-1", "2026-05-06T09:00:00Z", picked="random"),
        *told("L-2", "2026-05-05T08:00:00Z"),
        *told("L-4", "2026-05-05T08:00:00Z", seller="S-2"),
        *told("L-5", "2026-05-05T08:00:00Z"),
        Event("rejected", "L-5", "2026-05-05"),
    ]
    found = listed(events, seller="S-1")
    assert [one.lead for one in found] == ["L-2", "L-1", "L-3"]
    assert [one.overdue_hours for one in found] == [3, None, None]  # 10:00 to 14:00 in Berlin, less an hour of lunch
    assert {one.lead for one in listed(events)} == {"L-1", "L-2", "L-3", "L-4"}


def test_scores_are_shown_only_where_the_team_says_so():
    (hidden,) = listed(told("L-1", ""))
    assert (hidden.grade, hidden.points, hidden.probability) == ("", None, None)
    (shown,) = listed(told("L-1", ""), replace(example_team(), shown=("grade", "probability")))
    assert (shown.grade, shown.points, shown.probability) == ("A", None, 0.2)


def test_what_speaks_for_a_lead_is_read_from_its_bands():
    fields = BUNDLE.points_table.fields
    best = [max(range(len(field.bands)), key=lambda k, f=field: f.bands[k].points) for field in fields]
    gains = [field.bands[k].points - field.average_points for field, k in zip(fields, best, strict=True)]
    (one,) = listed(told("L-1", "", codes=best), bundle=BUNDLE, reasons=99)
    assert [reason.points for reason in one.reasons] == sorted((gain for gain in gains if gain > 0), reverse=True)
    assert one.reasons
    assert len(listed(told("L-1", "", codes=best), bundle=BUNDLE, reasons=1)[0].reasons) == 1
    worst = [min(range(len(field.bands)), key=lambda k, f=field: f.bands[k].points) for field in fields]
    assert listed(told("L-1", "", codes=worst), bundle=BUNDLE)[0].reasons == ()


def test_without_the_bundle_that_scored_it_nothing_is_said_for_a_lead():
    codes = [0] * len(BUNDLE.points_table.fields)
    for events, bundle in (
        (told("L-1", "", codes=codes), None),
        (told("L-1", "", codes=codes, bundle="other"), BUNDLE),
        (told("L-1", ""), BUNDLE),
    ):
        assert listed(events, bundle=bundle)[0].reasons == ()


def test_an_id_is_quoted_in_its_link():
    assert listed(told("a/b?c", ""))[0].link == "https://crm.example/lead/a%2Fb%3Fc"
    assert listed(told("a/b?c", ""), replace(example_team(), crm_link=""))[0].link == ""
