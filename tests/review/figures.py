"""What the page shows, and what the library says it must show."""

import re

from leadqual.agreement import Proposal, price

FORMS = {
    "log_loss": "{:.4f}".format,
    "predicted_over_actual": "{:.3f}".format,
    "wins_at_capacity": "{:.1f}".format,
    "precision_sql": lambda value: f"{100 * value:.1f}%",
    "precision_mql": lambda value: f"{100 * value:.1f}%",
}


def shown(page):
    cells = page.eval_on_selector_all("[data-figure]", "nodes => nodes.map(n => [n.dataset.figure, n.textContent])")
    return dict(cells)


def expected(proposal, held):
    found, said = price(proposal, held), {}
    for one in found.measures:
        form = FORMS[one.name]
        said[f"{one.name}:before"], said[f"{one.name}:after"] = form(one.before), form(one.after)
        signed = ["+" * (value > 0) + form(value) for value in (one.difference, one.low, one.high)]
        said[f"{one.name}:difference"] = f"{signed[0]} ({signed[1]} to {signed[2]})"
    return found, said


def slide(page, field, band, points):
    slider = page.locator(f'input[type=range][data-field="{field}"][data-band="{band}"]')
    slider.evaluate("(node, value) => { node.value = value; node.dispatchEvent(new Event('input')); "
                    "node.dispatchEvent(new Event('change')); }", points)  # fmt: skip


def downloaded(page, tmp_path):
    with page.expect_download() as file:
        page.click("#download")
    path = tmp_path / "proposal.json"
    file.value.save_as(path)
    return Proposal.load(path)


def same(left, right):
    """Compare texts of figures; the sign of one that rounds to nothing says nothing."""
    plain = [{key: re.sub(r"[+-](0\.0+)(?!\d)", r"\1", text) for key, text in one.items()} for one in (left, right)]
    assert plain[0] == plain[1]
