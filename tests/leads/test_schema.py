"""The schema: what it refuses, and that writing and reading it back changes nothing."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.bundle.values import MISSING_VALUES
from leadqual.errors import SchemaError
from leadqual.leads.schema import Feature, Schema

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
FEATURE = st.builds(
    Feature,
    name=TEXT,
    kind=st.sampled_from(["numeric", "category", "boolean"]),
    known=st.sampled_from(["at_creation", "later", "unknown"]),
    decimal=st.sampled_from([".", ","]),
    dimension=st.none() | TEXT,
    actionable=st.booleans(),
)


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    names = draw(st.lists(TEXT, min_size=9, max_size=9, unique=True))
    features = draw(st.lists(FEATURE, max_size=3, unique_by=lambda feature: feature.name))
    taken = {feature.name for feature in features}
    roles = {
        role: draw(st.sampled_from([name, None])) if name not in taken else None
        for role, name in zip(("id", "created_at", "closed_at", "order", "value", "owner"), names, strict=False)
    }
    outcome = names[8] if names[8] not in taken and draw(st.booleans()) else None
    values: dict[str, tuple[str, ...]] = {}
    if outcome is not None:
        plain = st.text('abcdefg "\\\n', min_size=1, max_size=5)
        found = draw(st.lists(plain, min_size=1, max_size=6, unique_by=lambda text: text.strip().casefold()))
        values = {"won": tuple(found[:1]), "lost": tuple(found[1:3]), "open": tuple(found[3:])}
    return Schema(
        tuple(features),
        outcome=outcome,
        day_first=draw(st.none() | st.booleans()),
        missing_values=tuple(draw(st.just(MISSING_VALUES) | st.lists(TEXT, max_size=3))),
        **roles,
        **values,
    )


@settings(deadline=None, max_examples=50)
@given(schemas())
def test_toml_round_trip(schema: Schema) -> None:
    again = Schema.from_toml(schema.to_toml())
    assert again == schema
    assert again.digest == schema.digest


@settings(deadline=None, max_examples=30)
@given(schemas(), schemas())
def test_digests_tell_schemas_apart(one: Schema, other: Schema) -> None:
    assert (one.digest == other.digest) == (one == other)


def test_defaults_are_not_written() -> None:
    text = Schema((Feature("Source", "category"),), outcome="Status", won=("Won",)).to_toml()
    for word in ("decimal", "actionable", "missing_values", "lost", "day_first", "dimension"):
        assert word not in text


def test_files(tmp_path: Path) -> None:
    schema = Schema((Feature("Größe", "numeric", decimal=","),), id="№")
    path = schema.write(tmp_path / "leads.toml")
    assert Schema.read(path) == schema
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())  # as a Windows editor saves it
    assert Schema.read(path) == schema


def test_unreadable_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=r"no schema at .*none\.toml; `leadqual init"):
        Schema.read(tmp_path / "none.toml")
    with pytest.raises(SchemaError, match="cannot be opened"):
        Schema.read(tmp_path)
    bad = tmp_path / "bad.toml"
    bad.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SchemaError, match="not UTF-8"):
        Schema.read(bad)
    bad.write_text("[lead")
    with pytest.raises(SchemaError, match=r"bad\.toml: the schema is not valid TOML"):
        Schema.read(bad)


def test_scored_leaves_out_what_is_known_later() -> None:
    features = tuple(
        Feature(known, "category", known)  # type: ignore[arg-type]  # the three literals
        for known in ("at_creation", "later", "unknown")
    )
    assert [feature.name for feature in Schema(features).scored] == ["at_creation", "unknown"]


def test_columns_names_each_column_once() -> None:
    schema = Schema(
        (Feature("size", "numeric"),),
        outcome="won",
        won=("*",),
        closed_at="won",
        created_at="born",
        id="no",
        order="no",
    )
    assert schema.columns == ("no", "born", "won", "size")


def test_lists_become_tuples() -> None:
    schema = Schema([Feature("a", "numeric")], outcome="o", won=["x"])  # type: ignore[arg-type]  # what people type
    assert schema.won == ("x",)
    assert hash(schema) == hash(Schema((Feature("a", "numeric"),), outcome="o", won=("x",)))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"features": "abc"}, "features must be several values"),
        ({"outcome": "o", "won": "Won"}, "won must be several values"),
        ({"id": ""}, "id is empty"),
        ({"features": (Feature("a", "numeric"), Feature("a", "boolean"))}, "'a' are given more than once"),
        ({"id": "a", "features": (Feature("a", "numeric"),)}, "'a' is both id and a feature"),
        ({"created_at": "d", "closed_at": "d"}, "'d' is both created_at and closed_at"),
        ({"created_at": "d", "outcome": "d", "won": ("*",)}, "'d' is both created_at and the outcome"),
        ({"won": ("x",)}, "values for 'won' but no outcome"),
        ({"outcome": "o"}, "'o' has no won values"),
        ({"outcome": "o", "won": ("*", "x")}, "must be the only value of won"),
        ({"outcome": "o", "won": ("*",), "lost": ("x",)}, "must be the only value of won"),
        ({"outcome": "o", "won": ("x",), "open": ("*",)}, "must be the only value of won"),
        ({"outcome": "o", "won": ("Yes",), "lost": (" yes",)}, "listed as won and as lost"),
        ({"outcome": "o", "won": (1,)}, "values of won must be texts"),
    ],
)
def test_contradictions_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(SchemaError, match=message.replace("(", r"\(")):
        Schema(**{"features": (), **arguments})  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": ""}, "empty name"),
        ({"kind": "number"}, "kind = 'number'; kind must be one of 'numeric', 'category', 'boolean'"),
        ({"known": "now"}, "known must be one of 'at_creation', 'later', 'unknown'"),
        ({"decimal": ";"}, r"decimal must be one of '\.', ','"),
        ({"aliases": "LeadSource"}, "one text as aliases; they must be several"),
    ],
)
def test_impossible_features_are_refused(arguments: dict[str, str], message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        Feature(**{"name": "a", "kind": "numeric", **arguments})  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    ("decimal", "thousands", "settled"), [(None, None, "."), (",", None, "."), (".", None, None), (",", "'", "'")]
)
def test_a_feature_takes_the_schemas_mark_of_thousands_with_its_decimal_mark(
    decimal: str | None, thousands: str | None, settled: str | None
) -> None:
    schema = Schema((Feature("a", "numeric", decimal=decimal, thousands=thousands),), decimal=",", thousands=".")
    assert schema.features[0].thousands == settled
    assert Schema.from_toml(schema.to_toml()) == schema


def test_keys_about_rows_and_aliases_are_written_read_and_in_the_digest_only_where_they_are_used() -> None:
    plain = Schema((Feature("Source", "category"),), outcome="s", won=("w",), created_at="c")
    said = Schema(
        (Feature("Source", "category", aliases=("LeadSource",)),),
        outcome="s",
        won=("w",),
        created_at="c",
        repeats="first",
        created_after="2026-01-05",
        imported="leave_out",
        overrides=("IsWon",),
    )
    assert Schema.from_toml(said.to_toml()) == said
    assert said.digest != plain.digest
    for key in ("repeats", "created_after", "imported", "overrides", "aliases"):
        assert key not in plain.to_toml()
    toml = '[lead]\ncreated_at = "c"\ncreated_after = 2026-01-05\n'
    assert Schema.from_toml(toml).created_after == "2026-01-05"


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"repeats": "latest"}, "repeats is 'latest'; it must be one of 'first', 'last'"),
        ({"imported": "yes"}, "imported is 'yes'"),
        ({"created_after": "2026-13-01", "created_at": "c"}, "created_after is no ISO date"),
        ({"created_after": "2026-01-01"}, "created_after needs created_at"),
    ],
)
def test_keys_about_rows_are_checked(keys: dict[str, str], words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        Schema((), **keys)
