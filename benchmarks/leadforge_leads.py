"""Leads of leadforge, an independent generator of a company's leads and their outcomes within 90 days."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.leads import Feature

__all__ = ["TIERS", "leadforge_leads"]

TIERS = ("intro", "intermediate", "advanced")
_RECIPE, _TASK = "b2b_saas_procurement_v1", "converted_within_90_days"
# Identifiers, and what its feature dictionary marks as a risk of leakage.
_NOT_SCORED = {"account_id", "contact_id", "lead_id", "lead_created_at", "total_touches_all", _TASK}


def leadforge_leads(
    tier: str, leads: int, *, seed: int = 0
) -> tuple[pd.DataFrame, NDArray[np.int64], tuple[Feature, ...]]:
    """Return raw values, outcomes and features, by the day the leads came in.

    Parameters
    ----------
    tier
        One of ``TIERS``, from easy to hard.
    leads, seed
        How many leads, and the seed of the generator.
    """
    from leadforge.api import Generator

    generator = Generator.from_recipe(_RECIPE, seed=seed, exposure_mode="student_public")
    with tempfile.TemporaryDirectory() as folder:
        generator.generate(n_leads=leads, difficulty=tier).save(folder)
        # The files are split at random; a history is read in time.
        parts = [pd.read_parquet(path) for path in sorted(Path(folder).rglob(f"{_TASK}/*.parquet"))]
    table = pd.concat(parts).sort_values(["lead_created_at", "lead_id"], kind="stable").reset_index(drop=True)
    won = table[_TASK].to_numpy(dtype=np.int64)
    names = [name for name in table.columns if name not in _NOT_SCORED]
    kinds = {name: "numeric" if table[name].dtype == "Float64" else "category" for name in names}
    features = tuple(Feature(name, kind) for name, kind in kinds.items())
    # As a file would hold them: text, and nothing where there is nothing.
    return table[names].astype("str").where(table[names].notna(), ""), won, features
