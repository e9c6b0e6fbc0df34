"""Doubts of training, as sentences, and the refusal where fields do not predict outcomes."""

from __future__ import annotations

from collections.abc import Sequence

from leadqual.audit import Audit
from leadqual.bundle import ProbabilityCurve
from leadqual.errors import EvidenceError
from leadqual.evaluation import CalibratedCard, LatestSignal, Signal, latest_signal
from leadqual.fact import Fact, Figure, fact
from leadqual.leads import Leads
from leadqual.scorecard import Constraint, Direction
from leadqual.training.held_out import HeldOut

__all__ = [
    "flat_curve",
    "history_doubts",
    "judged_latest",
    "lost_signal",
    "suspicions",
    "undeclared",
    "without_signal",
]

_HISTORY = ("LQ403", "LQ404")
_CODES = "LQ304"

_CHANCE = 0.05
_EVEN = 0.5
_SAME = 1e-3
_MORE_FIELDS = (
    "add fields that say more about need, intent, budget and decision chain, wait for more outcomes, or force it to "
    "see the scorecard all the same"
)


def undeclared(leads: Leads) -> tuple[str, ...]:
    """Name the fields for which the schema does not say when their values are known."""
    unknown = [feature for feature in leads.schema.scored if feature.known == "unknown"]
    fields = list(dict.fromkeys(one.column for one in unknown))
    if not fields:
        return ()
    sentence = (
        f"{len(fields)} fields may have been filled in only after the outcome ({', '.join(fields)}); set known = "
        '"at_creation" or "later" for each in the schema.'
    )
    return (sentence,)


def suspicions(audit: Audit, suspects: Sequence[str]) -> tuple[Fact, ...]:
    """Name the fields that may know the outcome and are scored all the same."""
    if not suspects:
        return ()
    codes = sorted({finding.code for name in suspects for finding in audit.of(name) if finding.subject == "leak"})
    return (fact("audit_fields_suspect", fields=tuple(suspects), codes=tuple(codes), count=len(suspects)),)


def history_doubts(audit: Audit, constraints: Sequence[Constraint] = ()) -> tuple[Fact, ...]:
    """Return what the audit found about the history and about fields that people must decide on.

    Parameters
    ----------
    audit
        What was found.
    constraints
        What the teams demand; a direction demanded over a far-off code is named.

    Returns
    -------
    tuple of Fact
        One for each bulk import, and one for each kind of field to decide on.
    """
    found = [
        fact("audit_says", evidence=one.evidence, remedy=one.remedy, code=one.code)
        for one in audit.findings
        if one.code in _HISTORY
    ]
    decide = sorted({one.field for one in audit.findings if one.subject == "protected" and one.field is not None})
    if decide:
        found.append(fact("audit_fields_to_decide", fields=tuple(decide), count=len(decide)))
    coded = {one.field: one for one in audit.findings if one.code == _CODES}
    demanded = {constraint.field for constraint in constraints if isinstance(constraint, Direction)}
    for field, one in sorted(coded.items(), key=lambda pair: str(pair[0])):
        told: dict[str, Figure] = {
            "field": str(field), "evidence": one.evidence, "remedy": one.remedy, "code": one.code,
        }  # fmt: skip
        if field in demanded:
            found.append(fact("audit_says_of_demanded", **told))
        else:
            found.append(fact("audit_says_of_field", **told))
    return tuple(found)


def without_signal(signal: Signal, *, force: bool) -> tuple[str, ...]:
    """Refuse a scorecard that ranks won leads no higher than chance would; where it is forced, say so.

    Parameters
    ----------
    signal
        What the test said of points from scorecards of earlier leads.
    force
        Do not refuse.

    Raises
    ------
    EvidenceError
        When chance alone would rank won leads as high in 5 % of histories or more, and ``force`` is not set.
    """
    if signal.auc is None or signal.p_value < _CHANCE:
        return ()
    doubt = (
        f"these fields do not predict outcomes: on {signal.leads:,} later leads, {signal.wins} of them won, won leads "
        f"ranked no higher than chance would place them (AUC {signal.auc:.3f}, p = {signal.p_value:.2f}, which must be "
        f"below {_CHANCE:.2f})"
    )
    if not force:
        raise EvidenceError(f"{doubt}; {_MORE_FIELDS}.")
    return (f"It was forced although {doubt}; do not route leads by it.",)


def judged_latest(calibrated: CalibratedCard, held_out: HeldOut | None) -> LatestSignal | None:
    """Test the points of the held-out leads against chance and against the leads before; None without held-out leads.

    The points of the leads before come from scorecards of still earlier leads, as calibration has them.
    """
    if held_out is None:
        return None
    before = slice(0, max(len(calibrated.won) - len(held_out.won), 0))
    every = calibrated.account
    return latest_signal(
        held_out.won,
        held_out.points,
        earlier_won=calibrated.won[before],
        earlier_rank=calibrated.points[before],
        account=held_out.account,
        earlier_account=None if every is None else every[before],
    )


def lost_signal(latest: LatestSignal | None, *, force: bool) -> tuple[str, ...]:
    """Refuse a scorecard whose points surely rank the latest leads no better than chance; where it is forced, say so.

    Parameters
    ----------
    latest
        What the test said of the held-out leads; None where there are none.
    force
        Do not refuse.

    Returns
    -------
    tuple of str
        A warning where the AUC of the latest leads is 0.5 or less, or surely fell to what chance may give; or forced.

    Raises
    ------
    EvidenceError
        When it is sure with 95 % confidence (see `LatestSignal.is_lost`), and ``force`` is not set.
    """
    if latest is None or latest.auc is None:
        return ()
    fell = latest.p_worse < _CHANCE and latest.p_below < 1 - _CHANCE
    if latest.auc > _EVEN and not fell:
        return ()
    counted = f"on the latest {latest.leads:,} leads, {latest.wins} of them won, won leads ranked no higher than others"
    before = "" if latest.earlier_auc is None else f" against {latest.earlier_auc:.3f} on the leads before"
    if not latest.is_lost(level=_CHANCE):
        unsure = (
            f"The scorecard may have stopped telling leads apart: on the latest {latest.leads:,} leads, {latest.wins} "
            f"of them won, its AUC is {latest.auc:.3f}{before}, which chance alone may give; wait for more outcomes, "
            "and look at this figure again before leads are routed by it."
        )
        return (unsure,)
    sure = f"p = {latest.p_below:.3f} that chance ranks them so low"
    if latest.p_below >= _CHANCE:
        sure = f"p = {latest.p_worse:.3f} that chance explains the fall"
    doubt = f"these fields no longer predict outcomes: {counted} (AUC {latest.auc:.3f}{before}; {sure})"
    if not force:
        raise EvidenceError(
            f"{doubt}, where they must rank higher; check whether the outcome, the fields or their order in time "
            f"changed their meaning and leave out the leads before, or {_MORE_FIELDS}."
        )
    return (f"It was forced although {doubt}; do not route leads by it.",)


def flat_curve(curve: ProbabilityCurve, *, force: bool) -> tuple[str, ...]:
    """Refuse a scorecard that gives every lead the same probability; where it is forced, say so.

    Raises
    ------
    EvidenceError
        When the calibrated probability is the same at all points, and ``force`` is not set.
    """
    lowest, highest = curve.probability[0], curve.probability[-1]
    if highest - lowest > _SAME:
        return ()
    doubt = (
        f"the probability is {lowest:.1%} at any number of points: on later leads, more points did not mean more wins, "
        "so that grades and thresholds would tell nothing apart"
    )
    if not force:
        raise EvidenceError(f"{doubt}; {_MORE_FIELDS}.")
    return (f"It was forced although {doubt}; do not route leads by it.",)
