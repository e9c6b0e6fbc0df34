"""``leadqual retrain``: challengers from the ledger, beside the champion, and what would be decided."""

from __future__ import annotations

from pathlib import Path

import click

from leadqual.cli.feedback import store_option
from leadqual.cli.options import json_option, known_as_of_option, need_packages

__all__ = ["command"]


@click.command("retrain", short_help="Challengers from the feedback ledger, beside the champion.")
@click.argument("bundle", type=click.Path(path_type=Path))
@store_option
@click.option(
    "--past", "past", multiple=True, type=click.Path(path_type=Path), help="Bundles that scored earlier leads."
)
@click.option("--constraints", type=click.Path(path_type=Path), help="What the agreement demands (TOML).")
@known_as_of_option()
@click.option("--out", type=click.Path(path_type=Path), help="Where the best challenger goes.")
@json_option
def command(
    bundle: Path, store: str, past: tuple[Path, ...], constraints: Path | None, as_of: str | None, out: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Build challengers of BUNDLE from the feedback ledger, and say what would be decided; nothing is promoted."""
    need_packages("the feedback ledger", "feedback", "alembic")
    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.cli.feedback import scored_history, time_now
    from leadqual.feedback import lead_standing
    from leadqual.retraining import decide, exploring, gather_experience, retrain
    from leadqual.scorecard import read_constraints

    champion, at = Bundle.load(bundle), as_of or time_now()
    bundles = {one.digest: one for one in (champion, *(Bundle.load(path) for path in past))}
    history, window = scored_history(store, as_of=at), champion.window_days or 90
    standing = lead_standing(history, window_days=window, as_of=at)
    experience = gather_experience(history, bundles, window_days=window, as_of=at, standing=standing)
    found = retrain(
        champion,
        experience,
        constraints=() if constraints is None else read_constraints(constraints),
        created_at=time_now(),
        command=f"leadqual retrain {bundle.name}",
    )
    decisions = [decide(champion, c.bundle, e) for c, e in zip(found.challengers, found.evidence, strict=True)]
    if out is not None:
        found.challengers[found.best].bundle.save(out)
    if as_json:
        pairs = zip(found.challengers, decisions, strict=True)
        console.as_json(
            [
                {"kind": one.kind} | decision.to_dict() | {"reasons": console.sentences(decision.reasons)}
                for one, decision in pairs
            ]
        )
        return
    for number, (one, decision) in enumerate(zip(found.challengers, decisions, strict=True)):
        click.echo(f"{one.kind}{' (best)' if number == found.best else ''}: {decision.verdict}")
        followed = () if one.followed is None else (one.followed,)
        for reason in console.sentences((*decision.reasons, *followed)):
            click.echo(f"  {reason}")
    explored = exploring(history, standing)
    console.remarks((*explored.facts, *found.warnings))
    if out is not None:
        click.echo(f"Wrote {out}.")
