"""Leads whose true points are known."""

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="session")
def history() -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """3,000 leads: need and visits matter, noise does not; with their outcomes and true log-odds."""
    rng = np.random.default_rng(7)
    n = 3000
    need = rng.choice(["urgent", "planned", "vague"], n, p=[0.2, 0.5, 0.3])
    visits = rng.poisson(4, n).astype(float)
    visits[rng.random(n) < 0.1] = np.nan
    noise = rng.choice(list("abcdefgh"), n)
    logits = -1.2 + pd.Series(need).map({"urgent": 1.2, "planned": 0.0, "vague": -1.0}).to_numpy()
    logits = logits + np.where(np.isnan(visits), -0.3, np.minimum(np.nan_to_num(visits), 8) * 0.2 - 0.8)
    won = (rng.random(n) < 1 / (1 + np.exp(-logits))).astype(int)
    table = pd.DataFrame({"need": need, "visits": visits, "noise": noise, "call_me": rng.random(n) < 0.3})
    return table, won, logits
