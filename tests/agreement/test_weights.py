import numpy as np
import pytest
from scipy.stats import binomtest

from leadqual.agreement import Edit, LeaveOut, Proposal, explain_weights, price
from leadqual.agreement.later_leads import whole_history
from leadqual.audit import audit_leads
from leadqual.errors import ProposalError
from leadqual.scorecard import refit_points


@pytest.fixture(scope="module")
def weights(company):
    audit = audit_leads(company.leads, company.outcomes)
    return explain_weights(company.bundle, company.held, audit=audit, repetitions=100)


def test_every_field_and_band_is_there_and_those_that_add_most_come_first(company, weights):
    assert {one.field for one in weights.fields} == set(company.bundle.points_table.names)
    added = [one.log_loss.difference for one in weights.fields]
    assert added == sorted(added, reverse=True)
    for one in weights.fields:
        field = company.bundle.points_table.field(one.field)
        assert [(b.label, b.points) for b in one.bands] == [(b.label, b.points) for b in field.bands]


def test_leads_and_wins_add_up_and_rates_have_exact_intervals(company, weights):
    for one in weights.fields:
        assert sum(band.leads for band in one.bands) <= weights.leads
        if all(b.leads for b in one.bands):
            assert sum(band.leads for band in one.bands) == weights.leads
            assert sum(band.wins for band in one.bands) == weights.wins
        for band in one.bands:
            if band.leads:
                exact = binomtest(band.wins, band.leads).proportion_ci(0.95, "exact")
                assert (band.low, band.high) == pytest.approx((exact.low, exact.high))
                assert band.win_rate == band.wins / band.leads


def test_what_a_field_adds_is_the_price_of_leaving_it_out(company, weights):
    first = weights.fields[0]
    without = Proposal(company.bundle.digest, (Edit(LeaveOut(first.field)),))
    cost = price(without, company.held, by="refit", repetitions=100)
    assert first.log_loss == cost.measure("log_loss")
    wins = cost.measure("wins_at_capacity")
    assert first.wins.difference == -wins.difference
    assert (first.wins.low, first.wins.high) == (-wins.high, -wins.low)
    assert first.wins.low <= first.wins.difference <= first.wins.high


def test_points_by_block_are_those_of_each_fifth_of_the_time(company, weights):
    everyone = whole_history(company.held)
    rows = np.array_split(np.argsort(everyone.earlier_time, kind="stable"), 5)[-1]
    table = refit_points(
        company.held.table, everyone.earlier.iloc[rows], everyone.earlier_won[rows], strength=company.held.strength
    )
    for one in weights.fields:
        assert [band.by_block[-1] for band in one.bands] == [b.points for b in table.field(one.field).bands]
        for band in one.bands:
            known = [points for points in band.by_block if points is not None]
            assert band.spread == max(known) - min(known)
            if len(known) == 5:
                assert band.trend == (known[3] + known[4] - known[0] - known[1]) / 2


def test_it_is_a_frame_and_a_table_in_a_notebook(weights):
    frame = weights.to_frame()
    assert len(frame) == sum(len(one.bands) for one in weights.fields)
    assert list(frame["field"].drop_duplicates()) == [one.field for one in weights.fields]
    html = weights._repr_html_()
    assert html.count("<tr>") == len(frame)
    assert "adds_wins" in html


def test_weights_of_another_bundle_are_refused(company):
    from dataclasses import replace

    with pytest.raises(ProposalError, match="held for another bundle"):
        explain_weights(replace(company.bundle, base_rate=0.5), company.held)
