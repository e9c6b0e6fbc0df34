import numpy as np
from scipy.stats import binomtest

from leadqual.agreement import similar_leads
from leadqual.agreement.later_leads import whole_history
from leadqual.bundle import PointsTable
from leadqual.scorecard import lead_points


def test_the_nearest_are_those_whose_fields_are_worth_the_same(company):
    held, everyone = company.held, whole_history(company.held)
    lead = held.later.iloc[5].to_dict()
    found = similar_leads(lead, held, most=30)
    distance = np.zeros(len(everyone.earlier), dtype=int)
    for field in company.bundle.points_table.fields:
        alone = PointsTable((field,), missing_values=company.bundle.points_table.missing_values)
        distance += np.abs(lead_points(alone, everyone.earlier) - lead_points(alone, held.later.iloc[[5]])[0])
    assert found.distance.tolist() == np.sort(distance)[:30].tolist()
    assert len(held.earlier) + 5 in found.rows
    assert found.won.tolist() == everyone.earlier_won[found.rows].tolist()
    exact = binomtest(int(found.won.sum()), 30).proportion_ci(0.95, "exact")
    assert abs(found.low - exact.low) + abs(found.high - exact.high) < 1e-9


def test_a_lead_without_a_field_is_compared_as_one_that_lacks_it(company):
    lead = company.held.later.iloc[0].to_dict()
    name = company.bundle.points_table.fields[0].name
    without = {key: value for key, value in lead.items() if key != name}
    assert len(similar_leads(without, company.held, most=10).rows) == 10
