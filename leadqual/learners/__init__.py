"""Other ways to score: a team's hand-made rule as a points table."""

from leadqual.learners.rules import points_from_rules

__all__ = ["points_from_rules"]
