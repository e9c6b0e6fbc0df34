"""Scores leads with a bundle: one from a dict, or a whole table. Needs nothing but the standard library."""

from leadqual.reasons import Change, NextGrade, Reason
from leadqual.scorer.score import Score
from leadqual.scorer.scorer import Scorer

__all__ = ["Change", "NextGrade", "Reason", "Score", "Scorer"]
