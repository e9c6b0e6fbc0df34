"""Where a bundle comes from: fingerprints and versions, nothing about a person."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from platform import python_version

import pandas as pd

from leadqual.bundle import Provenance
from leadqual.leads import Leads, Outcomes
from leadqual.leads.accounts import Dependence
from leadqual.scorecard import Choice

__all__ = ["data_fingerprint", "describe_origin"]

_LIBRARIES = ("leadqual", "numpy", "pandas", "scikit-learn", "glum")


def describe_origin(
    leads: Leads,
    outcomes: Outcomes,
    choice: Choice,
    *,
    fields: tuple[str, ...],
    seed: int,
    created_at: str,
    command: str,
    dependence: Dependence | None = None,
) -> Provenance:
    """Return the provenance of a bundle.

    Parameters
    ----------
    leads, outcomes
        What it was learned from.
    choice
        The settings that were chosen.
    fields
        The fields in the points table.
    seed, created_at, command
        As in `Provenance`.
    dependence
        How many accounts the mature leads belong to; None where the schema names none.
    """
    dropped = [feature.name for feature in leads.schema.scored if feature.name not in fields]
    settings = [
        ("strength", f"{choice.strength.common:g}"),
        ("prior_weight", f"{choice.strength.prior_weight:g}"),
        ("half_life", "none" if choice.half_life is None else f"{choice.half_life:.6g}"),
        ("chosen", f"walking forward, {len(choice.trials)} settings tried" if choice.trials else "defaults"),
    ]
    settings += [("fields left out, as they tell no leads apart", ", ".join(dropped))] if dropped else []
    if dependence is not None:
        settings += [("accounts", str(dependence.accounts)), ("account correlation", f"{dependence.correlation:g}")]
    return Provenance(
        created_at=created_at,
        command=command,
        data_fingerprint=data_fingerprint(leads),
        schema_digest=leads.schema.digest,
        leads=len(leads.table),
        mature=outcomes.won + outcomes.lost,
        won=outcomes.won,
        lost=outcomes.lost,
        open=outcomes.open,
        first_lead=outcomes.first_lead,
        last_lead=outcomes.last_lead,
        as_of=outcomes.as_of,
        seed=seed,
        settings=tuple(settings),
        versions=(("python", python_version()), *((name, _version(name)) for name in _LIBRARIES)),
    )


def data_fingerprint(leads: Leads) -> str:
    """Return SHA-256 over the columns that the schema uses, in the order of the leads.

    Each column is hashed value by value with pandas' stable 64-bit hash, then all hashes with SHA-256.
    """
    schema = leads.schema
    roles = (schema.outcome, schema.created_at, schema.closed_at, schema.order, schema.account)
    names = dict.fromkeys([*(role for role in roles if role), *(feature.name for feature in schema.scored)])
    sha = hashlib.sha256()
    for name in names:
        sha.update(f"{len(name)}:{name}:{len(leads.table)}".encode())
        column = leads.table[name]
        column = column if column.dtype.kind in "biufM" else column.astype("str")
        sha.update(pd.util.hash_pandas_object(column, index=False).to_numpy().tobytes())
    return sha.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
