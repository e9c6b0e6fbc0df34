from datetime import date

from leadqual.feedback import Event
from leadqual.handoff import episodes, parse_team
from leadqual.meetings import Week
from leadqual.meetings.seller_week import SellerWeek, seller_weeks
from tests.meetings.written_ledger import MONDAY

TEAM = parse_team("""
[teams.all]
zone = "UTC"
[teams.all.hours]
mon = ["09:00-17:00"]
[[sellers]]
id = "S-1"
team = "all"
weekly_capacity = 5
[[sellers]]
id = "S-2"
team = "all"
weekly_capacity = 2
away_from = 2026-11-23
away_to = 2026-11-27
""")


def test_it_counts_what_was_given_what_is_in_hand_and_what_is_overdue(book):
    for number, (seller, day) in enumerate([("S-1", 16), ("S-1", 17), ("S-1", 9), ("S-2", 18)]):
        book.scored(f"L-{number}", f"2026-11-{day:02d}T08:00:00")
        content = {"seller": seller, "due": f"2026-11-{day + 1:02d}T08:00:00Z"}
        book.events.append(Event("assigned", f"L-{number}", f"2026-11-{day:02d}T09:00:00", content))
    book.add("attempted", "L-0", "2026-11-16T10:00:00")  # in hand, not overdue
    book.add("rejected", "L-3", "2026-11-18T10:00:00", reason="no budget")  # closed
    told = sorted(book.events, key=lambda one: one.at)
    found = seller_weeks(episodes(told, as_of=MONDAY, team=TEAM), TEAM, Week(date(2026, 11, 16)))
    assert found == (
        SellerWeek("S-1", given=2, in_hand=3, overdue=2, capacity=5, away=False),
        SellerWeek("S-2", given=1, in_hand=0, overdue=0, capacity=2, away=True),
    )


def test_a_team_without_leads_has_nothing_in_hand():
    found = seller_weeks((), TEAM, Week(date(2026, 11, 16)))
    assert [(one.given, one.in_hand, one.overdue) for one in found] == [(0, 0, 0)] * 2
