"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real lead data, or skip where LEADQUAL_REAL_DATA is unset."""
    folder = os.environ.get("LEADQUAL_REAL_DATA")
    if not folder:
        pytest.skip("LEADQUAL_REAL_DATA is not set: point it at the folder of real lead data to run this test")
    path = Path(folder)
    if not path.is_dir():
        pytest.fail(f"LEADQUAL_REAL_DATA is {folder}, which is not a folder")
    return path
