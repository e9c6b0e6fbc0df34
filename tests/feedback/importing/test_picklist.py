import pytest

from leadqual.feedback.importing.picklist import chosen


def test_a_few_labels_used_often_are_a_list():
    reasons = [f"reason {i % 50}" for i in range(100)]
    assert chosen(reasons).labels == tuple(reasons)


@pytest.mark.parametrize(("different", "rows"), [(51, 1000), (6, 11), (50, 99)])
def test_many_labels_or_each_used_once_are_none(different, rows):
    found = chosen([f"reason {i % different}" for i in range(rows)])
    assert (set(found.labels), found.left_out, found.free_text) == ({None}, rows, True)


def test_a_short_export_may_have_a_few_labels():
    assert chosen(list("abcde")).left_out == 0


@pytest.mark.parametrize(
    "text",
    [
        "Ana moved. Ask Ben",
        "call back!",
        "she will buy in the next year",
        "x" * 41,
        "ana@example.com",
        "0170 1234567",
        "two\nlines",
        "\u6ca1\u6709\u9884\u7b97\u3002",
    ],
)
def test_a_sentence_or_an_address_is_no_label(text):
    found = chosen([text, "no budget"])
    assert (found.labels, found.left_out, found.free_text) == ((None, "no budget"), 1, False)


@pytest.mark.parametrize(
    "text",
    ["Kein Budget (2026)", "wrong fit / size", "chose competitor: X&Y", "\u6ca1\u6709\u9884\u7b97", "v2.0 too late"],
)
def test_labels_of_any_language_are_kept(text):
    assert chosen([text]).labels == (text,)


def test_a_list_that_was_said_holds_whatever_the_column_looks_like():
    texts = [*(f"note {i}" for i in range(60)), "PRICE", None]
    found = chosen(texts, allowed=["Price", "Timing"])
    assert (found.labels[-2:], found.left_out, found.free_text) == (("Price", None), 60, False)
    assert set(chosen(texts, allowed=["Price"], others=True).labels) == {"other", "Price", None}
