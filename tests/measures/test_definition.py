"""The registry of measures: every one that is computed is in it, and every display takes name and format from it."""

import json
import re
from importlib.resources import files

import numpy as np
import pytest

from leadqual.bundle import Measure, Performance
from leadqual.evaluation import performance
from leadqual.measures import PERFORMANCE_MEASURES, PRICED_MEASURES
from leadqual.reports.compared_measures import compare
from leadqual.reports.language import LANGUAGES, catalogue
from leadqual.reports.priced_label import priced_label

DEFINITIONS = (*PERFORMANCE_MEASURES.values(), *PRICED_MEASURES.values())


def words(language):
    text = files("leadqual.reports").joinpath("words", language, "measures.json").read_text("utf-8")
    return json.loads(text)


def test_what_is_measured_is_defined():
    figures = performance("scorecard", [1, 0] * 60, np.linspace(0.1, 0.9, 120))
    assert {one.name for one in figures.measures} == set(PERFORMANCE_MEASURES)
    for name, one in (*PERFORMANCE_MEASURES.items(), *PRICED_MEASURES.items()):
        assert one.name == name


def test_a_measure_of_both_is_the_same_unless_its_unit_is_another():
    both = set(PERFORMANCE_MEASURES) & set(PRICED_MEASURES)
    same = {name for name in both if PERFORMANCE_MEASURES[name] == PRICED_MEASURES[name]}
    assert same == {"log_loss", "predicted_over_actual"}
    assert {(PERFORMANCE_MEASURES[name].unit, PRICED_MEASURES[name].unit) for name in both - same} == {
        ("share", "wins")
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_measure_has_its_words_and_no_words_are_left_over(language):
    of_performance = {f"measure_{name}" for name in PERFORMANCE_MEASURES}
    of_price = {f"measure_{name}" for name in PRICED_MEASURES if name != "wins_at_capacity"}
    per = {"measure_wins_per_quarter", "measure_wins_per_1,000_leads"}
    assert set(words(language)) == of_performance | of_price | per
    labels = [words(language)[key] for key in sorted(of_performance)]
    assert len(set(labels)) == len(labels)
    for name in PRICED_MEASURES:
        for wins_per in ("quarter", "1,000 leads"):
            assert priced_label(name, wins_per, language) in words(language).values()


@pytest.mark.parametrize("one", DEFINITIONS, ids=lambda one: f"{one.name}-{one.unit}")
def test_the_best_value_is_the_one_that_its_direction_says(one):
    values = [0.2, 0.9, 1.3]
    best = {"higher": 1.3, "lower": 0.2, "nearest one": 0.9}[one.better]
    assert min(values, key=one.distance) == best
    if PERFORMANCE_MEASURES.get(one.name) == one:
        (compared,) = compare([Performance(str(value), (Measure(one.name, value),)) for value in values])
        assert compared.values[compared.best] == best


@pytest.mark.parametrize("one", DEFINITIONS, ids=lambda one: f"{one.name}-{one.unit}")
def test_text_and_format_agree(one):
    shown = one.written(0.1234567)
    assert shown == f"{0.1234567:{one.form}}" if one.percentage else shown == f"{0.1234567:{one.form}f}"
    assert one.written(0.1234567, signed=True) == f"+{shown}"
    assert one.written(-0.1234567, signed=True) == f"-{shown}"
    assert len(shown.removesuffix("%").split(".")[1]) == one.digits


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_write_auc_and_log_loss_as_tables_do(language):
    sentences = [text for key, text in catalogue(language).items() if re.match("random|diff_|its_auc|prior_rule_", key)]
    forms = {"auc": set(), "log_loss": set()}
    for text in sentences:
        for name, form in re.findall(r"{(\w+):\+?([^}]*)}", text):
            if name in ("auc", "true_auc"):
                forms["auc"].add(form)
            if name in ("loss", "true_loss", "rule", "card"):
                forms["log_loss"].add(form)
    assert forms == {name: {PERFORMANCE_MEASURES[name].form} for name in forms}
