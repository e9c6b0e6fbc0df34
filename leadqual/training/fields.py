"""Which fields are learned from: what the audit leaves out, and what people decide otherwise."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from leadqual.audit import Audit
from leadqual.bundle import PointsTable
from leadqual.errors import EvidenceError, SchemaError
from leadqual.fact import Fact, Figure, fact
from leadqual.leads import Leads
from leadqual.scorecard import Constraint

__all__ = ["chosen_fields", "still_scored", "untold", "without_fields"]


def chosen_fields(
    leads: Leads, audit: Audit, *, keep: Collection[str] = (), drop: Collection[str] = ()
) -> tuple[Leads, tuple[Fact, ...]]:
    """Leave out what the audit is sure or fairly sure of, but not what is to be kept, and what is to be dropped.

    Parameters
    ----------
    leads
        The history.
    audit
        What was found in it.
    keep, drop
        Fields that people decided on, whatever the audit says.

    Returns
    -------
    leads : Leads
        The same leads; the fields left out count as known later in their schema.
    notes : tuple of str
        A sentence for each field left out, or kept against the audit; one where several are left out for one reason.

    Raises
    ------
    SchemaError
        When a field to keep or drop is not scored, or is in both.
    EvidenceError
        When no field is left.
    """
    scored = [feature.name for feature in leads.schema.scored]
    unknown = [name for name in (*keep, *drop) if name not in scored]
    both = sorted(set(keep) & set(drop))
    if unknown or both:
        raise SchemaError(
            f"keep and drop name {len(unknown)} fields that the schema does not score ({', '.join(unknown)}) and "
            f"{len(both)} twice ({', '.join(both)}); name fields that are known at creation, each once."
        )
    out = [name for name in scored if name in drop or (name in audit.left_out and name not in keep)]
    if len(out) == len(scored):
        raise EvidenceError(
            f"all {len(scored)} fields are left out ({', '.join(out)}), at least 1 must remain; add fields that are "
            "known when a lead is created, or keep one of these if the audit is wrong about it."
        )
    notes: list[Fact] = []
    alike: dict[tuple[str, Fact, Fact], list[str]] = {}
    for name in scored:
        reasons = [finding for finding in audit.of(name) if finding.leaves_out]
        if name in drop:
            notes.append(fact("audit_left_out_as_asked", field=name))
        elif reasons and name in keep:
            notes.append(fact("audit_kept_against", field=name, code=reasons[0].code, evidence=reasons[0].evidence))
        elif reasons:
            alike.setdefault((reasons[0].code, reasons[0].evidence, reasons[0].remedy), []).append(name)
    # say a reason once where several fields, such as the choices of a list, are left out for it
    for (code, evidence, remedy), names in alike.items():
        why: dict[str, Figure] = {"code": code, "evidence": evidence, "remedy": remedy}
        if len(names) == 1:
            notes.append(fact("audit_left_out_one", field=names[0], **why))
        else:
            notes.append(fact("audit_left_out_several", fields=tuple(names), **why))
    return without_fields(leads, out), tuple(notes)


def without_fields(leads: Leads, names: Collection[str]) -> Leads:
    """Return the same leads with some fields not scored."""
    features = tuple(
        replace(feature, known="later") if feature.name in names else feature for feature in leads.schema.features
    )
    return replace(leads, schema=replace(leads.schema, features=features))


def still_scored(
    leads: Leads, constraints: Sequence[Constraint], prior: PointsTable | None
) -> tuple[Sequence[Constraint], PointsTable | None, tuple[str, ...]]:
    """Drop constraints and prior points on fields that are in the schema but no longer scored.

    Returns
    -------
    constraints, prior
        What is left; a rule of which nothing is left is None.
    notes : tuple of str
        A sentence for what was dropped.
    """
    out = {feature.name for feature in leads.schema.features} - {feature.name for feature in leads.schema.scored}
    mine = [constraint for constraint in constraints if constraint.field not in out]
    notes = []
    if len(mine) < len(constraints):
        notes.append(f"{len(constraints) - len(mine)} constraints are on fields that are not scored, and do not hold.")
    if prior is not None and out & set(prior.names):
        gone = sorted(out & set(prior.names))
        notes.append(f"The prior rule's points on {', '.join(gone)} are left out, as these fields are not scored.")
        fields = tuple(field for field in prior.fields if field.name not in out)
        prior = replace(prior, fields=fields) if fields else None
    return mine, prior, tuple(notes)


def untold(leads: Leads, table: PointsTable) -> tuple[str, ...]:
    """Name the fields that are not on the card because all their values have the same points."""
    gone = [feature.name for feature in leads.schema.scored if feature.name not in table.names]
    if not gone:
        return ()
    note = (
        f"Not on the card, as all their values are worth the same: {', '.join(gone)}. No lead's points change by that."
    )
    return (note,)
