"""The agreement in a terminal: where it stands, what changed, what a proposal costs, and the ledger line by line."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from leadqual.agreement import Agreement, Entry, MovedThreshold, Price
from leadqual.agreement.difference import Difference, FieldChange
from leadqual.agreement.roles import same_role
from leadqual.errors import counted
from leadqual.measures import PRICED_MEASURES
from leadqual.reports.priced_label import priced_label
from leadqual.reports.terminal import heading

__all__ = ["entry_line", "show_agreement", "show_difference", "show_log", "show_price"]

_WHAT = {"added": "now scored", "removed": "no longer scored", "points": "other points", "bands": "other bands"}
_SEGMENTS = 8


def show_agreement(console: Console, agreement: Agreement) -> None:
    """Print where an agreement stands: version, parent, who signed, who must still sign, what is void."""
    version = "" if agreement.version is None else f"version {agreement.version}, "
    console.print(heading(f"Agreement: {version}{agreement.digest[:12]}"))
    also = [
        one.role for one in agreement.sign_offs if not any(same_role(one.role, role) for role in agreement.required)
    ]
    for role in dict.fromkeys((*agreement.required, *also)):
        signed = [one for one in agreement.sign_offs if same_role(one.role, role)]
        if signed:
            one = signed[0]
            comment = f'  "{one.comment}"' if one.comment else ""
            how = ", with a key" if one.signature else ""
            console.print(Text(f"  {role}: signed by {one.name}, {one.signed_at}{how}{comment}"))
        else:
            console.print(Text(f"  {role}: has not signed", "yellow"))
    for one in agreement.withdrawn:
        console.print(Text(f"  {one.role}: {one.name} withdrew the sign-off of {one.signed_at}", "yellow"))
    if agreement.parent:
        edits = f", with {counted(len(agreement.proposals), 'proposal')}" if agreement.proposals else ""
        console.print(Text(f"  comes from {agreement.parent[:12]}{edits}"))
    for one in agreement.void:
        console.print(Text(f"  void: {one.name} for {one.role} signed {one.digest[:12]}, which changed since", "dim"))
    console.print(Text("It holds.", "green") if agreement.holds else Text("It does not hold.", "bold red"))


def show_difference(console: Console, difference: Difference) -> None:
    """Print a difference like a release note."""
    console.print(heading(f"From {difference.before[:12]} to {difference.after[:12]}"))
    if difference.nothing:
        console.print("The same fields, points, calibration and policy.")
        return
    for field in difference.fields:
        _show_field(console, field)
    for one in difference.thresholds:
        console.print(Text.assemble((one.name, "bold"), f": {one.before} to {one.after}"))
    if difference.calibration is not None:
        points, before, after = difference.calibration
        console.print(Text(f"Probability moves most at {points} points: {before:.1%} to {after:.1%}"))
    if difference.leads is not None:
        moves = ", ".join(f"{count:,} from {a} to {b}" for (a, b), count in difference.moves.items()) or "none"
        share = f" ({sum(difference.moves.values()) / difference.leads:.1%})" if difference.moves else ""
        console.print(Text(f"Leads that change grade, of {difference.leads:,}: {moves}{share}"))


def _show_field(console: Console, field: FieldChange) -> None:
    console.print(Text.assemble((field.field, "bold"), f": {_WHAT[field.what]}"))
    for band in field.bands:
        before = "none" if band.before is None else f"{band.before:+d}"
        after = "none" if band.after is None else f"{band.after:+d}"
        console.print(Text(f"  {band.label}: {before} to {after}"))


def show_price(console: Console, price: Price) -> None:
    """Print what a proposal costs or gains."""
    console.print(Text(str(price), "bold"))
    table = Table(box=None, pad_edge=False)
    for name, side in (("", "left"), ("now", "right"), ("proposed", "right"), ("difference (95%)", "left")):
        table.add_column(name, justify=side)  # type: ignore[arg-type]
    for one in price.measures:
        definition = PRICED_MEASURES[one.name]
        shown = ["none" if value is None else definition.written(value) for value in (one.before, one.after)]
        if one.difference is None or one.low is None or one.high is None:
            told = "cannot be told"
        else:
            change, low, high = (definition.written(v, signed=True) for v in (one.difference, one.low, one.high))
            told = f"{change} ({low} to {high})"
        table.add_row(priced_label(one.name, price.wins_per), *shown, told)
    console.print(table)
    for moved in price.thresholds:
        console.print(_moved_line(moved))
    if price.moves:
        console.print(Text(", ".join(f"{count:,} leads {a} to {b}" for (a, b), count in price.moves.items())))
        for who in price.regraded[:_SEGMENTS]:
            console.print(Text(f"  {who.field} {who.value}: {who.up:,} up, {who.down:,} down, of {who.leads:,}"))
    console.print(Text(f"On {price.leads:,} later leads with {price.wins:,} wins; applied by {price.by}.", "dim"))
    console.print(
        Text(
            "Now and proposed are the card as the earlier leads alone teach it, to which the later ones are new: "
            "shares differ from those of the bundle itself, and thresholds may be some points off; apply says where.",
            "dim",
        )
    )


def _moved_line(moved: MovedThreshold) -> Text:
    points = "" if moved.before is None else f"from {moved.before} to {moved.after} points, "
    if moved.before == moved.after:
        points = ""
    before, after = f"{moved.share_before:.1%}", f"{moved.share_after:.1%}"
    line = Text(f"{moved.name}: {points}{f'still {after}' if before == after else f'{before} to {after}'} of leads")
    if moved.share_after == 0 < moved.share_before:
        line.append(": none is left", "bold red")
    return line


def show_log(console: Console, entries: Iterable[Entry]) -> None:
    """Print the ledger, one line for each entry."""
    for entry in entries:
        console.print(Text(f"{entry.number:>4}  {entry.recorded_at}  {entry_line(entry)}"))


def entry_line(entry: Entry) -> str:
    """Return what an entry records, in a line."""
    content = entry.content
    if entry.kind == "bundle":
        parent = f", from {content['parent'][:12]}" if content["parent"] else ""
        return f"version {content['version']}: {content['digest'][:12]} ({content['name']}){parent}"
    if entry.kind == "sign-off":
        comment = f': "{content["comment"]}"' if content["comment"] else ""
        return f"{content['name']} signed {content['digest'][:12]} for {content['role']}{comment}"
    if entry.kind == "sign-off withdrawal":
        reason = f": {content['reason']}" if content["reason"] else ""
        return f"{content['name']} withdrew the sign-off of {content['digest'][:12]} for {content['role']}{reason}"
    if entry.kind == "proposal":
        edits = content["proposal"]["edits"]
        return f"proposal {content['digest'][:12]}: {len(edits)} edits to {content['proposal']['bundle'][:12]}"
    if entry.kind == "roles":
        return f"from here on must sign: {', '.join(content['roles'])}"
    return f"{content.get('author', '')}: {content.get('text', '')}".strip(": ")
