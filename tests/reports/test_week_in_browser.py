"""The page of the week in Chromium: it fits a phone, and anybody can read it."""

from importlib.resources import files

import pytest

from leadqual.meetings import Sla, weekly
from leadqual.reports.week_html import week_page
from tests.meetings.written_ledger import BUNDLE, MONDAY, written_week


@pytest.fixture(scope="module")
def report():
    targets = Sla(expected_wins_per_week=1.0, first_attempt_in_time=0.5)
    return weekly(written_week().as_of(MONDAY), BUNDLE, sla=targets, by="Need")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_it_fits_and_axe_finds_nothing(browser, report, width, scheme, language):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.set_content(week_page(report, language=language, crm_link="https://crm.example/lead/{id}"))
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run(document)")
    page.close()
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
