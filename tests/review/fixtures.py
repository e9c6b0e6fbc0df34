"""A browser, and the review page of one simulated company."""

import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from leadqual.agreement import LaterLeads, Weights, explain_weights, hold_later, thinned
from leadqual.audit import Audit, Finding
from leadqual.bundle import Bundle
from leadqual.fact import Fact
from leadqual.leads import label_outcomes, read_leads
from leadqual.review import page_data, review_page
from leadqual.scorecard import lead_points
from leadqual.simulation import SampleSettings, simulate
from leadqual.training import train
from tests.web.guests import Served


@dataclass(frozen=True)
class Reviewed:
    """A bundle, the leads its page carries, and the page."""

    bundle: Bundle
    held: LaterLeads
    weights: Weights
    path: Path
    history: tuple

    def held_for(self, bundle: Bundle) -> tuple[LaterLeads, dict]:
        """Return what a bundle that came of this one is reviewed on."""
        held = hold_later(bundle, *self.history)
        weights = explain_weights(bundle, held, repetitions=50)
        fewer = thinned(held, 500)
        return fewer, page_data(bundle, fewer, weights)


@pytest.fixture(scope="session")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Reviewed:
    """Return a page of 3,000 leads thinned to 500 earlier and 300 later ones."""
    sample = simulate(SampleSettings(leads=3000), seed=1)
    leads = read_leads(sample.table, sample.schema)
    bundle = train(leads, name="demo", drop=["Newsletter"]).bundle
    outcomes = label_outcomes(leads)
    held = hold_later(bundle, leads, outcomes)
    weights = explain_weights(bundle, held, repetitions=50)
    fewer = thinned(held, 500)
    path = tmp_path_factory.mktemp("review") / "review.html"
    finding = Finding("LQ201", "stability", "suspect", "Newsletter", Fact("audit_empty"), Fact("audit_form_changed"))
    audit = Audit((finding,), (), len(leads.table), weights.leads, ("Newsletter",))
    path.write_text(review_page(page_data(bundle, fewer, weights, audit=audit)), "utf-8")
    return Reviewed(bundle, fewer, weights, path, (leads, outcomes))


@pytest.fixture(scope="session")
def large(reviewed: Reviewed, tmp_path_factory: pytest.TempPathFactory) -> Reviewed:
    """Return the same company with 40 fields and 10,000 earlier and later leads, each of a weight of its own."""
    rng = np.random.default_rng(1)
    chosen = [i % len(reviewed.bundle.points_table.fields) for i in range(40)]
    names = [f"{reviewed.bundle.points_table.fields[i].name} {n}" for n, i in enumerate(chosen)]
    rows = [np.sort(rng.integers(0, len(won), 10_000)) for won in (reviewed.held.earlier_won, reviewed.held.later_won)]
    tables = [
        replace(table, fields=tuple(replace(table.fields[i], name=name) for i, name in zip(chosen, names, strict=True)))
        for table in (reviewed.bundle.points_table, reviewed.held.table)
    ]
    bundle = replace(reviewed.bundle, points_table=tables[0])
    sides = []
    for side, codes, at in zip(
        (reviewed.held.earlier, reviewed.held.later),
        (reviewed.held.earlier_codes, reviewed.held.later_codes),
        rows,
        strict=True,
    ):
        fields = {n: side[tables[1].fields[j].name.rpartition(" ")[0]].iloc[at].array for j, n in enumerate(names)}
        sides.append((pd.DataFrame(fields), tuple(codes[i][at] for i in chosen)))
    held = replace(
        reviewed.held,
        bundle=bundle.digest,
        table=tables[1],
        deployed=tables[0],
        earlier=sides[0][0],
        later=sides[1][0],
        earlier_codes=sides[0][1],
        later_codes=sides[1][1],
        earlier_won=reviewed.held.earlier_won[rows[0]],
        later_won=reviewed.held.later_won[rows[1]],
        weight=rng.uniform(0.2, 1, 10_000),
        earlier_time=reviewed.held.earlier_time[rows[0]],
        later_time=reviewed.held.later_time[rows[1]],
        block=np.arange(10_000) * 52 // 10_000,
        earlier_points=lead_points(tables[1], sides[0][0]),
        later_points=lead_points(tables[1], sides[1][0]),
        segments={},
    )
    of_field = {one.field: one for one in reviewed.weights.fields}
    fields = tuple(replace(of_field[name.rpartition(" ")[0]], field=name) for name in names)
    weights = replace(reviewed.weights, fields=fields)
    path = tmp_path_factory.mktemp("large") / "review.html"
    path.write_text(review_page(page_data(bundle, held, weights)), "utf-8")
    return Reviewed(bundle, held, weights, path, ())


@pytest.fixture(scope="session")
def browser() -> Browser:
    """Return Chromium; only where CI does not ask for it may it be missing."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        message = "there is no Chromium; apt-get install chromium"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def served(reviewed: Reviewed, tmp_path: Path) -> Served:
    """Return a review of the company that guests can enter."""
    return Served(reviewed, tmp_path)


@pytest.fixture
def page(browser: Browser, reviewed: Reviewed) -> Page:
    """Return the open page; any error in it, and any request beyond it, fails the test."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    opened.on("request", lambda r: wrong.append(r.url) if not r.url.startswith(("file:", "blob:", "data:")) else None)
    opened.goto(reviewed.path.as_uri())
    yield opened
    context.close()
    assert wrong == []
