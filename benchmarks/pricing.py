"""How long it takes to price a proposal: on 50,000 held-out leads it must be quick enough to talk over it.

python -m benchmarks.pricing
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from benchmarks.machine import described, table
from benchmarks.planted import planted_leads
from leadqual.agreement import CapBand, Edit, LaterLeads, LeaveOut, Proposal, hold_later, price
from leadqual.leads import Feature, Schema, label_outcomes, read_leads
from leadqual.training import train

__all__ = ["held_leads", "main"]


def held_leads(leads: int, *, seed: int = 0) -> LaterLeads:
    """Return leads of 30 fields, a quarter of them later ones."""
    planted = planted_leads(leads, seed=seed)
    numbers = planted.table.select_dtypes("number").columns
    features = tuple(Feature(str(n), "numeric" if n in numbers else "category") for n in planted.table.columns)
    columns = planted.table.assign(won=np.where(planted.won == 1, "1", "0"), row=np.arange(leads))
    known = read_leads(columns, Schema(features, outcome="won", won=("1",), lost=("0",), order="row"))
    few = read_leads(columns[:20_000], known.schema)
    # the bands of a bundle of fewer leads will do: what is timed is the price
    bundle = train(few, name="priced").bundle
    return hold_later(bundle, known, label_outcomes(known))


def main() -> None:
    """Print a table."""
    print(described())
    held = held_leads(200_000)
    field = max(held.deployed.fields, key=lambda one: max(band.points for band in one.bands))
    band = max(field.bands, key=lambda one: one.points)
    proposals = {
        "a cap": Edit(CapBand(field.name, band.label, at_most=3)),
        "a field left out": Edit(LeaveOut(field.name)),
    }
    rows = []
    for name, edit in proposals.items():
        for by in ("override", "refit"):
            took = []
            for _ in range(5 if by == "override" else 3):
                started = time.perf_counter()
                price(Proposal(held.bundle, (edit,)), held, by=by)
                took.append(1000 * (time.perf_counter() - started))
            rows.append([name, by, f"{min(took):,.0f}", f"{pd.Series(took).median():,.0f}"])
    print(f"\n{len(held.later):,} later leads, {len(held.earlier):,} earlier, {len(held.table.fields)} fields.\n")
    print(table(["", "by", "milliseconds, fastest", "median"], rows))


if __name__ == "__main__":
    main()
