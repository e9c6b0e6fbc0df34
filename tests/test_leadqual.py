"""The package is a map: every name is there, and nothing is loaded before it is used."""

import subprocess
import sys

import pytest

import leadqual


def test_every_name_comes_from_its_home():
    for name in leadqual.__all__:
        thing = getattr(leadqual, name)
        assert thing.__module__.startswith("leadqual.")
        assert thing.__doc__
    assert set(leadqual.__all__) <= set(dir(leadqual))


def test_an_unknown_name_is_named_with_those_there_are():
    with pytest.raises(AttributeError, match="leadqual has no 'Predictor'; it has Bundle"):
        _ = leadqual.Predictor


def test_importing_the_package_loads_nothing_else():
    code = "import leadqual, sys; print(sorted(m for m in sys.modules if m.startswith('leadqual') or m == 'numpy'))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "['leadqual']"
