from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from leadqual.bundle import Bundle
from leadqual.bundle.field_points import Band, FieldPoints
from leadqual.bundle.points_table import PointsTable
from leadqual.monitoring import band_shift, input_drift, new_values, psi

SAMPLE = Bundle.load(Path(__file__).parents[2] / "models" / "sample.json")
SHARES = np.array([0.3, 0.25, 0.2, 0.15, 0.07, 0.03])
MOVED = np.array([0.12, 0.2, 0.2, 0.2, 0.16, 0.12])
A_WEEK, WEEKS_SEEN, TRAINED = 60, 4, 3000


def bundle(fields, shares=SHARES):
    """Return a bundle with that many fields, half of them numeric, of the same shares; the last band takes the rest."""
    bands = tuple(Band(f"b{i}", 0, float(share)) for i, share in enumerate(shares))
    listed = tuple(replace(band, other=i == len(bands) - 1) for i, band in enumerate(bands))
    table = PointsTable(
        tuple(
            FieldPoints(f"f{i}", "numeric", bands) if i % 2 else FieldPoints(f"f{i}", "category", listed)
            for i in range(fields)
        )
    )
    return replace(SAMPLE, points_table=table, provenance=replace(SAMPLE.provenance, mature=TRAINED))


def bands_of(rng, weeks, fields, start=None):
    """Return bands of each week's leads; from week ``start`` on the first field, a numeric and a listed one, moves."""
    codes = rng.choice(len(SHARES), p=SHARES, size=(weeks, A_WEEK, fields))
    if start is not None:
        codes[start:, :, :2] = rng.choice(len(SHARES), p=MOVED, size=(weeks - start, A_WEEK, 2))
    return codes


def looks(drawn, fields, weeks, start=None, seed=0):
    """Look every week at the last four; return for each look which fields were found, True for those with an alarm."""
    rng = np.random.default_rng(seed)
    # shares of the training leads are a sample of their own, the same one in every look
    watched = bundle(fields)
    trained = rng.multinomial(TRAINED, SHARES, size=fields) / TRAINED
    table = PointsTable(
        tuple(
            replace(
                field, bands=tuple(replace(band, share=float(s)) for band, s in zip(field.bands, shares, strict=True))
            )
            for field, shares in zip(watched.points_table.fields, trained, strict=True)
        )
    )
    watched = replace(watched, points_table=table)
    for week in range(WEEKS_SEEN, weeks + 1):
        rows = drawn[week - WEEKS_SEEN : week].reshape(-1, fields)
        recent = pd.DataFrame({"codes": [tuple(row) for row in rows.tolist()]})
        found = [*input_drift(watched, recent), *new_values(watched, recent)]
        alarms = {one.field for one in found if one.severity == "alarm"}
        yield {one.field: one.field in alarms for one in found if one.severity != "fine"}


def test_the_index_is_the_sum_it_says():
    a, b = np.array([40.0, 60.0]), np.array([10.0, 90.0])
    p, q = (a + 0.5) / 101, (b + 0.5) / 101
    assert psi(a, b) == pytest.approx(sum((q - p) * np.log(q / p)))
    assert psi(a, a) == 0


def test_each_band_is_tested_exactly_as_fisher_does():
    then, now = np.array([300, 200, 100]), np.array([20, 30, 40])
    tails = []
    for k in range(3):
        table = [[now[k], now.sum() - now[k]], [then[k], then.sum() - then[k]]]
        tails += [stats.fisher_exact(table, side).pvalue for side in ("less", "greater")]
    assert band_shift(then, now).p_value == pytest.approx(2 * 3 * min(tails))
    two, rest = now[:2].sum(), now[2]
    for side in ("less", "greater"):
        tails.append(stats.fisher_exact([[two, rest], [500, 100]], side).pvalue)
    assert band_shift(then, now, ordered=True).p_value == pytest.approx(2 * 4 * min(tails))


@pytest.mark.parametrize("size", [50, 100, 200, 1000])
def test_without_drift_at_most_one_in_twenty_is_found_where_a_fixed_limit_finds_most(size):
    rng = np.random.default_rng(size + 1)
    worlds, found, above = 400, 0, 0
    for seed in range(worlds):
        trained = rng.multinomial(TRAINED, SHARES).astype(float)
        shift = band_shift(trained, rng.multinomial(size, SHARES).astype(float), ordered=bool(seed % 2))
        found += shift.p_value <= 0.05
        above += shift.psi > 0.1
    assert found <= stats.binom.ppf(0.99, worlds, 0.05)
    if size == 50:
        assert above / worlds > 0.3


def test_a_year_of_weekly_looks_without_drift_raises_next_to_nothing():
    weeks = 52 + WEEKS_SEEN - 1
    for fields, worlds in ((10, 8), (100, 1)):
        for seed in range(worlds):
            rng = np.random.default_rng([fields, seed])
            assert not any(looks(bands_of(rng, weeks, fields), fields, weeks, seed=seed))


@pytest.mark.parametrize("fields", [10, 300])
def test_a_real_drift_is_an_alarm_within_a_few_weeks_among_hundreds_of_fields(fields):
    start = WEEKS_SEEN
    for seed in range(3):
        rng = np.random.default_rng([fields, seed])
        drawn = bands_of(rng, start + 5, fields, start)
        seen = list(looks(drawn, fields, start + 5, seed=seed))
        assert not seen[0]  # before it began
        assert seen[-1].keys() == {"f0", "f1"}
        assert all(seen[-1].values())


def test_new_values_are_counted_in_a_band_for_others_and_in_none():
    watched = bundle(2)
    rows = [(0, 0)] * 70 + [(5, 0)] * 20 + [(0, None)] * 40
    first, second = new_values(watched, pd.DataFrame({"codes": rows}))
    assert (first.field, first.figures["share"]) == ("f0", pytest.approx(20 / 130))
    assert (second.field, second.figures["share"], second.severity) == ("f1", pytest.approx(40 / 130), "alarm")
    assert first.figures["p_value"] == pytest.approx(
        stats.fisher_exact([[20, 110], [0.03 * TRAINED, 0.97 * TRAINED]], "greater").pvalue
    )
    assert (first.severity, first.remedy) == ("warning", "look at the data source")


def test_values_of_no_band_are_nothing_new_where_training_had_as_many():
    """After a refit in agreed bands the shares of the bands leave room for leads that have none."""
    watched = bundle(1, np.asarray(SHARES) * 0.8)
    none = [(None,)] * 100 + [(0,)] * 400
    (found,) = new_values(watched, pd.DataFrame({"codes": none}))
    assert (found.severity, found.figures["trained_share"]) == ("fine", pytest.approx(1 - 0.8 * 0.97))
    (found,) = new_values(bundle(1), pd.DataFrame({"codes": none}))
    assert found.severity == "warning"
