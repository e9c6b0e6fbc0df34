"""One company written in several ways is one account; what strangers share is none."""

import numpy as np
import pandas as pd
import pytest

from leadqual.bundle.account_names import account_name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        *((written, "acme gmbh") for written in ("Acme GmbH", " acme  gmbh ", "ACME GMBH")),
        *((written, "acme.com") for written in ("https://www.acme.com", "http://acme.com/", "acme.com")),
        *((written, "7") for written in (7, 7.0, "7", "7.0", np.float32(7))),
        ("公司甲", "公司甲"),
    ],
)
def test_case_space_and_web_prefixes_do_not_matter(written, name):
    assert account_name(written) == name


@pytest.mark.parametrize(
    "written", ["", "  ", "gmail.com", "QQ.com", "private", "Self employed", "[Not  provided]", "個人", "-", None]
)
def test_what_strangers_share_names_nobody(written):
    assert account_name(written) is None


@pytest.mark.parametrize("written", [float("nan"), np.float32("nan"), pd.NA, pd.NaT], ids=str)
def test_a_missing_value_names_nobody(written):
    assert account_name(written) is None
