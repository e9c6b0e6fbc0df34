import pytest

from leadqual.errors import MeetingError
from leadqual.meetings import Duty, Sla


def sla_file(tmp_path, text):
    path = tmp_path / "sla.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_gives_each_team_its_targets(tmp_path):
    path = sla_file(tmp_path, "[marketing]\nexpected_wins_per_week = 8.5\n[sales]\nfirst_attempt_in_time = 0.95\n")
    assert Sla.read(path) == Sla(expected_wins_per_week=8.5, first_attempt_in_time=0.95)


def test_the_digest_is_of_the_targets_alone(tmp_path):
    one = sla_file(tmp_path, "# agreed in May\n[sales]\noutcomes_recorded = 1\n[marketing]\nleads_per_week = 40\n")
    assert Sla.read(one).digest == Sla(leads_per_week=40.0, outcomes_recorded=1.0).digest
    assert Sla.read(one).digest != Sla(leads_per_week=41.0, outcomes_recorded=1.0).digest


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[sales", r"the SLA sla.toml is no TOML \(.*\), it must be; correct it"),
        ("[finance]\nx = 1", "the SLA has 'finance', it must have the tables marketing and sales; correct it"),
        ("sales = 3", "the SLA has 'sales', it must have the tables"),
        (
            "[marketing]\nfirst_attempt_in_time = 0.9",
            r"\[marketing\] has the key 'first_attempt_in_time', it must",
        ),
        ("[sales]\nfirst_attempt_in_time = 95", "must be a share up to 1; write 0.95 for 95%"),
        ("[sales]\noutcomes_recorded = 0", "must be a number above 0; correct the SLA"),
        ("[marketing]\nleads_per_week = true", "must be a number above 0"),
        ("[marketing]\nleads_per_week = nan", "must be a number above 0"),
        ('[marketing]\nleads_per_week = "40"', "must be a number above 0"),
        ("[sales]\ndecided_in_time = 0.9", "must be given together; add the one that is missing"),
    ],
)
def test_what_is_no_sla_is_refused_with_the_way_out(tmp_path, text, message):
    with pytest.raises(MeetingError, match=message):
        Sla.read(sla_file(tmp_path, text))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(
        MeetingError, match=r"the SLA sla.toml cannot be read \(No such file or directory\); name a TOML file"
    ):
        Sla.read(tmp_path / "sla.toml")


@pytest.mark.parametrize(
    ("now", "target", "kept"),
    [(0.95, 0.95, True), (0.94, 0.95, False), (None, 0.95, None), (0.5, None, None), (0.1 + 0.2, 0.3, True)],
)
def test_a_duty_is_kept_from_its_target_on(now, target, kept):
    assert Duty("outcomes", "sales", now, target).kept is kept


@pytest.mark.parametrize(
    ("course", "now", "missed"),
    [
        ((), 0.9, 0),
        ((0.5, 0.5), 0.9, 0),
        ((0.9, 0.5), 0.5, 2),
        ((0.5, 0.9), 0.5, 1),
        ((0.5, None), 0.5, 1),  # a week without such a lead ends the run
    ],
)
def test_weeks_missed_are_counted_in_a_row(course, now, missed):
    assert Duty("outcomes", "sales", now, 0.8, course=course).weeks_missed == missed
