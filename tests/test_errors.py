import pytest

import leadqual.errors
from leadqual.errors import LeadqualError

REFUSALS = [name for name in leadqual.errors.__all__ if name not in ("LeadqualError", "OutcomeWarning", "counted")]


@pytest.mark.parametrize("name", REFUSALS)
def test_every_refusal_can_be_caught_as_one_and_as_pythons_own(name):
    error = getattr(leadqual.errors, name)
    assert issubclass(error, LeadqualError)
    assert issubclass(error, ImportError if name == "DependencyError" else ValueError)
    with pytest.raises(LeadqualError, match=r"^got this, must be that; do this\.$"):
        raise error("got this, must be that; do this.")


def test_every_exception_of_the_module_is_listed_and_says_when_it_is_raised():
    found = {name: value for name, value in vars(leadqual.errors).items() if isinstance(value, type)}
    assert set(found) == set(leadqual.errors.__all__) - {"counted"}
    assert all(value.__doc__ for value in found.values())
