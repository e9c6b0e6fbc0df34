"""Days of bulk import, and customers that came as leads."""

import numpy as np

from leadqual.leads.imported import bulk_days, imported_customers

DAYS = np.arange(600.0) / 2  # two leads a day
CLOSED = DAYS + 9
WON = np.arange(600) % 5 == 0


def test_a_day_with_far_more_leads_than_usual() -> None:
    assert bulk_days(DAYS) == ()
    (found,) = bulk_days(np.concatenate((DAYS, np.full(100, 40.3), [np.nan])))
    assert (found.day, found.leads) == (40, 102)
    assert bulk_days(np.repeat(np.arange(10.0), 200)) == ()  # as many on every day
    assert bulk_days(np.full(500, 3.0)) == ()  # nothing to compare with


def found(created: np.ndarray, closed: np.ndarray, won: np.ndarray) -> np.ndarray:
    return imported_customers(
        np.concatenate((DAYS, created)), np.concatenate((CLOSED, closed)), np.concatenate((WON, won))
    )


def test_customers_imported_together_are_found_with_or_without_a_date_of_winning() -> None:
    closed = np.concatenate((np.full(30, 3.0), np.full(30, 40.0), np.full(20, np.nan)))
    mask = found(np.full(80, 40.0), closed, np.ones(80, dtype=bool))
    assert mask[600:].all()
    assert not mask[:600].any()


def test_customers_that_came_one_by_one_are_found() -> None:
    assert found(np.arange(50.0) * 5, np.full(50, -20.0), np.ones(50, dtype=bool))[600:].all()


def test_leads_of_another_system_are_a_migration_and_no_customers() -> None:
    won = np.arange(200) % 8 == 0
    assert not found(np.full(200, 40.0), np.full(200, 3.0), won).any()


def test_wrong_dates_and_few_typing_errors_are_no_customers() -> None:
    assert not found(np.full(5, 40.0), np.full(5, 3.0), np.ones(5, dtype=bool)).any()
    swapped = found(np.arange(100.0) * 2, np.arange(100.0) * 2 - 9, np.arange(100) % 5 == 0)
    assert not swapped.any()


def test_wins_of_the_same_day_are_no_customers_where_no_day_is_full() -> None:
    assert not imported_customers(DAYS, DAYS, WON).any()
