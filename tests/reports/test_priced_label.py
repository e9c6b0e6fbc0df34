"""The measures of a price as people read them."""

import io

import pytest
from rich.console import Console

from leadqual.agreement import Price, Proposal
from leadqual.agreement.price import PricedMeasure
from leadqual.measures import PRICED_MEASURES
from leadqual.reports.agreement_terminal import show_price
from leadqual.reports.priced_label import priced_label


@pytest.mark.parametrize("wins_per", ["quarter", "1,000 leads"])
def test_the_terminal_names_and_writes_them_as_the_registry_says(wins_per):
    price = Price(
        proposal=Proposal("0" * 64),
        by="refit",
        leads=100,
        wins=20,
        leads_per_week=None,
        capacity_share=0.2,
        wins_per=wins_per,
        measures=tuple(PricedMeasure(name, 0.41234567, 0.51234567, 0.1, -0.05, 0.25) for name in PRICED_MEASURES),
        thresholds=(),
        moves={},
        regraded=(),
        before=None,
        after=None,
    )
    file = io.StringIO()
    show_price(Console(file=file, width=200), price)
    lines = file.getvalue().splitlines()
    for name, one in PRICED_MEASURES.items():
        (line,) = [line for line in lines if line.startswith(f"{priced_label(name, wins_per)}  ")]
        change, low, high = (one.written(value, signed=True) for value in (0.1, -0.05, 0.25))
        assert line.rstrip().endswith(f"{change} ({low} to {high})")
        assert f" {one.written(0.41234567)} " in line
        assert f" {one.written(0.51234567)} " in line
