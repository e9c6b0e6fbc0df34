"""``leadqual train``: a bundle from a history of won and lost leads."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadqual.cli.options import (
    as_of_option,
    is_database,
    json_option,
    need_packages,
    parsed,
    part,
    percentage,
    query_option,
    reading_options,
    source_name,
    window_option,
)

if TYPE_CHECKING:
    from leadqual.bundle import Bundle
    from leadqual.thresholds import By, Capacity, LeadValue
    from leadqual.training import Training

__all__ = ["command", "read_capacity"]

_FILE = click.Path(path_type=Path)


def read_capacity(text: str) -> Capacity:
    """Read what sales can work, such as 50/week or 20%."""
    from leadqual.thresholds import Capacity

    return Capacity.parse(text)


@click.command("train", short_help="Learn a bundle from won and lost leads, and measure it on later ones.")
@click.argument("leads")
@click.option("--schema", type=_FILE, help="What the columns are, as init wrote it; LEADS as .toml when left out.")
@click.option("--out", type=_FILE, help="Where the bundle goes; models/LEADS.json when left out.")
@window_option
@as_of_option
@click.option(
    "--capacity",
    callback=parsed(read_capacity),
    help="What sales can work: 50/week, 200/month, 10/day, 20% or all; 20% of leads.",
)
@click.option("--value-per-win", type=float, metavar="MONEY", help="What a win is worth; with --cost-per-contact.")
@click.option("--cost-per-contact", type=float, metavar="MONEY", help="What working a lead costs, in the same money.")
@click.option("--promise", callback=percentage, metavar="SHARE", help="Win rate promised for SQLs, such as 30%.")
@click.option(
    "--policy-by",
    type=click.Choice(["capacity", "value", "precision"]),
    help="What sets the policy; the promise if there is one, else the value, else the capacity.",
)
@click.option(
    "--explore",
    callback=part,
    metavar="SHARE",
    help="Part of what sales work that is to be drawn at random (see pick); 10% when left out.",
)
@click.option("--prior", type=_FILE, help="Today's rule (TOML), to start from and to compare with.")
@click.option("--constraints", type=_FILE, help="What the teams demand of the points (TOML).")
@click.option("--keep", multiple=True, metavar="FIELD", help="Learn from this field whatever the audit says.")
@click.option("--drop", multiple=True, metavar="FIELD", help="Do not learn from this field.")
@click.option("--force", is_flag=True, help="Write a bundle also where training would refuse its fields or outcomes.")
@click.option(
    "--seed", default=0, show_default=True, type=click.IntRange(min=0), metavar="N", help="Seed of whatever is random."
)
@click.option("--undated", is_flag=True, help="Leave the time out, so that the same input gives the same bytes.")
@click.option("--registry", metavar="URI", help="Also keep it in this MLflow registry, as a version with its record.")
@click.option("--model", help="The registered model there; the bundle's name when left out.")
@reading_options
@query_option
@json_option
def command(
    leads: str,
    schema: Path | None,
    out: Path | None,
    window: int,
    as_of: datetime | None,
    capacity: Capacity | None,
    value_per_win: float | None,
    cost_per_contact: float | None,
    promise: float | None,
    policy_by: By | None,
    explore: float | None,
    prior: Path | None,
    constraints: Path | None,
    keep: tuple[str, ...],
    drop: tuple[str, ...],
    force: bool,
    seed: int,
    undated: bool,
    registry: str | None,
    model: str | None,
    encoding: str | None,
    sheet: str | None,
    query: str | None,
    as_json: bool,
) -> None:
    """Learn from the won and lost leads in LEADS, and measure it on later ones.

    The history is audited first: fields that certainly or likely know the outcome are left out. A points table,
    calibrated probabilities and a policy are learned, judged on the last quarter of the leads, and written as one
    bundle. LEADS is a CSV or Parquet file or an Excel workbook, - for a stream, or a database URL with --query.
    """
    from leadqual.cli import console
    from leadqual.leads import Schema, read_leads
    from leadqual.learners import points_from_rules
    from leadqual.reports.audit_plain import audit_plain
    from leadqual.reports.language import Language
    from leadqual.reports.policy_plain import choice_plain, promise_plain
    from leadqual.reports.summary import summarize
    from leadqual.reports.terminal import show_summary
    from leadqual.scorecard import read_constraints
    from leadqual.training import EXPLORE, train

    if registry is not None:
        need_packages("the registry", "retrain", "mlflow")
    unnamed = leads == "-" or is_database(leads)
    if unnamed and schema is None:
        raise click.UsageError("LEADS is no file that a schema could stand beside; name one with --schema.")
    schema = schema or Path(leads).with_suffix(".toml")
    out = out or Path("models") / f"{'leads' if unnamed else Path(leads).stem}.json"
    described = Schema.read(schema)
    rule = None if prior is None else points_from_rules(prior)
    demands = () if constraints is None else read_constraints(constraints)
    value = _value(value_per_win, cost_per_contact)
    aims: dict[str, object] = {
        "--value-per-win": value_per_win,
        "--cost-per-contact": cost_per_contact,
        "--promise": promise,
    }
    aims |= {"--explore": explore, "--encoding": encoding, "--sheet": sheet}
    with console.progress() as progress:
        progress("reading leads", 0, 0)
        training = train(
            read_leads(leads, described, query=query, encoding=encoding, sheet=sheet),
            name=out.stem,
            window_days=window,
            as_of=None if as_of is None else as_of.date(),
            capacity=capacity,
            value=value,
            promise=promise,
            policy_by=policy_by,
            explore=EXPLORE if explore is None else explore,
            prior=rule,
            constraints=demands,
            keep=keep,
            drop=drop,
            force=force,
            seed=seed,
            created_at="" if undated else datetime.now(UTC).isoformat(timespec="seconds"),
            command=_recorded(
                *(leads, schema, out, window, as_of, capacity, prior, constraints, seed, keep, drop, force),
                aims=aims | {"--policy-by": policy_by},
            ),
            progress=progress,
        )
    training.bundle.save(out)
    if registry is not None:
        _registered(training, registry, model or out.stem)
    summary, english = summarize(training.bundle), Language("en")
    warnings = console.sentences(training.warnings)
    if as_json:
        told = {"bundle": str(out), "notes": console.sentences(training.notes), "warnings": warnings}
        policy = {
            "policy_choice": choice_plain(training.policy_choice, english),
            "promise": promise_plain(training.promise, english),
        }
        console.as_json(told | policy | {"audit": audit_plain(training.audit), "summary": summary.to_dict()})
        return
    show_summary(console.console(), summary, warnings=warnings)
    for found in training.policy_choice.gives_up:
        click.echo(english.joined(found))
    console.remarks(training.notes)
    click.echo(f"\nWrote {out} ({console.file_size(out)}). Score leads with it:")
    click.echo(f"  {console.program()} score {out} new-leads.csv --out scored.csv")


def _value(per_win: float | None, per_contact: float | None) -> LeadValue | None:
    from leadqual.thresholds import LeadValue

    if per_win is None and per_contact is None:
        return None
    if per_win is None or per_contact is None:
        raise click.UsageError("--value-per-win and --cost-per-contact go together; give both or neither.")
    return LeadValue(per_win, per_contact)


def _written(given: object) -> str:
    return f"{given:g}" if isinstance(given, float) else str(given)


def _recorded(
    leads: str,
    schema: Path,
    out: Path,
    window: int,
    as_of: datetime | None,
    capacity: Capacity | None,
    prior: Path | None,
    constraints: Path | None,
    seed: int,
    keep: tuple[str, ...],
    drop: tuple[str, ...],
    force: bool,
    *,
    aims: Mapping[str, object],
) -> str:
    """Return the command as the bundle keeps it: files by name alone, as folders name people and machines."""
    words = ["leadqual", "train", source_name(leads), "--schema", schema.name, "--out", out.name]
    words += ["--window", f"{window}d", "--seed", str(seed)]
    words += ["--as-of", date.isoformat(as_of.date())] if as_of else []
    if capacity is not None:
        share, weekly = capacity.share, capacity.per_week
        words += ["--capacity", f"{weekly:g}/week" if share is None else "all" if share == 1 else f"{100 * share:g}%"]
    words += [word for option, given in aims.items() if given is not None for word in (option, _written(given))]
    words += ["--prior", prior.name] if prior else []
    words += ["--constraints", constraints.name] if constraints else []
    words += [word for field in keep for word in ("--keep", field)] + [
        word for field in drop for word in ("--drop", field)
    ]
    words += ["--force"] if force else []
    return shlex.join(words)


def _registered(training: Training, registry: str, model: str) -> None:
    from leadqual.reports.report import report_of
    from leadqual.reports.report_html import report_html
    from leadqual.retraining import Registry, record_of

    def page(bundle: Bundle) -> str:
        return report_html(report_of(bundle, audit=training.audit))

    record = record_of(training.bundle, audit=training.audit, report=page)
    version = Registry(model, registry).register(training.bundle, kind="train", record=record)
    click.echo(f"Version {version.version} of {model} in the registry.", err=True)
