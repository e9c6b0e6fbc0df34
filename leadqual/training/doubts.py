"""What training could not make sure of, in sentences; and the refusal where fields do not predict outcomes."""

from __future__ import annotations

from collections.abc import Sequence

from leadqual.audit import Audit
from leadqual.errors import EvidenceError
from leadqual.evaluation import Signal
from leadqual.leads import Leads
from leadqual.scorecard import Constraint, Direction

__all__ = ["history_doubts", "suspicions", "undeclared", "without_signal"]

_CHANCE = 0.05
_HISTORY = ("LQ403", "LQ404")
_CODES = "LQ304"


def undeclared(leads: Leads) -> tuple[str, ...]:
    """Name the fields of which nobody has said when they are known."""
    unknown = [feature for feature in leads.schema.scored if feature.known == "unknown"]
    fields = list(dict.fromkeys(one.name if one.choice is None else one.choice.column for one in unknown))
    if not fields:
        return ()
    sentence = (
        f"{len(fields)} fields may have been filled in only after the outcome ({', '.join(fields)}); set known = "
        '"at_creation" or "later" for each in the schema.'
    )
    return (sentence,)


def suspicions(audit: Audit, suspects: Sequence[str]) -> tuple[str, ...]:
    """Name the fields that may know the outcome and were learned from all the same."""
    if not suspects:
        return ()
    codes = sorted({finding.code for name in suspects for finding in audit.of(name) if finding.subject == "leak"})
    sentence = (
        f"{len(suspects)} fields may know the outcome ({', '.join(suspects)}; {', '.join(codes)}); find out when they "
        'are filled in, and set known = "later" in the schema, or drop them, if that is after the lead is created.'
    )
    return (sentence,)


def history_doubts(audit: Audit, constraints: Sequence[Constraint] = ()) -> tuple[str, ...]:
    """Say what the audit found about the history and about fields that people must decide on.

    Parameters
    ----------
    audit
        What was found.
    constraints
        What the teams demand; a direction demanded over a far-off code is named.

    Returns
    -------
    tuple of str
        A sentence for each bulk import, and one for each kind of field to decide on.
    """
    said = [f"{one.evidence} {one.remedy} ({one.code})" for one in audit.findings if one.code in _HISTORY]
    decide = sorted({one.field for one in audit.findings if one.subject == "protected" and one.field is not None})
    if decide:
        said.append(
            f"{len(decide)} fields are protected by law or decency ({', '.join(decide)}; LQ502): decide whether they "
            "may be scored, and pass --drop for those that may not."
        )
    coded = {one.field: one for one in audit.findings if one.code == _CODES}
    demanded = {constraint.field for constraint in constraints if isinstance(constraint, Direction)}
    for field, one in sorted(coded.items(), key=lambda pair: str(pair[0])):
        also = (
            " A direction is demanded of it, which then holds for the code as for a number."
            if field in demanded
            else ""
        )
        said.append(f"{field}: {one.evidence}{also} {one.remedy} ({one.code})")
    return tuple(said)


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
    said = (
        f"these fields do not predict outcomes: on {signal.leads:,} later leads, {signal.wins} of them won, won leads "
        f"ranked no higher than chance would place them (AUC {signal.auc:.3f}, p = {signal.p_value:.2f}, which must be "
        f"below {_CHANCE:.2f})"
    )
    if not force:
        raise EvidenceError(
            f"{said}; add fields that say more about need, intent, budget and decision chain, wait for more outcomes, "
            "or force it to see the scorecard all the same."
        )
    return (f"It was forced although {said}; do not route leads by it.",)
