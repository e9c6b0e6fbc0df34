"""Leads: their schema, reading them from where they are, their outcomes, splits in time, and a simulated CRM."""

from leadqual.leads.schema import Feature, Schema

__all__ = ["Feature", "Schema"]
