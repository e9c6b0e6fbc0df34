"""The page in a real browser: what it shows is what the library computes, to the last digit shown."""

import json
import re
from importlib.resources import files
from urllib.parse import quote

import numpy as np
import pytest

from leadqual.agreement import Edit, PinBand, Proposal, SetCapacity, price
from leadqual.evaluation import reliability
from leadqual.measures import PRICED_MEASURES
from tests.review.figures import downloaded, expected, same, shown, slide


def test_before_any_edit_it_shows_what_holds_now(page, reviewed):
    _, said = expected(Proposal(reviewed.bundle.digest), reviewed.held)
    now = {key: text for key, text in shown(page).items() if key.endswith(("before", "after"))}
    assert now == {key: text for key, text in said.items() if key in now}
    assert len(now) == 10
    assert page.input_value("#sql") == str(reviewed.bundle.policy.sql_points)
    assert page.input_value("#mql") == str(reviewed.bundle.policy.mql_points)
    assert page.locator("[data-card]").count() == len(reviewed.bundle.points_table.fields)
    assert page.locator("[data-card]").first.get_attribute("data-card") == reviewed.weights.fields[0].field
    assert page.is_disabled("#download")


@pytest.mark.parametrize("seed", range(4))
def test_after_any_edits_it_shows_what_the_library_computes(page, reviewed, tmp_path, seed):
    rng = np.random.default_rng(seed)
    fields = reviewed.bundle.points_table.fields
    for number in rng.choice(len(fields), 3, replace=False):
        band = fields[number].bands[rng.integers(len(fields[number].bands))]
        slide(page, fields[number].name, band.label, int(band.points + rng.choice([-25, -9, 8, 20])))
    if seed == 1:
        page.locator(f'[data-out="{fields[0].name}"]').check()
    if seed == 2:
        page.locator("#share").fill("12")
    if seed == 3:
        page.locator("#sql").fill("125")
        page.locator("#sql").press("Enter")
    proposal = downloaded(page, tmp_path)
    assert proposal.bundle == reviewed.bundle.digest
    assert proposal.conflicts == ()
    found, said = expected(proposal, reviewed.held)
    same(shown(page), said)
    moves = page.text_content("#moves")
    counted = {f"{a}→{b} {count}" for (a, b), count in found.moves.items()}
    assert set(moves.removeprefix("Grades: ").split(", ")) == counted
    assert f"{100 * found.regraded_share:.1f}% of leads change grade" in page.text_content("#said")


def test_an_edit_carries_who_wants_it_and_why_and_can_be_undone(page, reviewed, tmp_path):
    field = reviewed.bundle.points_table.fields[0]
    before = shown(page)
    page.fill("#author", "Ana <b>")
    page.select_option("#role", "sales")
    page.fill("#reason", 'too many "students"')
    slide(page, field.name, field.bands[0].label, field.bands[0].points - 15)
    assert "Ana <b> (sales): too many" in page.text_content("#history")
    assert page.locator("#history b").count() == 0
    edit = downloaded(page, tmp_path).edits[0]
    assert (edit.author, edit.role, edit.reason) == ("Ana <b>", "sales", 'too many "students"')
    assert page.locator("tr.changed").count() == 1
    page.click("#undo")
    assert page.locator("#history li").count() == 0
    assert shown(page) == before
    assert page.is_disabled("#undo")


def test_dragging_is_one_edit_and_back_is_none(page, reviewed):
    field = reviewed.bundle.points_table.fields[0]
    band = field.bands[0]
    slider = page.locator(f'input[type=range][data-field="{field.name}"][data-band="{band.label}"]')
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    assert page.locator("#history li").count() == 1
    assert f"{band.points - 5} points" in page.text_content("#history")
    slide(page, field.name, band.label, band.points)
    assert page.locator("#history li").count() == 0


def test_capacity_and_sql_by_hand_replace_each_other(page, reviewed, tmp_path):
    page.locator("#sql").fill("130")
    page.locator("#sql").press("Enter")
    page.locator("#share").fill("10")
    proposal = downloaded(page, tmp_path)
    assert [edit.change for edit in proposal.edits] == [SetCapacity(share=0.1)]


def test_thresholds_out_of_order_are_said_and_not_downloaded(page):
    page.locator("#mql").fill("500")
    page.locator("#mql").press("Enter")
    assert "out of order" in page.text_content("#problem")
    assert page.is_disabled("#download")


def test_it_speaks_chinese_too(page, reviewed):
    page.select_option("#language", "zh")
    assert page.get_attribute("html", "lang") == "zh"
    assert "后期线索" in page.text_content("#basis")
    english = json.loads(page.text_content("#data"))["words"]["en"]
    body = page.inner_text("body")
    for key in ("effect", "policy", "history", "undo", "download", "capacity"):
        assert english[key] not in body
    labels = page.locator("tr[data-row] th").all_text_contents()
    assert {"缺失", "是", "否"} < set(labels)
    assert not any(re.search(r"under|more|missing|\byes\b", text) for text in labels)
    number = next(f for f in reviewed.bundle.points_table.fields if f.kind == "numeric" and len(f.bands) > 3)
    slide(page, number.name, number.bands[0].label, number.bands[0].points - 5)
    assert "低于" in page.text_content("#history")
    page.select_option("#language", "en")
    assert number.bands[0].label in page.text_content("#history")
    words = {f.name: [b.label for b in f.bands] for f in reviewed.bundle.points_table.fields}
    # what the page would say in English without the bundle's own labels
    own = page.evaluate(
        "() => { data.words.xx = data.words.en; language = 'xx'; const said = Object.fromEntries(data.fields.map(f => "
        "[f.name, f.bands.map((b) => bandName(f.name, b.label))])); language = 'en'; return said; }"
    )
    assert own == words


def test_fields_are_found_and_sorted(page, reviewed):
    page.fill("#filter", reviewed.bundle.points_table.fields[2].name)
    assert page.locator("[data-card]").first.get_attribute("data-card") == reviewed.bundle.points_table.fields[2].name
    page.fill("#filter", "no such field")
    assert page.locator("[data-card]").count() == 0
    page.fill("#filter", "")
    page.select_option("#sort", "name")
    names = page.eval_on_selector_all("[data-card]", "nodes => nodes.map(n => n.dataset.card)")
    assert names == sorted(names, key=str.lower)


def test_a_proposal_opens_with_the_page(browser, reviewed):
    field = reviewed.bundle.points_table.fields[0]
    edits = {"edits": [{"edit": "pin", "field": field.name, "band": field.bands[0].label, "points": 3}]}
    page = browser.new_page()
    page.goto(reviewed.path.as_uri() + "#proposal=" + quote(json.dumps(edits)))
    assert page.locator("#history li").count() == 1
    page.close()
    page = browser.new_page()
    page.goto(reviewed.path.as_uri() + "#proposal=%7Bbroken")
    assert page.locator("#history li").count() == 0
    page.close()


@pytest.mark.parametrize(
    "edit",
    [
        None,
        7,
        {},
        {"edit": "pin"},
        {"edit": "toString", "field": "Need"},
        {"edit": "merge", "field": "Need"},
        {"edit": "pin", "field": "Need", "band": "Urgent", "points": "3<b>"},
        {"edit": "capacity", "share": "x"},
    ],
)
def test_a_proposal_that_is_none_is_not_opened(page, reviewed, edit):
    page.goto("about:blank")
    page.goto(reviewed.path.as_uri() + "#proposal=" + quote(json.dumps({"edits": [edit]})))
    assert page.locator("#history li").count() == 0
    assert page.locator("[data-card]").count() == len(reviewed.bundle.points_table.fields)


def test_the_calibration_plot_is_the_librarys(page, reviewed, tmp_path):
    field = reviewed.bundle.points_table.fields[0]
    slide(page, field.name, field.bands[0].label, field.bands[0].points - 20)
    found = price(downloaded(page, tmp_path), reviewed.held).after
    bins = reliability(reviewed.held.later_won, found.probability)
    assert page.locator("#calibration circle title").all_text_contents() == [
        f"promised {100 * one.predicted:.1f}%, won {100 * one.actual:.1f}%, of {one.leads} leads" for one in bins
    ]
    assert len(bins) > 5


def test_it_prints_figures_and_points_without_controls(page):
    page.emulate_media(media="print")
    assert page.locator("#measures").is_visible()
    assert page.locator("[data-card] td.worth").first.is_visible()
    assert page.locator("#distribution svg").is_visible()
    for control in ("input[type=range]", "button", "select", "details.more", "input[type=checkbox]"):
        assert not any(node.is_visible() for node in page.locator(control).all())


def test_on_a_phone_what_it_costs_stays_in_sight(browser, reviewed):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(reviewed.path.as_uri())
    page.locator("[data-card]").last.scroll_into_view_if_needed()
    box = page.locator("#said").bounding_box()
    assert 0 < box["y"] < 800 - box["height"] + 1
    table = page.locator("#measures").evaluate("node => node.scrollWidth <= node.parentElement.clientWidth")
    assert table
    page.close()


def test_every_control_has_a_name_and_a_phone_needs_no_sideways_scrolling(browser, reviewed):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(reviewed.path.as_uri())
    nameless = page.eval_on_selector_all(
        "input, select, button",
        "nodes => nodes.filter(n => !(n.getAttribute('aria-label') || n.textContent.trim() || "
        "(n.labels && [...n.labels].some(l => l.textContent.trim())))).map(n => n.outerHTML)",
    )
    assert nameless == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_axe_finds_nothing(page, language):
    page.select_option("#language", language)
    page.locator("[data-out]").first.check()
    page.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
    page.fill("#lead", "Need: Urgent")
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run(document)")
    assert [(one["impact"], one["id"]) for one in found["violations"]] == []
    assert len(found["passes"]) > 30


def test_a_large_page_follows_a_drag_and_is_right(browser, large):
    page = browser.new_page()
    page.goto(large.path.as_uri())
    field = large.bundle.points_table.fields[5]
    band = field.bands[0]
    slider = page.locator(f'input[type=range][data-field="{field.name}"][data-band="{band.label}"]')
    taken = slider.evaluate(
        "(node, value) => { node.value = value; const start = performance.now(); "
        "node.dispatchEvent(new Event('input')); return performance.now() - start; }",
        band.points + 12,
    )
    assert taken < 1000  # a tenth of it on an idle machine
    edit = Edit(PinBand(field.name, band.label, band.points + 12))
    _, said = expected(Proposal(large.bundle.digest, (edit,)), large.held)
    same(shown(page), said)
    page.close()


def test_a_sure_difference_is_coloured_by_the_direction_of_its_measure(page):
    # half more, as surely as can be: better where higher is better, worse where lower is, neither where 1 is best
    classes = page.evaluate(
        "() => measureRows(Object.fromEntries(Object.keys(data.measures).map((name) => [name, { before: 0.5, "
        "after: 0.75, difference: 0.25, low: 0.125, high: 0.5 }]))).map((row) => row.lastChild.className)"
    )
    expected = {"higher": "better", "lower": "worse", "nearest one": ""}
    assert classes == [expected[one.better] for one in PRICED_MEASURES.values()]
