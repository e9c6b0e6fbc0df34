"""What a terminal says of an agreement agrees with what the agreement says of itself."""

import io

from rich.console import Console

from leadqual.agreement import Agreement
from leadqual.bundle import SignOff
from leadqual.reports.agreement_terminal import show_agreement


def shown(agreement):
    console = Console(file=io.StringIO(), width=120)
    show_agreement(console, agreement)
    return console.file.getvalue()


def test_a_role_is_one_role_however_an_earlier_version_wrote_it():
    ben = SignOff("Ben", "Marketing", "2026-05-01T09:00:00Z", "a" * 64)
    cai = SignOff("Cai", "finance", "2026-05-01T09:00:00Z", "a" * 64)
    agreement = Agreement("a" * 64, sign_offs=(ben, cai), parent="b" * 64, proposals=("c" * 64,))
    lines = shown(agreement).splitlines()
    assert "  marketing: signed by Ben, 2026-05-01T09:00:00Z" in lines
    assert "  sales: has not signed" in lines
    assert "  finance: signed by Cai, 2026-05-01T09:00:00Z" in lines
    assert sum("Ben" in line for line in lines) == 1
    assert agreement.missing == ("sales",)
    assert "  comes from bbbbbbbbbbbb, with 1 proposal" in lines
