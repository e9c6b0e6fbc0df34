"""Fixtures that every test may use."""

import importlib.util
import os
from pathlib import Path
from types import ModuleType

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


@pytest.fixture(scope="session")
def strategies() -> ModuleType:
    """Return the Hypothesis strategies for valid bundles and odd leads (tests/bundle/strategies.py)."""
    # by path, as tests are no package; draw from it with st.data()
    spec = importlib.util.spec_from_file_location("strategies", Path(__file__).parent / "bundle" / "strategies.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
