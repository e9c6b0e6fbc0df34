"""The page: everything is in it, escaped, and nothing is loaded from elsewhere."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from leadqual.audit import audit_leads
from leadqual.evaluation import History, backtest
from leadqual.leads import SampleSettings, label_outcomes, read_leads, simulate
from leadqual.reports.report import report_of
from leadqual.reports.report_html import report_html
from leadqual.training import train


@pytest.fixture(scope="module")
def parts():
    sample = simulate(SampleSettings(leads=2500), seed=9)
    leads = read_leads(sample.table, sample.schema)
    outcomes = label_outcomes(leads)
    bundle = train(leads, name="<b>north & south</b>").bundle
    found = backtest(History(leads, outcomes), yardsticks=False, periods=3)
    return bundle, audit_leads(leads, outcomes), found


class Tags(HTMLParser):
    """Collects what a page would load, and whether its tags close."""

    VOID = frozenset({"meta", "br", "path", "use", "rect", "link", "img", "circle"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.sources: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)
        self.sources += [value for name, value in attrs if name in ("src", "href", "xlink:href", "data", "action")]

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_the_page_stands_alone_and_everything_is_in_it(parts) -> None:
    bundle, audit, found = parts
    report = report_of(bundle, audit=audit, backtest=found)
    page = report_html(report)
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert all(source.startswith("#") for source in tags.sources)
    assert "<script" not in page
    assert "<b>north" not in page
    assert "&lt;b&gt;north &amp; south&lt;/b&gt;" in page
    assert page.count("<svg") == 5
    for period in found.walk.periods:
        assert period.name in page
    card = found.comparison.performance("scorecard").value("log_loss")
    assert f"{card:.4f}" in page
    for one in audit.not_applicable:
        assert one.code in page
    assert page == report_html(report)
    assert len(page) < 1_000_000


def test_differences_are_sentences_that_say_how_sure_they_are(parts) -> None:
    bundle, _, found = parts
    report = report_of(bundle, backtest=found)
    (base,) = report.differences
    loss = found.comparison.difference("base rate", "log_loss")
    assert base.startswith("The scorecard is better than base rate: log loss ")
    assert f"{loss.value:+.4f} ({loss.low:+.4f} to {loss.high:+.4f})" in base
    assert any(warning.startswith("A random split would have promised an AUC of") for warning in report.warnings)
    worse = replace(loss, value=0.01, low=0.005, high=0.02)
    unsure = replace(loss, value=0.01, low=-0.005, high=0.02)
    nothing = replace(loss, value=None, low=None, high=None)
    said = []
    for one in (worse, unsure, nothing):
        rest = tuple(d for d in found.comparison.differences if d.name != "log_loss")
        comparison = replace(found.comparison, differences=(one, *rest))
        said += report_of(bundle, backtest=replace(found, comparison=comparison)).differences
    assert [re.sub(r":.*", "", sentence) for sentence in said] == [
        "The scorecard is worse than base rate",
        "The scorecard is neither surely better nor worse than base rate",
        "The scorecard and base rate cannot be compared.",
    ]


def test_without_leads_it_shows_what_the_bundle_says(parts) -> None:
    bundle, _, _ = parts
    report = report_of(bundle)
    assert report.who == ("scorecard", "base rate")
    page = report_html(report)
    assert "On later leads" in page
    assert "<svg" not in page
    bare = report_of(replace(bundle, evidence=None))
    assert bare.comparisons == ()
    assert "On later leads" not in report_html(bare)
