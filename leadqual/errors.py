"""The errors leadqual raises, all in one grammar.

Every message says what it got, what must be, and the way out: "created_at has 12 dates after as_of=2026-05-01; pass a
later as_of or drop those leads." A message names columns, counts and row numbers, never the values of a lead: leads
are people.
"""

__all__ = [
    "AbsentFieldError",
    "AgreementError",
    "BundleError",
    "ConstraintError",
    "DependencyError",
    "EvidenceError",
    "FeedbackError",
    "HandoffError",
    "LeadError",
    "LeadqualError",
    "MeetingError",
    "OutcomeWarning",
    "PolicyError",
    "PromotionError",
    "ProposalError",
    "RuleError",
    "SchemaError",
    "counted",
]


def counted(number: int, what: str) -> str:
    """Return a number and what is counted, for a message: "1 row", "2 rows".

    Parameters
    ----------
    number
        How many there are.
    what
        The singular; its plural must end in s.

    Examples
    --------
    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"


class LeadqualError(Exception):
    """Any refusal by leadqual; the command line turns it into exit code 1."""


class SchemaError(LeadqualError, ValueError):
    """The schema is ambiguous, incomplete, or does not fit the table it describes."""


class LeadError(LeadqualError, ValueError):
    """A table of leads cannot be read or scored as it is."""


class AbsentFieldError(LeadError):
    """A lead lacks fields that are scored, where each must be given.

    Attributes
    ----------
    fields
        The columns of these fields, in the order of the points table.
    """

    def __init__(self, message: str, fields: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.fields = fields


class EvidenceError(LeadqualError, ValueError):
    """There is too little history, or too little in it, to learn what was asked for."""


class ConstraintError(LeadqualError, ValueError):
    """A constraint on the points contradicts another one or the fields it names."""


class RuleError(LeadqualError, ValueError):
    """A hand-made rule cannot be read as a points table."""


class PolicyError(LeadqualError, ValueError):
    """A policy is impossible or contradicts itself."""


class ProposalError(LeadqualError, ValueError):
    """A proposed edit names what is not there, contradicts another one, or belongs to other points."""


class AgreementError(LeadqualError, ValueError):
    """An agreement does not hold, a signature is not valid, or the ledger was tampered with."""


class FeedbackError(LeadqualError, ValueError):
    """The ledger of scores and outcomes cannot take or give what was asked, or its events contradict each other."""


class HandoffError(LeadqualError, ValueError):
    """A team cannot be read or contradicts itself, or leads cannot be handed to it as asked."""


class MeetingError(LeadqualError, ValueError):
    """The figures of a meeting cannot be given as asked: no such field or time zone, or an SLA that cannot be."""


class PromotionError(LeadqualError, ValueError):
    """A model cannot be promoted, rolled back or found in the registry."""


class BundleError(LeadqualError, ValueError):
    """A bundle is damaged, edited by hand, of an unknown version, or inconsistent."""


class DependencyError(LeadqualError, ImportError):
    """What was asked for needs a package that is not installed."""


class OutcomeWarning(UserWarning):
    """It is not sure which of two outcome labels means won; the message names the one that is taken."""
