import pytest

from leadqual.bundle import Band, FieldPoints, PointsTable

NEED = FieldPoints("Need", "category", (Band("Urgent", 30, values=("Urgent",)), Band("missing", -2, missing=True)), 7)
VISITS = FieldPoints("Visits", "numeric", (Band("any", 5, interval=(None, None)),), average_points=-4)


def test_sums_over_fields():
    table = PointsTable((NEED, VISITS), base_points=100)
    assert table.names == ("Need", "Visits")
    assert table.average_points == 100 + 7 - 4
    # in Visits nobody can have fewer than the average of -4, as an unreadable value does
    assert (table.lowest, table.highest) == (100 - 2 - 4, 100 + 30 + 5)


def test_fields_are_found_by_name():
    table = PointsTable((NEED, VISITS))
    assert table.field("Visits") is VISITS
    with pytest.raises(KeyError, match="need"):
        table.field("need")


def test_no_field_at_all():
    table = PointsTable(())
    assert (table.lowest, table.average_points, table.highest) == (0, 0, 0)


def test_a_table_says_in_short_what_it_is():
    table = PointsTable(
        (FieldPoints("x", "category", (Band("a", 5, values=("a",)), Band("b", -7, values=("b",)))),), 90
    )
    assert repr(table) == "PointsTable(1 fields, 83 to 95 points)"
