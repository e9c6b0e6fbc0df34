from datetime import date

import pytest

from leadqual.errors import HandoffError
from leadqual.handoff import Rule, example_team, parse_team, read_team
from leadqual.handoff.team_toml import EXAMPLE


def test_every_part_of_the_example_is_read():
    team = example_team()
    assert team.crm_link == "https://crm.example/lead/{id}"
    assert dict(team.aspect_fields) == {"territory": "country", "language": "language"}
    europe, china = team.hours
    assert (europe.zone, europe.country, europe.subdivision) == ("Europe/Berlin", "DE", "BE")
    assert europe.week == (((540, 750), (810, 1080)),) * 4 + (((540, 750), (810, 960)), (), ())
    assert (china.team, china.country) == ("china", "CN")
    assert team.sellers[0].territories == ("DE", "AT", "FR")
    assert (team.sellers[1].away_from, team.sellers[1].away_to) == (date(2026, 8, 3), date(2026, 8, 14))
    assert team.rules == (Rule("country", ("CN",), team="china"), Rule("country", ("DE", "AT"), team="europe"))
    assert team.escalation is not None
    assert (team.escalation.after_hours, team.escalation.to, team.escalation.pool_after_hours) == (4, "M-1", 16)
    assert set(team.reasons) == {"rejected", "disqualified", "recycled", "lost"}
    assert team.shown == ()


def test_days_and_hours_of_other_kinds_are_read():
    text = EXAMPLE.replace(
        'country = "CN"',
        'country = "CN"\nmake_up = ["10:00-24:00"]\nopen_days = [2027-02-07]\nclosed_days=["2027-02-08"]',
    )
    china = parse_team(text).hours[1]
    assert china.make_up == ((600, 1440),)
    assert (china.open_days, china.closed_days) == ({date(2027, 2, 7)}, {date(2027, 2, 8)})


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("weekly_capacity = 20", "weekly_capacity = 0", "weekly_capacity 0, it must be a whole number from 1"),
        ("weekly_capacity = 20", "weekly_capacity = true", "weekly_capacity True, it must be a whole number"),
        ("weekly_capacity = 20", "", "sellers 1 has no weekly_capacity, it must be there"),
        ('"09:00-12:30", "13:30-16:00"', '"09:00-14:00", "13:30-16:00"', "hours on fri that overlap"),
        ('"09:00-12:30", "13:30-16:00"', '"13:30-16:00", "09:00-12:30"', "overlap or are not in order"),
        ('"09:00-12:30", "13:30-16:00"', '"22:00-06:00"', "hours on fri that end no later than they begin"),
        ('"09:00-12:30", "13:30-16:00"', '"22:00-24:30"', "lie outside the day"),
        ('"09:00-12:30", "13:30-16:00"', '"9 to 5"', "fri has '9 to 5', it must be from when to when"),
        ("Europe/Berlin", "Europe/Berlim", "zone 'Europe/Berlim', it must be one of the IANA database"),
        ("Europe/Berlin", "../etc", "it must be one of the IANA database"),
        ('country = "DE"', 'country = "DX"', "country 'DX', it must be an ISO 3166 code"),
        ('country = "DE"', 'country = "de"', r"such as DE \(did you mean DE\?\)"),
        ('subdivision = "BE"', 'subdivision = "XX"', "subdivision 'XX', it must be one of DE's"),
        ('country = "DE"', "", "a subdivision, its country must be given"),
        ("away_to = 2026-08-14", "away_to = 2026-08-02", "away_to must not be before away_from"),
        ("away_from = 2026-08-03", "", "has away_to alone"),
        ("away_from = 2026-08-03", "away_from = 2026-08-03T09:00:00", "away_from must be a date without a time"),
        ('id = "S-2"', 'id = "S-1"', "sellers has 'S-1' more than once"),
        ('id = "S-2"', "id = 2", "sellers 2: id is no text"),
        ('team = "europe"\nweekly_capacity = 20', 'team = "europ"\nweekly_capacity = 20', "is in team 'europ'"),
        ('team = "china"\nweekly', 'team = "europe"\nweekly', "team 'china' has no seller"),
        ('territories = ["CN"]', 'territories = ["JP"]', "sends country 'CN' to team 'china', where nobody covers"),
        ('equals = "CN"\nteam = "china"', 'equals = "CN"\nseller = "S-9"', "names seller 'S-9', who must be in this"),
        ('equals = "CN"\nteam = "china"', 'equals = "CN"\nteam = "asia"', "names team 'asia'"),
        ('equals = "CN"\nteam', 'equals = "CN"\nseller = "S-3"\nteam', "must name one team or one seller"),
        ('equals = "CN"', 'equals = "CN"\nin = ["CN"]', "rules 1 must have either equals or in"),
        ('in = ["DE", "AT"]', "in = []", "has no value, it must have at least one"),
        ("language = ", "langage = ", r"fields has the key 'langage'.*did you mean language\?"),
        ('language = "language"', "", "seller 'S-1' covers only some of language"),
        ("after_hours = 4  ", "after_hours = 17  ", "must not be below after_hours"),
        ("after_hours = 4  ", "after_hours = -1  ", "it must be 0 or more"),
        ('to = "M-1"', "", "escalation: to is not there"),
        ('recycled = ["not now"]', "recycled = []", "reasons recycled is empty"),
        ('recycled = ["not now"]', 'recycled = ["ask ann@corp.example"]', "each must be a short label"),
        ('recycled = ["not now"]', 'recycled = ["not now", "not now"]', "'not now' more than once"),
        ("recycled = ", "recicled = ", r"did you mean recycled\?"),
        ("lead/{id}", "lead/", "with {id} once"),
        ("https://crm", "javascript:crm", "it must be a web address"),
        ("show = []", 'show = ["points", "rank"]', "show has 'rank'"),
        ("show = []", "shown = []", r"the team's file has the key 'shown'.*did you mean show\?"),
        ("[teams.china.hours]", "[teams.china.hour]", r"teams.china has the key 'hour'.*did you mean hours\?"),
        ("[[sellers]]", "[[seller]]", r"did you mean sellers\?"),
        ("[escalation]", "[[escalation]]", "escalation is a list, it must be a table"),
        ("show = []", "show = [", "is no TOML"),
    ],
)
def test_each_contradiction_is_said(old, new, sentence):
    assert old in EXAMPLE
    with pytest.raises(HandoffError, match=sentence) as caught:
        parse_team(EXAMPLE.replace(old, new))
    assert str(caught.value).endswith((".", ")."))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "there is no team"),
        ('[teams.a]\nzone = "UTC"\n', "has no hours"),
        ('[teams.a]\nzone = "UTC"\nhours = {mon = ["09:00-17:00"]}\n', "there is no seller"),
        ('[teams.a]\nhours = {mon = ["09:00-17:00"]}\n', "teams.a: zone is not there"),
        ('teams = "a"', "teams is a text, it must be a table"),
        ("sellers = [1]", r"sellers 1 is a number, it must be a table"),
        (
            '[teams.a]\nzone="UTC"\nhours={mon=["09:00-17:00"]}\nclosed_days=[2026-05-01]\nopen_days=[2026-05-01]',
            "is closed and open on 2026-05-01",
        ),
    ],
)
def test_what_is_missing_is_said(text, sentence):
    with pytest.raises(HandoffError, match=sentence):
        parse_team(text)


def test_a_file_is_read_with_or_without_its_mark_of_utf_8(tmp_path):
    path = tmp_path / "team.toml"
    path.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.encode())
    assert read_team(path) == example_team()
    path.write_bytes("# grüße".encode("latin-1"))
    with pytest.raises(HandoffError, match=r"team.toml is not in UTF-8"):
        read_team(path)
    with pytest.raises(HandoffError, match=r"none.toml cannot be read \(No such file"):
        read_team(tmp_path / "none.toml")
