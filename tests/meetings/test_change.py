import numpy as np
import pytest

from leadqual.meetings.change import changes
from leadqual.meetings.handed_over import HandedOver


def handed(leads=50, due=50, in_time=45, accepted=35, rejected=12):
    return HandedOver("", leads, leads / 5, accepted, rejected, 0, 0, due, in_time, 0)


def codes(*weeks, reasons=(), before=()):
    return [one.code for one in changes(*weeks, dict(reasons), dict(before))]


def test_a_week_like_the_last_one_says_that_nothing_changed():
    found = changes(handed(), handed(), {"no budget": 4}, {"no budget": 5})
    assert [one.code for one in found] == ["week_no_change"]
    assert found[0].figures["compared"] == 4  # leads, late, accepted, one reason


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (handed(leads=100), "week_leads_rose"),
        (handed(leads=15), "week_leads_fell"),
        (handed(in_time=20), "week_late_rose"),
        (handed(accepted=10, rejected=37), "week_accepted_fell"),
    ],
)
def test_a_large_change_is_told(now, code):
    assert codes(now, handed()) == [code]


def test_it_tells_the_direction_of_each():
    assert codes(handed(), handed(in_time=20)) == ["week_late_fell"]
    assert codes(handed(), handed(accepted=10, rejected=37)) == ["week_accepted_rose"]
    now = handed(accepted=27, rejected=20)
    assert codes(now, handed(), reasons=[("no budget", 16)], before=[("no budget", 0)]) == ["week_reason_rose"]
    assert codes(now, handed(), reasons=[("no budget", 0)], before=[("no budget", 16)]) == ["week_reason_fell"]


def test_few_leads_are_too_few_to_tell():
    now = handed(leads=4, due=4, in_time=1, accepted=1, rejected=2)
    before = handed(leads=4, due=4, in_time=3, accepted=2, rejected=1)
    assert codes(now, before, reasons=[("no budget", 2)]) == ["week_no_change"]


def test_empty_weeks_compare_nothing():
    nothing = HandedOver("", 0, 0.0, 0, 0, 0, 0, 0, 0, 0)
    assert changes(nothing, nothing, {}, {})[0].figures == {"compared": 0}


def test_weeks_of_one_kind_claim_a_change_in_at_most_one_of_twenty():
    rng = np.random.default_rng(0)

    def week():
        leads = int(rng.poisson(45))
        accepted = int(rng.binomial(leads, 0.7))
        late = int(rng.binomial(leads, 0.15))
        why = rng.multinomial(leads - accepted, [0.4, 0.3, 0.2, 0.1])
        return handed(leads, leads, leads - late, accepted, leads - accepted), dict(
            zip("abcd", map(int, why), strict=True)
        )

    claimed = 0
    for _ in range(300):
        (now, reasons), (before, reasons_before) = week(), week()
        claimed += changes(now, before, reasons, reasons_before)[0].code != "week_no_change"
    assert claimed / 300 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 300)
