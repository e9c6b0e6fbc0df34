"""Leads read by a schema: the table checked, dates turned into dates, everything else left as it came."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.choices import read_choices
from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.values import missing_of_kind, read_boolean, read_number
from leadqual.errors import LeadError, SchemaError
from leadqual.leads.left_out import without_deleted, without_imports, without_repeats
from leadqual.leads.outcome_flags import check_flags
from leadqual.leads.outcome_states import read_states
from leadqual.leads.schema import Feature, Schema
from leadqual.tables.dates import agreed_day_first, read_dates
from leadqual.tables.distinct import distinct_lists, distinct_values
from leadqual.tables.number_marks import scan_numbers
from leadqual.tables.odoo_cells import name_references
from leadqual.tables.rows import RowNumbers
from leadqual.tables.scanned_dates import scan_dates
from leadqual.tables.sources import Source, read_source, read_source_chunks, without_several
from leadqual.tables.units import scan_units

__all__ = ["MAX_UNREADABLE", "Leads", "as_leads", "read_leads", "read_table", "read_table_chunks"]

# Share of a feature's known values that training lets be unreadable; a larger one means that its kind is wrong.
MAX_UNREADABLE = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Leads:
    """Leads with the schema they were read by.

    Parameters
    ----------
    table
        The n leads, with a RangeIndex. The columns of ``created_at`` and ``closed_at`` are datetime64[us] in UTC
        without a zone; every other column is as it came, text where it came from a CSV.
    schema
        What its columns are.
    notes
        What was assumed or repaired in reading: counts and row numbers, never a value. Empty when nothing was.
    """

    table: pd.DataFrame
    schema: Schema
    notes: tuple[str, ...] = ()


def read_table(
    source: Source, *, query: str | None = None, encoding: str | None = None, sheet: str | None = None
) -> pd.DataFrame:
    r"""Read a table of leads as it is, before any schema.

    Parameters
    ----------
    source
        The path of a CSV or Parquet file or of an Excel workbook (.xlsx, .xlsm), ``"-"`` for standard input, an open
        file, a SQLAlchemy URL, engine or connection, or a DataFrame. A CSV may be in any usual encoding, with or
        without a byte order mark, separated by commas, semicolons, tabs or bars, and gzipped.
    query
        The SQL query, with a database.
    encoding
        The encoding of a CSV file, such as ``"windows-1251"``; None: it is found out.
    sheet
        The sheet of a workbook; None: the only one with a table.

    Returns
    -------
    pandas.DataFrame
        With a RangeIndex. All columns of a CSV are text, where an empty cell is missing and nothing else is. Rows that
        only continue the record above them (further tags, as Odoo exports them) are joined to it.

    Raises
    ------
    LeadError
        When the source is not there, is of another kind, is damaged, or has two columns of one name.

    Examples
    --------
    >>> import io
    >>> read_table(io.BytesIO(b"id;source\n007;n/a\n8;\n")).to_dict("list")
    {'id': ['007', '8'], 'source': ['n/a', nan]}
    """
    return read_source(source, query=query, encoding=encoding, sheet=sheet).table


def read_table_chunks(
    source: Source,
    *,
    rows: int = 50_000,
    encoding: str | None = None,
    sheet: str | None = None,
    note: Callable[[str], None] | None = None,
) -> Iterator[pd.DataFrame]:
    r"""Read a CSV or Parquet file, workbook, stream or DataFrame some rows at a time; otherwise as `read_table`.

    Parameters
    ----------
    source, encoding, sheet
        As for `read_table`; no database.
    rows
        How many leads come at a time.
    note
        Called with each sentence on what was assumed or left out, as it is found; None: nothing is said.

    Yields
    ------
    pandas.DataFrame
        At most ``rows`` leads with a RangeIndex of their own; at least one table, perhaps without leads.

    Examples
    --------
    >>> import io
    >>> [len(chunk) for chunk in read_table_chunks(io.BytesIO(b"id,a\n1,x\n2,y\n3,z\n"), rows=2)]
    [2, 1]
    """
    return read_source_chunks(source, rows, encoding=encoding, sheet=sheet, note=note)


def read_leads(
    source: Source,
    schema: Schema,
    *,
    require_outcome: bool = True,
    query: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Leads:
    """Read leads by a schema, and refuse what cannot be learned from.

    Rows are numbered as in the file: in a CSV the header is row 1 and the first lead row 2.

    Parameters
    ----------
    source, query
        As for `read_table`.
    schema
        What the columns are.
    require_outcome
        True to learn from the leads: the outcome and all roles must be there, no flag may contradict the outcome, each
        id must be there once (rows that are equal throughout are dropped, others as the schema's ``repeats`` says),
        deleted records and what the schema leaves out are dropped and counted, and a feature may have at most 10 %
        values that its kind cannot read, and 5 % in another unit. False for leads to be scored: only the scored
        features must be there, and the rest is noted.
    encoding, sheet
        As for `read_table`; None: what the schema says.

    Raises
    ------
    SchemaError
        When a column is missing, or an outcome value is not listed.
    LeadError
        When the source cannot be read, has no leads, or has values that must be mended; the message names the rows.

    Examples
    --------
    >>> schema = Schema((Feature("visits", "numeric"),), outcome="status", won=("Won",), lost=("Lost",), id="id")
    >>> table = pd.DataFrame({"id": [1, 2, 2], "visits": ["1,200", "3", "3"], "status": ["Won", "Lost", "Lost"]})
    >>> leads = read_leads(table, schema)
    >>> len(leads.table), leads.notes
    (2, ('1 rows that repeat another throughout were dropped: row 3 (the first lead is row 1).',))
    """
    found = read_source(source, query=query, encoding=encoding or schema.encoding, sheet=sheet or schema.sheet)
    lists = [feature.name for feature in schema.features if feature.kind == "choices"]
    (table, named), rows = name_references(found.table, leave=lists), found.rows
    notes = [*found.notes, *named]
    for place, name in enumerate(table.columns):
        if name not in lists:
            table, more = without_several(table, place, rows, lists=False)
            notes += more
    if require_outcome and schema.outcome is None:
        raise SchemaError("the schema names no outcome; name the column in [outcome], with the values that mean won.")
    _require_columns(table, schema, require_outcome)
    if not len(table):
        raise LeadError("the table has columns but no leads; export it again with its rows.")
    if require_outcome:
        table, rows, more = without_deleted(table, schema, rows)
        read_states(table, schema)
        notes += [*more, *check_flags(table, schema)]
        table, rows, more = without_repeats(table, schema, rows)
        notes += more
    else:
        notes += _repeated_ids(table, schema, rows)
    table, more = _with_dates(table, schema, rows)
    notes += more
    if require_outcome:
        table, rows, more = without_imports(table, schema, rows)
        notes += more
    for feature in schema.scored:
        notes += _unreadable(table[feature.name], feature, schema, rows, refuse=require_outcome)
        if feature.kind == "numeric":
            notes += _units(table[feature.name], feature, refuse=require_outcome)
            notes += _two_ways(table[feature.name], feature)
    return Leads(table.reset_index(drop=True), schema, tuple(notes))


def as_leads(leads: Leads | Source, schema: Schema | None) -> Leads:
    """Return leads as they are where they were read, else read them by the schema.

    Parameters
    ----------
    leads
        What `read_leads` returned, or a source as for `read_leads`.
    schema
        What the columns are; None for leads that were read.

    Raises
    ------
    SchemaError
        When a source comes without a schema, or leads come with another schema than the one they were read by.

    Examples
    --------
    >>> schema = Schema((Feature("visits", "numeric"),), outcome="status", won=("Won",), lost=("Lost",))
    >>> leads = as_leads(pd.DataFrame({"visits": ["1", "3"], "status": ["Won", "Lost"]}), schema)
    >>> as_leads(leads, None) is leads
    True
    """
    if isinstance(leads, Leads):
        if schema is not None and schema != leads.schema:
            raise SchemaError(
                "the leads were read by another schema than the one passed, there must be one; pass the leads alone, "
                "or the table with its schema."
            )
        return leads
    if not isinstance(schema, Schema):
        found = "none" if schema is None else f"a {type(schema).__name__}"
        raise SchemaError(
            f"the leads came as a table or file with {found} as schema, it must be a Schema; pass "
            "infer_schema(table).schema or Schema.read(path)."
        )
    return read_leads(leads, schema)


def _require_columns(table: pd.DataFrame, schema: Schema, require_outcome: bool) -> None:
    later = {feature.name for feature in schema.features if feature.known == "later"}
    needed = schema.columns if require_outcome else tuple(feature.name for feature in schema.scored)
    missing = [name for name in needed if name not in table.columns and name not in later]
    if not missing:
        return
    named = "; ".join(f"{name!r}{_close_to(name, table.columns)}" for name in missing)
    raise SchemaError(
        f"{len(missing)} of the {len(needed)} columns that the schema needs are not in the table: {named}; correct the "
        "schema, or export them as well."
    )


def _close_to(name: str, columns: Iterable[str]) -> str:
    plain = {column.casefold().strip(): column for column in columns}
    close = difflib.get_close_matches(name.casefold().strip(), plain, n=1, cutoff=0.75)
    return f" (the table has {plain[close[0]]!r})" if close else ""


def _repeated_ids(table: pd.DataFrame, schema: Schema, rows: RowNumbers) -> list[str]:
    if schema.id is None or schema.id not in table.columns:
        return []
    again = table.duplicated(schema.id).to_numpy() & distinct_values(table[schema.id], schema.missing_values).known
    return [f"{schema.id} repeats an earlier one in {rows.named(again)}."] if again.any() else []


def _with_dates(table: pd.DataFrame, schema: Schema, rows: RowNumbers) -> tuple[pd.DataFrame, list[str]]:
    names = [name for name in (schema.created_at, schema.closed_at) if name in table.columns]
    scanned = {str(name): scan_dates(table[name], schema.missing_values) for name in names}
    read: dict[str, NDArray[np.datetime64]] = {}
    notes: list[str] = []
    others = agreed_day_first(scanned.values())  # a column with evidence of its own goes by that
    for name, dates in scanned.items():
        read[name], more = read_dates(name, dates, rows, day_first=schema.day_first, others=others)
        notes += more
    return table.assign(**read), notes


def _unreadable(column: pd.Series, feature: Feature, schema: Schema, rows: RowNumbers, *, refuse: bool) -> list[str]:
    """Note the values that the feature's kind cannot read; refuse them where they are many."""
    if feature.kind == "category" or column.dtype.kind in "fiub":
        return []
    if feature.kind == "choices":
        return _unreadable_lists(column, feature, schema, rows, refuse=refuse)
    distinct = distinct_values(column, missing_of_kind(feature.kind, schema.missing_values))
    bad = distinct.spread(~_readable(distinct.values, feature) & ~distinct.missing)
    if not bad.any():
        return []
    count, total = int(bad.sum()), int(distinct.known.sum())
    what = "numbers" if feature.kind == "numeric" else "Yes or No"
    note = f"{count} of its {total} values are not {what}, in {rows.named(bad)}"
    if refuse and count > MAX_UNREADABLE * total:
        other = "," if feature.decimal == "." else "."
        mark = f'decimal = "{other}" or ' if feature.kind == "numeric" else ""
        raise LeadError(
            f'{feature.name} is {feature.kind}, but {note}; set {mark}kind = "category" for it, or correct them.'
        )
    return [f"{feature.name} is {feature.kind}, but {note}; they count as values that cannot be read."]


def _unreadable_lists(
    column: pd.Series, feature: Feature, schema: Schema, rows: RowNumbers, *, refuse: bool
) -> list[str]:
    separator, found = feature.separator or ";", distinct_lists(column)
    nothing = MissingCodes.of(schema.missing_values)
    bad = found.spread(
        np.fromiter(
            (read_choices(value, separator, nothing) is None for value in found.values), np.bool_, len(found.values)
        )
    )
    if not bad.any():
        return []
    note = f"{feature.name} is a list of choices, but {int(bad.sum())} of its cells are no list, in {rows.named(bad)}"
    if refuse and bad.sum() > MAX_UNREADABLE * (found.codes >= 0).sum():
        raise LeadError(f"{note}; set the separator that stands between its choices, or correct them.")
    return [f"{note}; they count as values that cannot be read."]


def _units(column: pd.Series, feature: Feature, *, refuse: bool) -> list[str]:
    """Note values in several units; refuse them where less than 95 % share one."""
    if column.dtype.kind in "fiub":
        return []
    units = scan_units(column)
    if not units.mixed:
        return []
    note = f"{feature.name} has values in several units ({units.listed})"
    if refuse and units.several:
        raise LeadError(
            f'{note}, 95% must share one to be compared; convert them to one unit, or set known = "later" for it.'
        )
    return [f"{note}, which are read as bare numbers; convert them to one unit."]


def _two_ways(column: pd.Series, feature: Feature) -> list[str]:
    """Note numbers that may be thousands where the schema reads them as decimals."""
    if column.dtype.kind in "fiub" or feature.thousands is not None:
        return []
    marks = scan_numbers(column)
    if marks.asks is None or marks.asks != feature.decimal:
        return []
    other = "." if feature.decimal == "," else ","
    count = marks.open[marks.asks]
    return [
        (
            f"{feature.name} has {count:,} different numbers such as 1{marks.asks}200, all with three digits behind "
            f'the mark, read as 1.2; where they are thousands, set decimal = "{other}" and thousands = "{marks.asks}".'
        )
    ]


def _readable(values: list[object], feature: Feature) -> NDArray[np.bool_]:
    if feature.kind == "boolean":
        return np.fromiter((read_boolean(value) is not None for value in values), np.bool_, len(values))
    decimal, thousands = feature.decimal or ".", feature.thousands
    return np.fromiter((read_number(value, decimal, thousands) is not None for value in values), np.bool_, len(values))
