"""The audit: fields that know the outcome, change over time, name leads or people; histories that say too little."""

from leadqual.audit.audit import CHECKS, audit_leads
from leadqual.audit.finding import Audit, Finding, NotApplicable

__all__ = ["CHECKS", "Audit", "Finding", "NotApplicable", "audit_leads"]
