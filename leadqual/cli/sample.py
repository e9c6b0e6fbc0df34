"""``leadqual sample``: the export of a simulated CRM, to try things on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from leadqual.cli.options import json_option, new_file

__all__ = ["command"]

_FILES = ("leads.csv", "leads.toml", "rules.toml", "truth.csv")


@click.command("sample", short_help="Write the export of a simulated CRM whose truth is known.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--leads", default=20_000, show_default=True, type=click.IntRange(min=1), help="How many leads.")
@click.option("--months", default=24, show_default=True, type=click.IntRange(min=1), help="How long a history.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Seed of the simulation.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@json_option
def command(folder: Path, leads: int, months: int, seed: int, force: bool, as_json: bool) -> None:
    """Simulate a company's CRM and write its export to FOLDER.

    The files are the export (leads.csv), its schema (leads.toml), the rule by which marketing passes leads on
    (rules.toml), and the true probability of every lead (truth.csv).
    """
    from leadqual.cli import console
    from leadqual.simulation import SampleSettings, write_sample

    for name in _FILES:
        new_file(folder / name, force=force)
    settings = replace(SampleSettings(), leads=leads, months=months)
    with console.progress() as progress:
        progress("simulating", 0, 0)
        paths = write_sample(folder, settings, seed=seed)
    if as_json:
        console.as_json({"files": [str(path) for path in paths], "leads": leads})
        return
    for path in paths:
        click.echo(f"Wrote {path} ({console.file_size(path)})")
    click.echo("Train on it:")
    inside = f"{folder / 'leads.csv'} --schema {folder / 'leads.toml'} --prior {folder / 'rules.toml'}"
    click.echo(f"  {console.program()} train {inside}")
