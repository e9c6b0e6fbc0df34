"""A bundle with a proposal applied: new points, calibrated and measured on later leads, not signed yet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from leadqual.agreement.applied_edits import apply_record
from leadqual.agreement.appraisal import appraise, policy_under
from leadqual.agreement.later_leads import LaterLeads, whole_history
from leadqual.agreement.override import override
from leadqual.agreement.price import By, price
from leadqual.agreement.proposal import Proposal
from leadqual.agreement.refit import refit
from leadqual.bundle import Bundle, Evidence, FieldPoints, PointsTable
from leadqual.calibration import fit_curve, fit_scale
from leadqual.errors import ProposalError
from leadqual.evaluation import base_rate_performance, performance, reliability
from leadqual.fact import fact
from leadqual.leads.accounts import draw_weights
from leadqual.scorecard import lead_points
from leadqual.scorecard.fine_bands import band_codes

__all__ = ["amend"]


def amend(
    bundle: Bundle,
    proposal: Proposal,
    held: LaterLeads,
    *,
    by: By = "override",
    created_at: str = "",
    command: str = "",
) -> Bundle:
    """Return the bundle with the proposal in it, under a digest of its own; earlier signatures do not carry over.

    Points are those of the bundle with the edits made (override), or learned again from all leads under them (refit).
    What changed points mean is learned from the later leads, whose points come from the earlier leads alone; where a
    proposal changes the policy only, points and curve stay. Thresholds follow the capacity, unless they are moved.

    Parameters
    ----------
    bundle, proposal
        What is amended, and how.
    held
        The history; see `hold_later`.
    by
        As in `price`.
    created_at, command
        For the provenance.

    Raises
    ------
    ProposalError
        As in `price`.
    EvidenceError
        When the later leads are too few to calibrate on.

    Examples
    --------
    >>> from leadqual.agreement import Edit, SetCapacity, hold_later
    >>> from leadqual.leads import label_outcomes, read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> leads = read_leads(sample.table, sample.schema)
    >>> bundle = train(leads, name="demo").bundle
    >>> held = hold_later(bundle, leads, label_outcomes(leads))
    >>> proposal = Proposal(bundle.digest).with_edit(Edit(SetCapacity(share=0.1)))
    >>> amend(bundle, proposal, held).policy.capacity_share
    0.1
    """
    if bundle.digest != held.bundle:
        raise ProposalError("the leads were held for another bundle; hold them again for this one.")
    priced = price(proposal, held, by=by, repetitions=20)
    changes = [edit.change for edit in proposal.edits]
    everyone = whole_history(held)
    policy_only = all(change.of_policy for change in changes)
    table, curve = bundle.points_table, bundle.curve
    if not policy_only:
        table = _counted(override(table, changes) if by == "override" else refit(changes, everyone), everyone)
        curve = fit_curve(
            priced.after.points,
            held.later_won,
            base_rate=held.base_rate,
            time=held.later_time,
            account=held.later_account,
            points_to_double_odds=table.points_to_double_odds,
        )
    share = None if priced.after.policy.capacity_share is None else priced.after.capacity_share
    points = lead_points(table, everyone.earlier)
    recent = lead_points(table, held.recent)
    settings = dict(bundle.provenance.settings)
    before = settings.get("proposals", "").split()
    step = "override" if policy_only else by  # nothing is learned again where the policy alone changes
    settings |= {"parent": bundle.digest, "proposals": " ".join([*before, proposal.digest]), "edited by": by}
    return replace(
        bundle,
        points_table=table,
        curve=curve,
        scale=bundle.scale if policy_only else fit_scale(points),
        policy=policy_under(changes, held, recent, curve, share, bundle.policy),
        constraints=tuple(dict.fromkeys((*bundle.constraints, *(str(change) for change in changes)))),
        provenance=replace(
            bundle.provenance,
            created_at=created_at,
            command=command,
            settings=tuple(settings.items()),
            learned=table if by == "refit" and not policy_only else bundle.provenance.learned or bundle.points_table,
            edits=(*bundle.provenance.edits, apply_record(proposal, by=step, policy=bundle.policy)),
        ),
        evidence=_evidence(bundle, held, table=priced.after.table, share=priced.after.capacity_share),
        sign_offs=(),
    )


def _counted(table: PointsTable, everyone: LaterLeads) -> PointsTable:
    """Return the table with the share of all leads in each band, and each field's average points."""
    fields, account = [], everyone.earlier_account
    once = None if account is None else draw_weights(account, everyone.earlier_time)
    for field in table.fields:
        code = band_codes(field, everyone.earlier[field.name], table.missing_values, reading=table.reading)
        own = code[code < len(field.bands)]
        share = np.bincount(own, minlength=len(field.bands)) / len(code)
        if once is not None:
            share = np.bincount(code, once, len(field.bands) + 1)[: len(field.bands)] / once.sum()
        worth = np.array([band.points for band in field.bands])
        average = int(np.rint(worth[own].mean())) if len(own) else 0
        fields.append(_with_shares(field, share, average))
    return replace(table, fields=tuple(fields))


def _with_shares(field: FieldPoints, share: np.ndarray, average: int) -> FieldPoints:
    bands = tuple(replace(band, share=round(float(part), 6)) for band, part in zip(field.bands, share, strict=True))
    return replace(field, bands=bands, average_points=average)


def _evidence(bundle: Bundle, held: LaterLeads, *, table: PointsTable, share: float) -> Evidence:
    found = appraise(table, held, ())
    card = performance("scorecard", held.later_won, found.probability, rank=found.points, capacity_share=share)
    base = base_rate_performance(held.later_won, held.base_rate, capacity_share=share)
    known = bundle.evidence
    return Evidence(
        method=fact("evidence_edited"),
        test_from=None if known is None else known.test_from,
        test_to=None if known is None else known.test_to,
        trained_on=len(held.earlier),
        tested_on=len(held.later),
        wins=int(held.later_won.sum()),
        performances=(card, base),
        reliability=reliability(held.later_won, found.probability),
        warnings=() if known is None else known.warnings,
    )
