"""Other ways to score: a team's hand-made rule as a points table, and yardsticks to compare the scorecard with.

The yardsticks are in `leadqual.learners.yardsticks`, which loads much of scikit-learn.
"""

from leadqual.learners.rules import points_from_rules

__all__ = ["points_from_rules"]
