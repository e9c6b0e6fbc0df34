from leadqual.web.invitations import Guest
from leadqual.web.sessions import RateLimit, Sessions

ANA = Guest("Ana", "sales", 1, "2026-06-01T00:00:00+00:00")


class Clock:
    seconds = 0.0

    def __call__(self):
        return self.seconds


def test_a_session_is_found_by_its_cookie_until_it_ends():
    clock = Clock()
    sessions = Sessions(clock, seconds=60)
    cookie, other = sessions.open(ANA), sessions.open(ANA)
    assert cookie != other
    assert sessions.find(cookie).guest is ANA
    sessions.close(other)
    assert sessions.find(other) is None
    clock.seconds = 61
    assert sessions.find(cookie) is None


def test_what_is_no_cookie_finds_nothing_and_closes_nothing():
    sessions = Sessions(Clock())
    for wrong in (None, "", ".", "a.b", "ä.\ud800", "x" * 10_000):
        assert sessions.find(wrong) is None
        sessions.close(wrong)
    assert Sessions(Clock()).find(sessions.open(ANA)) is None  # another server's secret


def test_a_form_counts_once():
    session = Sessions(Clock()).find.__self__
    opened = session.find(session.open(ANA))
    one, two = opened.form(), opened.form()
    assert opened.take(two)
    assert not opened.take(two)
    assert opened.take(one)
    assert not opened.take(None)


def test_a_limit_fills_up_again():
    clock = Clock()
    limit = RateLimit(6, clock)
    assert [limit.allows("a") for _ in range(7)] == [True] * 6 + [False]
    clock.seconds = 10
    assert [limit.allows("a") for _ in range(2)] == [True, False]
    clock.seconds = 10_000
    assert sum(limit.allows("a") for _ in range(20)) == 6


def test_many_senders_do_not_fill_the_memory():
    limit, sessions = RateLimit(6, Clock()), Sessions(Clock())
    first = sessions.open(ANA)
    for number in range(1500):
        limit.allows(str(number))
        sessions.open(ANA)
    assert sessions.find(first) is None
    assert len(limit._left) <= 1000
