"""Flags beside the outcome: found, held against it, and what they settle."""

import numpy as np
import pandas as pd
import pytest

from leadqual.errors import SchemaError
from leadqual.inference import infer_schema
from leadqual.leads import Schema, read_leads
from leadqual.leads.outcome_flags import read_flags

SIZE = 300
PLACE = np.arange(SIZE)
TRUTH = np.where(PLACE % 6 == 0, "won", np.where(PLACE % 6 == 1, "open", "lost"))


def table(stage: dict[str, str], **more: object) -> pd.DataFrame:
    """Return leads in two pipelines; those of the second have stages of other names."""
    own = np.where(PLACE % 4 < 2, TRUTH, [stage[truth] for truth in TRUTH])
    return pd.DataFrame({"stage": own, "source": np.where(PLACE % 4 == 0, "Web", "Fair"), **more})


NUMBERS = {"won": "70214405", "lost": "70214406", "open": "70214401"}


@pytest.mark.parametrize(
    "flags",
    [
        {"hs_is_closed_won": TRUTH == "won", "hs_is_closed": TRUTH != "open"},
        {"IsWon": np.where(TRUTH == "won", "true", "false"), "IsClosed": np.where(TRUTH != "open", "true", "false")},
        {"Gewonnen": np.where(TRUTH == "won", "Ja", "Nein"), "Geschlossen": np.where(TRUTH != "open", "Ja", "Nein")},
        {"statecode": np.where(TRUTH == "won", "1", np.where(TRUTH == "open", "0", "2"))},
        {"Is Closed Won": TRUTH == "won", "Is closed lost": TRUTH == "lost"},
    ],
)
def test_flags_say_what_stages_of_a_second_pipeline_mean(flags: dict[str, np.ndarray]) -> None:
    inferred = infer_schema(table(NUMBERS, **flags), roles={"id": ""})
    schema = inferred.schema
    assert (schema.outcome, set(schema.won), set(schema.lost)) == ("stage", {"won", "70214405"}, {"lost", "70214406"})
    assert set(schema.open) == {"open", "70214401"}
    moved = int(((TRUTH == "won") & (PLACE % 4 >= 2)).sum())
    assert any(f"{moved:,} leads are won and 0 not won" in note for note in inferred.notes)


def test_a_flag_alone_leaves_lost_and_open_to_words() -> None:
    schema = infer_schema(table(NUMBERS, iswon=TRUTH == "won")).schema
    assert (set(schema.lost), set(schema.open)) == ({"lost"}, {"open", "70214401", "70214406"})


def test_a_stage_that_disagrees_within_its_values_gives_way_to_the_flag() -> None:
    stage = np.where((TRUTH == "won") & (PLACE % 12 == 0), "lost", TRUTH)
    leads = pd.DataFrame({"stage": stage, "is_won": TRUTH == "won", "source": PLACE % 2})
    inferred = infer_schema(leads)
    assert inferred.schema.outcome == "is_won"
    assert any("disagree about 25 leads: 25 are won by the flag" in note for note in inferred.notes)
    with pytest.raises(SchemaError, match=r"disagree about 25 leads.*outcome=is_won"):
        infer_schema(leads, roles={"outcome": "stage"})


def test_values_that_the_user_said_count_and_the_contradiction_is_said() -> None:
    leads = table(NUMBERS, is_won=TRUTH == "won").assign(stage=TRUTH)
    inferred = infer_schema(leads, roles={"outcome": "stage", "won": "lost"})
    wins, losses = int((TRUTH == "won").sum()), int((TRUTH == "lost").sum())
    assert any(f"{wins + losses:,} leads: {wins:,} are won by the flag" in note for note in inferred.notes)
    assert inferred.schema.overrides == ("is_won",)
    assert Schema.from_toml(inferred.to_toml()) == inferred.schema
    assert len(read_leads(leads, inferred.schema).table) == SIZE


def test_training_stops_where_an_older_schema_calls_new_stages_open() -> None:
    schema = Schema((), outcome="stage", won=("won",), lost=("lost",), open=("open", *NUMBERS.values()))
    named = {"won": "70214405", "lost": "70214405", "open": "70214401"}
    leads = table(named).assign(stage=lambda _: np.where((TRUTH == "won") & (PLACE % 12 == 0), "70214405", TRUTH))
    flagged = leads.assign(IsWon=TRUTH == "won")
    with pytest.raises(
        SchemaError, match=r"stage disagrees with IsWon about 25 leads: 25 are won by the flag.*overrides"
    ):
        read_leads(flagged, schema)
    assert read_leads(leads, schema).notes == ()
    few = leads.assign(IsWon=(TRUTH == "won"), stage=np.where(PLACE == 0, "70214405", TRUTH))
    assert "about 1 leads" in read_leads(few, schema).notes[0]


def test_a_flag_that_calls_nobody_won_is_refused() -> None:
    with pytest.raises(SchemaError, match="calls none of the 300 leads won"):
        infer_schema(table(NUMBERS, is_won=["false"] * SIZE).assign(stage=TRUTH))


def test_what_is_no_flag() -> None:
    dates = pd.date_range("2026-01-01", periods=SIZE).astype(str)
    others = table(
        NUMBERS, Closed=dates, Converted=TRUTH == "won", **{"won back": TRUTH == "lost", "active": TRUTH != "lost"}
    )
    assert read_flags(others) is None
