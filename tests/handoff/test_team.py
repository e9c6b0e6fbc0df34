from datetime import date

import pytest

from leadqual.errors import HandoffError
from leadqual.handoff import Rule, Seller, Team, WorkingHours, example_team

HOURS = WorkingHours("a", "UTC", (((540, 1020),),) * 5 + ((), ()))


@pytest.mark.parametrize(
    ("fields", "sellers"),
    [
        ({"country": "DE", "language": "de"}, ["S-1", "S-2"]),
        ({"country": " de", "language": "DE"}, ["S-1", "S-2"]),
        ({"country": "FR", "language": "fr"}, ["S-2"]),
        ({"country": "CN", "language": "zh"}, ["S-3"]),
        ({"country": "CN"}, ["S-3"]),
        ({"country": "DE"}, ["S-2"]),  # S-1 speaks two languages, and nobody knows which is wanted
        ({"country": None, "language": "en"}, ["S-2"]),
        ({}, ["S-2"]),
    ],
)
def test_who_may_have_a_lead(fields, sellers):
    assert [seller.id for seller in example_team().eligible(fields)] == sellers


def test_the_first_rule_that_holds_decides():
    sellers = (Seller("S-1", "a", 5), Seller("S-2", "a", 5))
    team = Team((HOURS,), sellers, rules=(Rule("size", ("big",), seller="S-2"), Rule("kind", ("new",), seller="S-1")))
    assert [one.id for one in team.eligible({"size": "Big", "kind": "new"})] == ["S-2"]
    assert [one.id for one in team.eligible({"kind": "new"})] == ["S-1"]
    assert [one.id for one in team.eligible({"kind": "old"})] == ["S-1", "S-2"]


def test_away_days_include_the_first_and_the_last():
    seller = Seller("S-1", "a", 5, away_from=date(2026, 8, 3), away_to=date(2026, 8, 14))
    assert [seller.is_away(date(2026, 8, day)) for day in (2, 3, 14, 15)] == [False, True, True, False]
    assert Seller("S-1", "a", 5, away_from=date(2026, 8, 3)).is_away(date(2030, 1, 1))
    assert not Seller("S-1", "a", 5).is_away(date(2026, 8, 3))


def test_a_rule_must_reach_somebody_by_product_too():
    sellers = (Seller("S-1", "a", 5, products=("crm",)),)
    with pytest.raises(HandoffError, match="nobody covers that product"):
        Team((HOURS,), sellers, aspect_fields={"product": "item"}, rules=(Rule("item", ("erp",), team="a"),))


def test_a_seller_and_their_hours_are_found_by_id():
    team = example_team()
    seller = team.seller("S-3")
    assert seller is not None
    assert team.hours_of(seller).team == "china"
    assert team.seller("S-9") is None


def test_a_seller_is_no_e_mail_address():
    with pytest.raises(HandoffError, match="a seller's id is an e-mail address, it must not be one"):
        Seller("ana@example.com", "north", 5)
