"""``leadqual pick``: which leads sales work: the best by points, and a few drawn at random, all of it recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadqual.cli.feedback import store_option
from leadqual.cli.options import json_option, need_packages, part

if TYPE_CHECKING:
    from leadqual.bundle import Policy

__all__ = ["command"]

_FILE = click.Path(path_type=Path)


@click.command("pick", short_help="The leads that sales work: the best, and a few drawn at random.")
@click.argument("bundle", type=_FILE)
@click.argument("leads", type=_FILE)
@click.option(
    "--capacity", type=click.IntRange(min=0), help="How many of LEADS sales can work; the policy's share if left out."
)
@click.option(
    "--explore", callback=part, metavar="SHARE",
    help="Share of the capacity that is drawn at random, whatever the scores say; the policy's if left out.",
)  # fmt: skip
@click.option("--out", required=True, type=_FILE, help="Where the list goes (CSV).")
@click.option("--id", "id_field", help="The column with the leads' ids; the bundle's if left out.")
@click.option("--at", "at", metavar="TIME", help="When they were scored; now if left out.")
@click.option("--seed", required=True, type=click.IntRange(min=0), help="Of the draw; another one each time.")
@store_option
@json_option
def command(
    bundle: Path, leads: Path, capacity: int | None, explore: float | None, out: Path, id_field: str | None,
    at: str | None, seed: int, store: str, as_json: bool,
) -> None:  # fmt: skip
    """Score LEADS with BUNDLE, choose the ones that sales work, and record every score in the feedback ledger.

    A small share of the capacity is drawn at random before anyone looks at the scores, and logged with the chance of
    being drawn; how large it is, is part of the policy that both teams sign. Leads that nobody works look lost, so only
    such leads say what all leads are worth: calibration, monitoring and promotion are judged on them. The list holds
    id, points, probability, grade and follow-up hours of the chosen leads in an order that does not tell which were
    drawn.
    """
    need_packages("the feedback ledger", "feedback", "alembic")
    if out.is_dir():
        raise click.UsageError(f"{out} is a folder, the list must be a file; name one with --out.")
    import numpy as np
    import pandas as pd

    from leadqual.bundle import Bundle
    from leadqual.cli import console
    from leadqual.cli.feedback import id_column, time_now
    from leadqual.cli.whole_file import whole_file
    from leadqual.feedback import FeedbackStore, scored_table
    from leadqual.leads.sources import read_source
    from leadqual.retraining import draw_at_random
    from leadqual.scorer import Scorer

    loaded = Bundle.load(bundle)
    table = read_source(leads).table
    name = id_column(loaded, id_field)
    scores, now = Scorer(loaded).score(table), time_now()
    points = scores["points"].to_numpy()
    room, share = _agreed(loaded.policy, len(table), capacity=capacity, explore=explore)
    picked, propensity = draw_at_random(points, capacity=room, explore=share, seed=seed)
    drawn = [propensity if why == "random" else None for why in picked]
    with FeedbackStore(store) as book:
        key = book.account_key
    events = scored_table(
        loaded, table, id_field=name, at=at or now, picked=list(picked), propensity=drawn, account_key=key
    )
    chosen = np.random.default_rng(seed).permutation(np.flatnonzero(picked != ""))
    shown = pd.DataFrame(
        {
            "id": [events[place].lead for place in chosen],
            "points": points[chosen],
            "probability": scores["probability"].to_numpy()[chosen],
            "grade": scores["grade"].to_numpy()[chosen],
            "follow_up_hours": scores["follow_up_hours"].to_numpy()[chosen],
        }
    )
    with whole_file(out) as path, FeedbackStore(store) as book:
        shown.to_csv(path, index=False)
        new = book.append(events, known_at=now)
    counts = {why: int((picked == why).sum()) for why in ("rank", "random")}
    if as_json:
        console.as_json({"out": str(out), "leads": len(table), "new": new, "propensity": propensity} | counts)
        return
    click.echo(
        f"{len(table)} leads scored, {new} of the scores new; {counts['rank']} picked by rank and {counts['random']} "
        f"drawn at random (each with a chance of {100 * propensity:.1f} %), into {out}."
    )


def _agreed(policy: Policy, leads: int, *, capacity: int | None, explore: float | None) -> tuple[int, float]:
    """Return how many leads are worked and which share of them is drawn: as asked for, else as the policy has it.

    Parameters
    ----------
    policy
        The bundle's.
    leads
        How many there are.
    capacity, explore
        What was asked for; None: nothing.

    Raises
    ------
    PolicyError
        When neither says it.
    """
    from leadqual.errors import PolicyError

    if capacity is None:
        if policy.capacity_share is None:
            raise PolicyError("the bundle's policy names no capacity, sales' must be known; pass --capacity.")
        capacity = int(policy.capacity_share * leads + 1e-9)
    explore = policy.explore if explore is None else explore
    if explore is None:
        raise PolicyError(
            "the bundle's policy does not say what is drawn at random, it must be known; pass --explore 10%, or train "
            "again."
        )
    return capacity, explore
