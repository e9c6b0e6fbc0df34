"""The page: everything is in it, escaped, and nothing is loaded from elsewhere."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest

from leadqual.audit import audit_leads
from leadqual.bundle import SignOff
from leadqual.errors import LeadqualError
from leadqual.evaluation import History, backtest
from leadqual.leads import label_outcomes, read_leads
from leadqual.reports.bundle_html import bundle_html
from leadqual.reports.language import Language, catalogue
from leadqual.reports.report import report_of
from leadqual.reports.report_html import report_html
from leadqual.simulation import SampleSettings, simulate
from leadqual.training import train

CHINESE = "[\u4e00-\u9fff]"


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
    english = Language("en")
    (base,) = english.say_all(report.differences)
    loss = found.comparison.difference("base rate", "log_loss")
    assert base.startswith("The scorecard is better than base rate: log loss ")
    assert f"{loss.value:+.4f} ({loss.low:+.4f} to {loss.high:+.4f})" in base
    assert any(english.say(one).startswith("A random split would have promised an AUC of") for one in report.warnings)
    worse = replace(loss, value=0.01, low=0.005, high=0.02)
    unsure = replace(loss, value=0.01, low=-0.005, high=0.02)
    nothing = replace(loss, value=None, low=None, high=None)
    said = []
    for one in (worse, unsure, nothing):
        rest = tuple(d for d in found.comparison.differences if d.name != "log_loss")
        comparison = replace(found.comparison, differences=(one, *rest))
        said += english.say_all(report_of(bundle, backtest=replace(found, comparison=comparison)).differences)
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


def same(html):
    """Return HTML as a reader sees it: entities read, and no space between tags."""
    return re.sub(r">\s+<", "><", unescape(html))


def test_in_english_the_bundle_looks_as_it_does_in_a_notebook(parts) -> None:
    bundle, _, _ = parts
    signed = replace(
        bundle,
        sign_offs=(SignOff("Kim <k>", "sales", "2026-05-01", bundle.digest),),
        constraints=("Visits: points 'never' fall",),
    )
    for shown in (bundle, signed, replace(bundle, evidence=None, window_days=None)):
        assert same(bundle_html(shown)) in same(report_html(report_of(shown)))


def test_in_english_sentences_and_labels_are_those_of_the_data(parts) -> None:
    bundle, audit, found = parts
    report = report_of(bundle, audit=audit, backtest=found)
    page = unescape(report_html(report))
    said = Language("en").say_all((*report.differences, *report.warnings))
    for text in (*said, *(one.label for one in report.comparisons)):
        assert text in page
    assert '<html lang="en">' in page


def latin_texts(page):
    """Return the texts of a page, without its pictures, that have Latin letters and no Chinese ones."""
    text = re.sub(r"(?s)<style>.*?</style>|<svg.*?</svg>|<title>.*?</title>", "", page)
    found = {unescape(one).strip() for one in re.findall(r">([^<>]*[A-Za-z][^<>]*)<", text)}
    return {one for one in found if not re.search(CHINESE, one)}


def test_in_chinese_every_word_of_the_page_is_chinese_but_what_the_data_say(parts) -> None:
    bundle, audit, found = parts
    signed = replace(bundle, sign_offs=(SignOff("Kim", "sales", "2026-05-01", bundle.digest),), constraints=("Kept",))
    report = report_of(signed, audit=audit, backtest=found)
    page = report_html(report, language="zh")
    assert '<html lang="zh">' in page
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    texts, english = latin_texts(page), latin_texts(report_html(report))
    # what both pages say comes from the data, and none of it is a word of the catalogue
    assert texts <= english | set(catalogue("zh").values())
    # Yes and No are values of fields, and words of bands too
    assert texts & english & set(catalogue("en").values()) <= {"yes", "no"}
    said = Language("zh").say_all(report.differences)
    assert all(sentence in page for sentence in said)
    assert said[0].startswith("评分卡优于基准赢单率")
    assert page == report_html(report, language="zh")


def test_in_chinese_the_texts_of_pictures_are_text_and_chinese(parts) -> None:
    bundle, _, found = parts
    report = report_of(bundle, backtest=found)
    pictures = re.findall(r"(?s)<svg.*?</svg>", report_html(report, language="zh"))
    assert len(pictures) == len(re.findall("<svg", report_html(report))) == 5
    texts = [unescape(text) for one in pictures for text in re.findall(r"<text[^>]*>([^<]*)</text>", one)]
    figures = {text for text in texts if re.fullmatch(r"[\d.,]+%?", text)}
    names = {period.name for period in found.walk.periods}
    assert [text for text in texts if text not in figures | names and not re.search(CHINESE, text)] == []
    won, leads = int(found.walk.won.sum()), len(found.walk.won)
    assert {f"赢单 {won:,} 条", f"未赢单 {leads - won:,} 条", "与预测一致", "评分卡", "各期 AUC"} <= set(texts)


def test_an_unknown_language_is_refused(parts) -> None:
    with pytest.raises(LeadqualError, match="choose one of en, zh"):
        report_html(report_of(parts[0]), language="fr")
