"""The provenance: where a bundle comes from, enough to make it again, and nothing about a person."""

from dataclasses import dataclass
from typing import Annotated

from leadqual.bundle.declared import Count, Name, Since, Whole, Words, one_of
from leadqual.bundle.points_table import PointsTable
from leadqual.bundle.policy import Policy

__all__ = ["AppliedEdits", "Provenance"]


@dataclass(frozen=True, slots=True)
class AppliedEdits:
    """The edits of one proposal that was applied to the points or the policy.

    Parameters
    ----------
    by
        ``"override"`` (the points were changed) or ``"refit"`` (the points were learned again under the edits).
    edits
        Each edit as JSON text, without who asked for it and why: that is in the ledger.
    policy
        The policy in force before.
    """

    by: Annotated[str, one_of("override", "refit")]
    edits: tuple[Name, ...]
    policy: Policy


@dataclass(frozen=True, slots=True)
class Provenance:
    """From what and how a bundle was made.

    Parameters
    ----------
    created_at
        When it was made (ISO 8601, UTC); "" where the caller wants byte-equal files.
    command
        The command or call that made it; "" when made in a notebook.
    data_fingerprint
        SHA-256 over the columns that were used, in the order of the leads.
    schema_digest
        SHA-256 over the schema.
    leads, mature, won, lost, open
        How many leads were read; how many had a label that counts; wins and losses among those; and how many were
        still undecided.
    first_lead, last_lead
        Creation dates (ISO) of the first and the last lead read; None where the history has no dates.
    as_of
        The date (ISO) as of which outcomes count; None where the history has no dates.
    seed
        The seed of whatever was random.
    settings
        What was chosen or given, as (name, value): penalty strength, half-life, constraints, dropped fields.
    versions
        Library versions, as (name, version).
    learned
        The points table as it was last learned, before any override; None where no edit was applied.
    edits
        What was applied to it, in order. With ``learned`` it says how the points came to be what was signed.
    """

    created_at: Words
    command: Words
    data_fingerprint: Words
    schema_digest: Words
    leads: Count
    mature: Count
    won: Count
    lost: Count
    open: Count
    first_lead: Words | None
    last_lead: Words | None
    as_of: Words | None
    seed: Whole
    settings: tuple[tuple[Name, Words], ...] = ()
    versions: tuple[tuple[Name, Words], ...] = ()
    learned: Annotated[PointsTable | None, Since(3, None)] = None
    edits: Annotated[tuple[AppliedEdits, ...], Since(3, [])] = ()
