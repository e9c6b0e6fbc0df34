"""Two people with two roles, in two browsers, at one served bundle."""

import socket
import threading
import time
from datetime import UTC, datetime

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from leadqual.agreement import Edit, ForceDirection, Ledger, Proposal, SetCapacity, price
from leadqual.bundle import Bundle
from leadqual.review import page_data
from leadqual.web.invitations import invite
from leadqual.web.room import Room
from leadqual.web.service import review_app


@pytest.fixture
def site(reviewed, tmp_path):
    """Serve the review on a free port; return its address, its ledger and where the settled bundle goes."""
    ledger = Ledger(tmp_path / "agreement.db")

    def prepare(bundle):
        if bundle.digest == reviewed.bundle.digest:
            return reviewed.held, page_data(reviewed.bundle, reviewed.held, reviewed.weights)
        return reviewed.held_for(bundle)

    out = tmp_path / "agreed.json"
    room = Room(reviewed.bundle, ledger, prepare, out=out, at=datetime.now(UTC).isoformat())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = review_app(room, now=lambda: datetime.now(UTC), clock=time.monotonic)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}", ledger, out
    server.should_exit = True
    thread.join(300)


@pytest.fixture
def people(browser, site):
    """Return a function that lets someone in and returns their page; errors in any of the pages fail the test."""
    address, ledger, _ = site
    contexts, wrong = [], []

    def come(name, role, width=1400):
        secret = invite(ledger, name=name, role=role, at=datetime.now(UTC).isoformat())
        context = browser.new_context(viewport={"width": width, "height": 1000})
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda r: wrong.append(r.url) if not r.url.startswith((address, "blob:", "data:")) else None)
        page.goto(f"{address}/enter#{secret}")
        page.click("#enter")
        expect(page.locator("#who")).to_contain_text(name)
        contexts.append(context)
        return page

    yield come
    for context in contexts:
        context.close()
    assert wrong == []


def drag(page, field, band, points):
    slider = page.locator(f'input[type=range][data-field="{field}"][data-band="{band}"]')
    slider.evaluate("(node, value) => { node.value = value; node.dispatchEvent(new Event('input')); "
                    "node.dispatchEvent(new Event('change')); }", points)  # fmt: skip


def test_two_people_drag_comment_disagree_settle_and_sign(people, site, reviewed, tmp_path):
    _, ledger, out = site
    ana, ben = people("Ana", "sales"), people("Ben", "marketing")
    field = reviewed.bundle.points_table.fields[0]
    band = field.bands[0]
    ana.fill("#reason", 'too many "<b>students</b>"')
    drag(ana, field.name, band.label, band.points - 15)
    expect(ana.locator("#history li")).to_have_count(1)
    expect(ben.locator("#history li")).to_contain_text('Ana (sales): too many "<b>students</b>"', timeout=60000)
    assert ben.locator("#history b").count() == 0
    assert ben.locator("#history button").count() == 0  # what is Ana's only Ana takes back
    assert f"{band.points} → {band.points - 15}" in ben.locator("tr.changed .worth").first.inner_text()

    ben.fill("#comment", "Students buy, but a year later.")
    ben.select_option("#about", field.name)
    ben.click("#send")
    expect(ana.locator("#comments li")).to_contain_text("Ben (marketing) " + field.name, timeout=60000)

    ben.fill("#reason", "they do buy")
    drag(ben, field.name, band.label, band.points + 5)
    expect(ana.locator("#conflicts li")).to_contain_text("cannot both hold", timeout=60000)
    expect(ana.locator("#settle")).to_be_disabled()
    expect(ben.locator("#settle")).to_be_disabled()
    ben.screenshot(path=str(tmp_path / "conflict.png"), full_page=True)

    ben.locator("#history [data-withdraw]").click()
    expect(ana.locator("#conflicts li")).to_have_count(0, timeout=60000)
    expect(ana.locator("#settle")).to_be_enabled()
    ana.click("#settle")
    expect(ana.locator("#digest")).to_contain_text("Version 2", timeout=60000)
    expect(ben.locator("#digest")).to_contain_text("Version 2", timeout=60000)
    expect(ana.locator("#history li")).to_have_count(0)
    ana.fill("#sign-comment", "fine by us")
    ana.click("#sign")
    expect(ana.locator("#stands")).to_contain_text("marketing")
    expect(ana.locator("#sign")).to_be_hidden()
    expect(ben.locator("#signed li")).to_contain_text("Ana for sales", timeout=60000)
    ben.click("#sign")
    expect(ana.locator("#stands")).to_contain_text("the agreement holds", timeout=60000)
    ana.screenshot(path=str(tmp_path / "agreed.png"), full_page=True)

    agreed = Bundle.load(out)
    assert ledger.agreement(agreed.digest).holds
    assert {(one.name, one.role, one.comment) for one in agreed.sign_offs} == {
        ("Ana", "sales", "fine by us"),
        ("Ben", "marketing", ""),
    }
    worth = {one.label: one.points for one in agreed.points_table.field(field.name).bands}
    assert worth[band.label] == band.points - 15
    assert ledger.verify() == ()


def test_an_edit_made_without_having_seen_the_others_is_refused_with_a_way_on(people, reviewed):
    ana, ben = people("Ana", "sales"), people("Ben", "marketing")
    field = reviewed.bundle.points_table.fields[0]
    band = field.bands[0]
    expect(ben.locator("#digest")).to_contain_text("Version 1")
    ben.route("**/state", lambda route: route.abort())  # he does not see what comes now
    drag(ana, field.name, band.label, band.points - 15)
    expect(ana.locator("#history li")).to_have_count(1)
    drag(ben, field.name, band.label, band.points + 5)
    expect(ben.locator("#told")).to_contain_text("Ana (sales) has just proposed")
    expect(ben.locator("#history li")).to_have_count(1)
    ben.click("#propose-anyway")
    expect(ben.locator("#history li")).to_have_count(2)
    expect(ana.locator("#conflicts li")).to_have_count(1, timeout=60000)


def test_every_kind_of_edit_is_shared_and_priced_with_the_other_points_learned_again(people, site, reviewed, tmp_path):
    ana, ben = people("Ana", "sales"), people("Ben", "marketing")
    number = next(f for f in reviewed.bundle.points_table.fields if f.kind == "numeric" and len(f.bands) > 3)
    expect(ana.locator("#digest")).to_contain_text("Version 1")
    ana.locator("#share").focus()
    ana.keyboard.press("ArrowLeft")
    expect(ben.locator("#history li")).to_contain_text("capacity 19% of leads", timeout=60000)
    card = ana.locator(f'[data-card="{number.name}"]')
    card.locator("summary").click()
    card.locator("[name=direction]").select_option("down")
    expect(ben.locator("#history li")).to_have_count(2, timeout=60000)
    card = ben.locator(f'[data-card="{number.name}"]')
    expect(card.locator("[name=direction]")).to_have_value("down")
    ben.select_option("#by", "refit")
    ben.click("#price")
    expect(ben.locator("#priced")).to_contain_text("learned again", timeout=60000)
    proposal = Proposal(
        reviewed.bundle.digest,
        (Edit(SetCapacity(share=0.19), "Ana", "sales"), Edit(ForceDirection(number.name, "down"), "Ana", "sales")),
    )
    loss = price(proposal, reviewed.held, by="refit").measure("log_loss")
    assert ben.text_content('[data-priced="log_loss:after"]') == f"{loss.after:.4f}"
    assert Axe().run(ben).response["violations"] == []
    ben.screenshot(path=str(tmp_path / "priced.png"), full_page=True)
    # what is Ana's is hers to take back
    card.locator("summary").click()
    card.locator("[name=direction]").select_option("free")
    expect(ben.locator("#told")).to_contain_text("Only its author")
    expect(card.locator("[name=direction]")).to_have_value("down")
    ana.locator(f'[data-card="{number.name}"] [name=direction]').select_option("free")
    expect(ben.locator("#history li")).to_have_count(1, timeout=60000)
    expect(ben.locator("#priced")).to_have_text("")


def test_it_is_usable_by_keyboard_on_a_phone_in_chinese_and_by_a_screen_reader(people, reviewed, tmp_path):
    ana = people("Ana", "sales", width=390)
    field = reviewed.bundle.points_table.fields[0]
    slider = ana.locator(f'input[type=range][data-field="{field.name}"]').first
    slider.focus()
    for _ in range(3):
        ana.keyboard.press("ArrowLeft")
    expect(ana.locator("#history li")).to_have_count(1)
    assert ana.evaluate("document.documentElement.scrollWidth") <= 390
    ana.screenshot(path=str(tmp_path / "phone.png"), full_page=True)
    assert Axe().run(ana).response["violations"] == []
    ana.select_option("#language", "zh")
    expect(ana.locator("#sign")).to_have_text("代表销售签署")
    assert Axe().run(ana).response["violations"] == []


def test_who_left_is_out(people):
    ana = people("Ana", "sales")
    ana.click("#leave")
    expect(ana.locator("#enter")).to_be_visible()
    assert ana.locator("#who").count() == 0


def test_an_empty_or_false_link_says_so(browser, site):
    page = browser.new_page()
    page.goto(f"{site[0]}/")
    expect(page.locator("#enter")).to_be_disabled()
    page.goto(f"{site[0]}/enter#made-up")
    page.reload()
    page.click("#enter")
    expect(page.locator("#problem")).to_contain_text("opens nothing")
    page.close()
