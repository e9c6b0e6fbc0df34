import re
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadqual.bundle import Band, FieldPoints, PointsTable
from leadqual.reports.bundle_html import bundle_html

VOID = {"br"}
TAGS = {"div", "p", "strong", "br", "table", "tr", "th", "td", "span", "ul", "li", "details", "summary"}


class Page(HTMLParser):
    """Collects tags, attributes and text, and insists that tags close in order."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.styles, self.text, self.rows = [], set(), [], "", []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"style", "rowspan"}
        self.styles += [value for name, value in attrs if name == "style"]
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def nasty(text):
    return f"<script>alert('{text}')</script>&amp;\"{text}"


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_bundle_shows_as_well_formed_html_without_scripts_or_links(strategies, data):
    bundle = data.draw(strategies.bundles())
    page = Page(bundle._repr_html_())
    assert page.tags <= TAGS
    assert not re.search(r"url|expression", "".join(page.styles))
    assert Page(bundle.points_table._repr_html_()).tags <= page.tags | {"table", "th", "p", "tr"}


def test_all_text_is_escaped():
    bands = (Band(nasty("label"), 5, 0.25, (nasty("value"),)), Band("missing", -10, missing=True))
    table = PointsTable((FieldPoints(nasty("field"), "category", bands, dimension=nasty("dimension")),), 100)
    html = table._repr_html_()
    page = Page(html)
    assert "script" not in page.tags
    assert "<script" not in html
    for part in ("label", "field", "dimension"):
        assert nasty(part) in page.text


def test_texts_of_a_bundle_are_escaped(bundle):
    policy = replace(bundle.policy, chosen_by=nasty("chosen"))
    curve = replace(bundle.curve, interval_method=nasty("interval"))
    evidence = replace(bundle.evidence, method=nasty("method"), warnings=(nasty("warning"),))
    shown = replace(
        bundle, name=nasty("name"), policy=policy, curve=curve, evidence=evidence, constraints=(nasty("constraint"),)
    )
    page = Page(bundle_html(shown))
    assert "script" not in page.tags
    for part in ("name", "chosen", "interval", "method", "warning", "constraint"):
        assert nasty(part) in page.text


def test_the_points_table_shows_every_band_with_its_points(bundle):
    rows = Page(bundle.points_table._repr_html_()).rows
    shown = [[cell for cell in row if cell][-3:] for row in rows[1:]]
    bands = [band for field in bundle.points_table.fields for band in field.bands]
    assert len(shown) == len(bands)
    for row, band in zip(shown, bands, strict=True):
        assert {band.label, f"{band.points:+d}"} <= set(row)
        assert not band.share or f"{band.share:.1%}" in row


def test_bars_stay_inside_their_cell_and_on_their_side(bundle):
    html = bundle.points_table._repr_html_()
    bars = re.findall(r"left:([\d.]+)em;width:([\d.]+)em;top[^\"]*background:rgba\((\d+)", html)
    bands = [band for field in bundle.points_table.fields for band in field.bands]
    widest = max(abs(band.points) for band in bands)
    for (left, width, red), band in zip(bars, bands, strict=True):
        assert abs(float(width) - 3 * abs(band.points) / widest) < 0.006
        start = 3 if band.points >= 0 else 3 - float(width)
        assert abs(float(left) - start) < 0.011
        assert (int(red) > 128) == (band.points < 0)


def test_a_bundle_shows_what_it_stands_for(bundle):
    text = Page(bundle_html(bundle)).text
    policy, learned, evidence = bundle.policy, bundle.provenance, bundle.evidence
    auc = evidence.performance("scorecard").value("auc")
    for part in (
        f"{bundle.base_rate:.1%} of leads were won within {bundle.window_days} days",
        f"{learned.mature:,} leads with {learned.won:,} wins",
        f"SQL from {policy.sql_points}",
        f"MQL from {policy.mql_points}",
        f"{policy.grades[0].minimum_points} and more",
        f"within {policy.grades[0].follow_up_hours:g} h",
        f"{bundle.curve.coverage:.0%} interval",
        f"{auc:.3f}",
        evidence.method,
    ):
        assert part in text
    for part in ("the rest", "not required", "AUC"):
        assert part in text
    bare = Page(bundle_html(replace(bundle, evidence=None, window_days=None, constraints=()))).text
    assert "were won; learned" in bare
    assert "On later leads" not in bare
    assert "Constraints" not in bare


def test_sign_offs_are_shown(bundle, strategies):
    signed = replace(bundle, sign_offs=(strategies.SignOff("Kim <k>", "sales", "2026-05-01", bundle.digest),))
    assert "Kim <k> (sales), 2026-05-01" in Page(bundle_html(signed)).text
