import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadqual.calibration import read_follow_up
from leadqual.errors import EvidenceError

leads = st.lists(
    st.tuples(st.integers(80, 85), st.integers(0, 200), st.none() | st.integers(0, 150)), min_size=1, max_size=30
)


def _read(rows, until, window):
    points, created, after = zip(*rows, strict=True)
    return read_follow_up(
        points, created, [np.nan if one is None else one for one in after], until=until, window_days=window
    )


@given(leads, st.integers(1, 250), st.sampled_from([20, 30, 75, 90]), st.none() | st.integers(1, 100))
def test_exposure_counts_leads_watched_through_a_bucket_and_their_wins_one_by_one(rows, until, window, memory):
    there = [(p, c, w) for p, c, w in rows if c <= until]
    if not there:
        return
    exposure = _read(rows, until, window).exposure(memory)
    starts = list(range(0, window, 30))
    for bucket, start in enumerate(starts):
        end = min(start + 30, window)
        for place, points in enumerate(exposure.points):
            watched = wins = 0
            for p, created, after in there:
                known = after is not None and created + after <= until
                recent = memory is None or created + end > until - memory
                before = known and (after <= start if bucket else False)
                if p == points and created + end <= until and recent and not before:
                    watched += 1
                    wins += known and after <= end
            assert exposure.leads[bucket, place] == watched
            assert exposure.wins[bucket, place] == wins
    assert len(exposure.leads) == len(starts)


@given(leads, st.integers(60, 250), st.integers(0, 60))
def test_what_was_known_earlier_is_what_would_have_been_read_then(rows, until, earlier):
    if not any(created <= until - earlier for _, created, _ in rows):
        return
    back, then = _read(rows, until, 90).known_on(until - earlier), _read(rows, until - earlier, 90)
    np.testing.assert_array_equal(back.points, then.points)
    np.testing.assert_array_equal(back.won_after, then.won_after)
    assert back.until == then.until


def test_a_lead_is_mature_when_its_window_has_passed_and_won_when_it_won_inside():
    seen = read_follow_up([1, 1, 1, 1], [10, 11, 0, 0.7], [np.nan, np.nan, 90, 91], until=100, window_days=90)
    mature, won = seen.mature()
    assert mature.tolist() == [True, False, True, True]
    assert won.tolist() == [0, 0, 1, 0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([1, 2], [0.0], [np.nan, 1.0]), "points, created and won_after have 2, 1 and 2 values"),
        (([1], [np.nan], [1.0]), "created has 1 missing dates, it must have none"),
    ],
)
def test_what_does_not_fit_together_is_refused(arguments, said):
    with pytest.raises(EvidenceError, match=said):
        read_follow_up(*arguments, until=10, window_days=90)


def test_a_window_of_no_days_is_refused():
    with pytest.raises(EvidenceError, match="window_days is 0, it must be at least 1"):
        read_follow_up([1], [0.0], [np.nan], until=10, window_days=0)
