"""``leadqual review``: the page that both teams open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from leadqual.cli.agreement import held_history, history_options
from leadqual.cli.options import need_packages

__all__ = ["command"]

_MOST_LEADS = 10_000


@click.group("review", short_help="The page that both teams open: weights, sliders, and what edits cost.")
def command() -> None:
    """Look at the weights together, try what you think is right, and see at once what it costs or gains."""


@command.command("export")
@click.argument("bundle", type=click.Path(path_type=Path))
@history_options
@click.option("--html", "out", required=True, type=click.Path(path_type=Path), help="Where the page goes.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
def export(bundle: Path, out: Path, language: str, **history: Any) -> None:
    """Write the review page of BUNDLE as one file, which opens from disk without a network.

    It carries at most 10,000 earlier and 10,000 later leads, as band numbers and outcomes: nothing that tells who they
    are.
    """
    need_packages("the review page", "agreement", "jinja2")
    from leadqual.agreement import explained_weights, thinned
    from leadqual.audit import audit_leads
    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.review import page_data, review_page

    loaded = Bundle.load(bundle)
    leads, outcomes, held = held_history(loaded, **history)
    with console.progress() as progress:
        progress("measuring what each field adds", 0, 0)
        weights = explained_weights(loaded, held, audit=audit_leads(leads, outcomes))
    page = review_page(page_data(loaded, thinned(held, _MOST_LEADS), weights), language=language)
    out.write_text(page, "utf-8")
    click.echo(f"Wrote {out} ({console.file_size(out)}). Open it in a browser; it needs no network.")
