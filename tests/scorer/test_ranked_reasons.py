from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.bundle.encoding import encoders
from leadqual.reasons import reasons_by_code
from leadqual.scorer.ranked_reasons import RankedReasons


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_every_code_has_one_rank_and_ranks_fall_in_strength(strategies, data):
    table = data.draw(strategies.points_tables())
    ranked = RankedReasons(table)
    ranks = [rank for of_field in ranked.ranks for rank in of_field]
    assert sorted(ranks) == list(range(len(ranked.reasons)))
    order = [(-abs(reason.points), table.names.index(reason.field)) for reason in ranked.reasons]
    assert order == sorted(order)
    assert ranked.points == tuple(reason.points for reason in ranked.reasons)
    for of_field, encoder in zip(ranked.ranks, encoders(table), strict=True):
        assert tuple(ranked.reasons[rank] for rank in of_field) == reasons_by_code(encoder)
    for rank, reason in enumerate(ranked.reasons):
        assert ranked.notes.get(rank) == (None if reason.note is None else f"{reason.field}: {reason.note}")
