from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from sklearn.metrics import log_loss

from leadqual.agreement import (
    BringBack,
    CapBand,
    Edit,
    ForceDirection,
    LeaveOut,
    MergeBands,
    MoveThreshold,
    PinBand,
    Proposal,
    SetCapacity,
    SplitBand,
    hold_later,
    override,
    price,
    refit,
)
from leadqual.calibration.candidates import logistic
from leadqual.errors import EvidenceError, PolicyError, ProposalError
from leadqual.scorecard import lead_points


def proposed(company, *changes):
    return Proposal(company.bundle.digest, tuple(Edit(change) for change in changes))


def best(company):
    field = max(company.bundle.points_table.fields, key=lambda f: max(b.points for b in f.bands))
    return field, max(field.bands, key=lambda band: band.points)


def test_the_later_leads_are_new_to_the_points_they_are_judged_by(company):
    held = company.held
    assert held.table.names == company.bundle.points_table.names
    assert [len(f.bands) for f in held.table.fields] == [len(f.bands) for f in company.bundle.points_table.fields]
    # other later outcomes change nothing about the points
    outcomes = company.outcomes
    label = outcomes.label.copy()
    late = np.argsort(outcomes.time)[-len(held.later) :]
    late = late[outcomes.mature[late]]
    label[late] = 1 - label[late]
    assert hold_later(company.bundle, company.leads, replace(outcomes, label=label)).table == held.table


def test_points_of_any_table_are_those_that_the_scorer_gives(company):
    held = company.held
    field, band = best(company)
    number = next(f for f in held.table.fields if f.kind == "numeric")
    changes = [
        PinBand(field.name, band.label, 3),
        LeaveOut(held.table.fields[-1].name),
        MergeBands(number.name, (number.bands[0].label, number.bands[1].label)),
    ]
    for table in (held.table, override(held.table, changes)):
        earlier, later = held.points(table)
        assert earlier.tolist() == lead_points(table, held.earlier).tolist()
        assert later.tolist() == lead_points(table, held.later).tolist()


def test_nothing_changed_costs_nothing(company):
    for by in ("override", "refit"):
        found = price(proposed(company), company.held, by=by)
        assert [measure.difference for measure in found.measures] == [0.0] * 5
        assert found.moves == {}
        assert found.regraded_share == 0
        assert str(found).startswith("Nothing changed: no change in wins per quarter at ")


def test_every_figure_is_what_it_says(company):
    field, band = best(company)
    held = company.held
    found = price(proposed(company, PinBand(field.name, band.label, -20)), held, repetitions=50)
    won = held.later_won
    for side, key in ((found.before, "before"), (found.after, "after")):
        assert getattr(found.measure("log_loss"), key) == pytest.approx(log_loss(won, side.probability))
        ratio = side.probability.sum() / won.sum()
        assert getattr(found.measure("predicted_over_actual"), key) == pytest.approx(ratio)
        sqls = side.points >= side.policy.sql_points
        assert getattr(found.measure("precision_sql"), key) == pytest.approx(won[sqls].mean())
        # the best leads one by one, those of the same points in a random order, many times
        rng, room = np.random.default_rng(0), found.capacity_share * len(won)
        caught = []
        for _ in range(400):
            order = np.lexsort((rng.random(len(won)), -side.points))
            whole = int(room)
            caught.append(won[order[:whole]].sum() + (room - whole) * won[order[whole]])
        per_quarter = np.mean(caught) / len(won) * 13 * held.leads_per_week
        assert getattr(found.measure("wins_at_capacity"), key) == pytest.approx(per_quarter, rel=0.02)
    assert found.measure("log_loss").difference > 0
    changed = dict.fromkeys(found.moves, 0)
    for a, b in zip(found.before.points, found.after.points, strict=True):
        pair = (found.before.policy.grade(int(a)).name, found.after.policy.grade(int(b)).name)
        if pair[0] != pair[1]:
            changed[pair] += 1
    assert dict(found.moves) == changed
    for name in held.segments:
        mine = [one for one in found.regraded if one.field == name]
        assert sum(one.up + one.down for one in mine) == sum(found.moves.values())


def test_probabilities_are_calibrated_on_the_earlier_leads(company):
    field, band = best(company)
    held = company.held
    found = price(proposed(company, PinBand(field.name, band.label, -20)), held)
    earlier, _ = held.points(found.after.table)
    x = (earlier - 100) * np.log(2) / 20 + np.log(held.base_rate / (1 - held.base_rate))
    centre = float(np.average(x, weights=held.weight))

    prior = logistic(centre)

    def loss(b):
        logits = b[0] + b[1] * (x - centre)
        fit = np.sum(held.weight * (np.log1p(np.exp(logits)) - held.earlier_won * logits))
        return fit + np.sum(((b - np.array(prior.start)) / np.array(prior.spread)) ** 2) / 2

    found_by_another = minimize(loss, [centre, 1.0], tol=1e-10).x
    later = (found.after.points - 100) * np.log(2) / 20 + np.log(held.base_rate / (1 - held.base_rate))
    p = 1 / (1 + np.exp(-(found_by_another[0] + found_by_another[1] * (later - centre))))
    assert np.abs(p - found.after.probability).max() < 1e-4


def test_intervals_hold_the_difference_and_come_from_the_seed(company):
    field, _ = best(company)
    found = price(proposed(company, LeaveOut(field.name)), company.held)
    for measure in found.measures:
        assert measure.low <= measure.difference <= measure.high
    assert price(proposed(company, LeaveOut(field.name)), company.held).measures == found.measures
    assert price(proposed(company, LeaveOut(field.name)), company.held, seed=1).measures != found.measures
    assert found.measure("wins_at_capacity").difference < 0
    assert "fewer wins per quarter (" in str(found)


def test_capacity_and_thresholds_move_as_proposed(company):
    half = price(proposed(company, SetCapacity(share=0.1)), company.held)
    assert half.capacity_share == 0.1
    assert half.measure("wins_at_capacity").difference < 0
    assert half.measure("log_loss").difference == 0


@pytest.mark.parametrize("step", [-7, 0, 3])
def test_a_threshold_moves_by_as_much_as_the_one_in_force(company, step):
    policy = company.held.policy
    sql = price(proposed(company, MoveThreshold("SQL", policy.sql_points + step)), company.held)
    assert sql.after.policy.sql_points == sql.before.policy.sql_points + step
    assert sql.capacity_share == pytest.approx((sql.after.points >= sql.after.policy.sql_points).mean())
    mql = price(proposed(company, MoveThreshold("MQL", policy.mql_points + step)), company.held)
    assert mql.after.policy.mql_points == mql.before.policy.mql_points + step
    assert mql.after.policy.sql_points == mql.before.policy.sql_points
    assert mql.measure("wins_at_capacity").difference == pytest.approx(0, abs=5)
    if step == 0:
        assert sql.moves == mql.moves == {}


def test_thresholds_in_order_where_they_are_in_force_are_never_out_of_order(company):
    policy = company.held.policy
    wide = replace(policy, mql_points=policy.sql_points - 40)
    held = replace(company.held, policy=wide)
    found = price(proposed(company, MoveThreshold("MQL", policy.sql_points)), held).after.policy
    assert found.mql_points == found.sql_points
    a = price(proposed(company, MoveThreshold("A", policy.sql_points + 1)), company.held).after.policy.grades
    assert a[0].minimum_points > a[1].minimum_points
    with pytest.raises(PolicyError):
        price(proposed(company, MoveThreshold("MQL", policy.sql_points + 200)), company.held)


@pytest.mark.parametrize(("name", "points"), [("MQL", 1000), ("A", -1000), ("SQL", -1000)])
def test_thresholds_out_of_order_are_named_as_they_were_proposed(company, name, points):
    """Not by where they lie on the points that a price is made on, which nobody has seen."""
    with pytest.raises(PolicyError, match="puts thresholds out of order") as refused:
        price(Proposal(company.bundle.digest).with_edit(Edit(MoveThreshold(name, points))), company.held)
    said = str(refused.value)
    assert said.startswith(f"{'grade ' if name == 'A' else ''}{name} from {points} points puts")
    assert not any(character.isdigit() for character in said.replace(str(points), ""))


def test_a_refit_holds_what_is_demanded_and_moves_the_rest(company):
    field, band = best(company)
    number = next(f for f in company.held.table.fields if f.kind == "numeric" and len(f.bands) > 3)
    changes = [CapBand(field.name, band.label, at_most=4), ForceDirection(number.name, "down")]
    table = refit(changes, company.held)
    held = {b.label: b.points for b in table.field(field.name).bands}
    assert held[band.label] <= 4
    falling = [b.points for b in table.field(number.name).bands if b.interval is not None]
    assert falling == sorted(falling, reverse=True)
    others = [f.name for f in table.fields if f.name not in (field.name, number.name)]
    assert any(table.field(name) != company.held.table.field(name) for name in others)
    assert override(company.held.table, changes[:1]).field(others[0]) == company.held.table.field(others[0])


def test_a_refit_knows_split_and_merged_bands(company):
    number = next(f for f in company.held.table.fields if f.kind == "numeric")
    low = number.bands[0]
    at = low.interval[1] / 2
    split = refit([SplitBand(number.name, low.label, at=at)], company.held)
    assert len(split.field(number.name).bands) == len(number.bands) + 1
    merged = refit([MergeBands(number.name, (low.label, number.bands[1].label))], company.held)
    assert len(merged.field(number.name).bands) == len(number.bands) - 1


def test_a_field_left_out_can_be_brought_back(company):
    field = company.held.table.fields[0]
    without = replace(company.held.table, fields=company.held.table.fields[1:])
    held = replace(
        company.held,
        table=without,
        deployed=replace(company.bundle.points_table, fields=company.bundle.points_table.fields[1:]),
        earlier_codes=company.held.earlier_codes[1:],
        later_codes=company.held.later_codes[1:],
        earlier_points=lead_points(without, company.held.earlier),
        later_points=lead_points(without, company.held.later),
    )
    back = proposed(company, BringBack(field.name))  # as if the bundle had been trained without it
    found = price(back, held, by="refit")
    assert field.name in found.after.table.names
    assert found.measure("log_loss").difference < 0.001
    with pytest.raises(ProposalError, match="only a refit"):
        price(back, held)
    with pytest.raises(ProposalError, match="not a feature of the schema"):
        price(proposed(company, BringBack("Shoe size")), held, by="refit")


def test_a_field_that_is_known_only_later_cannot_be_brought_back(company):
    later = next(feature.name for feature in company.leads.schema.features if feature.known == "later")
    assert later in company.held.earlier.columns
    with pytest.raises(ProposalError, match="known when a lead is created"):
        price(proposed(company, BringBack(later)), company.held, by="refit")


def test_what_cannot_be_priced_is_refused(company):
    field, band = best(company)
    with pytest.raises(ProposalError, match="about other points"):
        price(Proposal("0" * 64), company.held)
    pins = PinBand(field.name, band.label, 1), PinBand(field.name, band.label, 2)
    with pytest.raises(ProposalError, match="conflict"):
        price(proposed(company, *pins), company.held)
    with pytest.raises(ProposalError, match='"override" or "refit"'):
        price(proposed(company), company.held, by="magic")
    table = company.leads.table.drop(columns=[field.name])
    with pytest.raises(EvidenceError, match=f"lack 1 of the bundle's .* fields \\({field.name}\\)"):
        hold_later(company.bundle, replace(company.leads, table=table), company.outcomes)


def test_segments_are_counts_of_ten_or_more_and_no_person(company):
    for segments in company.held.segments.values():
        counts = np.bincount(segments.place, minlength=len(segments.values))
        assert counts.sum() == len(company.held.later)
        assert (counts[:-1] >= 10).all()
        assert segments.values[-1] == "(others)"
    found = price(proposed(company, SetCapacity(share=0.4)), company.held).to_dict()
    assert found["said"].startswith("capacity 40% of leads: ")
    assert {entry["field"] for entry in found["regraded"]} <= set(company.held.segments)


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_an_override_of_any_band_changes_only_the_points_of_its_leads(company, data):
    field = data.draw(st.sampled_from(company.bundle.points_table.fields))
    band = data.draw(st.sampled_from(field.bands))
    by = data.draw(st.integers(-60, 60))
    found = price(proposed(company, PinBand(field.name, band.label, band.points + by)), company.held, repetitions=10)
    gained = found.after.points - found.before.points
    assert set(np.unique(gained)) <= {0, by}
    assert (gained != 0).mean() == pytest.approx(0 if by == 0 else (gained == by).mean())
