"""The edits that were applied to a bundle, as its file keeps them, and which of them still hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from leadqual.agreement.edits import Change, Edit, disagreement
from leadqual.agreement.proposal import Proposal
from leadqual.bundle import AppliedEdits, Bundle, Policy
from leadqual.errors import ProposalError

__all__ = ["applied_changes", "apply_record", "carried_edits", "changes_held", "changes_in_force", "unknown_edits"]


def apply_record(proposal: Proposal, *, by: str, policy: Policy) -> AppliedEdits:
    """Return what the file of a bundle keeps of a proposal that was applied.

    Parameters
    ----------
    proposal
        The edits.
    by
        ``"override"`` or ``"refit"``.
    policy
        The policy in force before.

    Examples
    --------
    >>> from leadqual.agreement import Edit, PinBand
    >>> from leadqual.bundle import Grade
    >>> proposal = Proposal("0" * 64).with_edit(Edit(PinBand("Source", "Fair", 3), "Ana", "sales", "students"))
    >>> record = apply_record(proposal, by="override", policy=Policy((Grade("D", None, None),), 100, 110, ()))
    >>> print(record.edits[0], applied_changes(record)[0], sep="; ")
    {"edit": "pin", "field": "Source", "band": "Fair", "points": 3}; Source, Fair: 3 points
    """
    changes = [edit.change.to_dict() for edit in proposal.edits]
    return AppliedEdits(by, tuple(json.dumps(change, ensure_ascii=False) for change in changes), policy)


def applied_changes(step: AppliedEdits) -> tuple[Change, ...]:
    """Return the changes of one applied proposal; raises ProposalError where the bundle's file holds something else."""
    found = []
    for number, text in enumerate(step.edits, 1):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            raise ProposalError(
                f"edit {number} in the bundle's provenance is not JSON, it must be as it was saved; restore the bundle."
            ) from None
        found.append(Edit.from_dict(value, f"edit {number} in the bundle's provenance").change)
    return tuple(found)


def changes_in_force(steps: Iterable[AppliedEdits]) -> tuple[Change, ...]:
    """Return the changes that still hold: a later one replaces those it disagrees with.

    Examples
    --------
    >>> from leadqual.bundle import Grade
    >>> policy = Policy((Grade("D", None, None),), 100, 110, ())
    >>> pin = '{"edit": "pin", "field": "Source", "band": "Fair", "points": %d}'
    >>> changes_in_force([AppliedEdits("override", (pin % points,), policy) for points in (3, 30)])
    (PinBand(field='Source', band='Fair', points=30),)
    """
    held: list[Change] = []
    for step in steps:
        held = changes_held(held, applied_changes(step))
    return tuple(held)


def changes_held(earlier: Sequence[Change], later: Sequence[Change]) -> list[Change]:
    """Return the earlier changes that no later one replaces, then the later ones."""
    kept = [one for one in earlier if one not in later and all(disagreement(one, other) is None for other in later)]
    return [*kept, *later]


def carried_edits(bundle: Bundle, changes: Sequence[Change]) -> tuple[AppliedEdits, ...]:
    """Return the edits that hold as the record of points that were learned again under them."""
    if not changes:
        return ()
    proposal = Proposal(bundle.digest, tuple(Edit(change) for change in changes))
    return (apply_record(proposal, by="refit", policy=bundle.policy),)


def unknown_edits(bundle: Bundle) -> int:
    """Return how many proposals were applied to the bundle before files named their edits (bundle formats 1 and 2)."""
    proposals = dict(bundle.provenance.settings).get("proposals", "").split()
    return max(0, len(proposals) - len(bundle.provenance.edits))
