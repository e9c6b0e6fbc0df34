"""Other ways to score: a team's hand-made rule as a points table, and what other learners take as input.

The learners to compare with are in `leadqual.learners.yardsticks`, which loads much of scikit-learn.
"""

from leadqual.learners.inputs import model_inputs
from leadqual.learners.rules import points_from_rules

__all__ = ["model_inputs", "points_from_rules"]
