"""The page that both teams open: weights, sliders, what they cost, and a proposal to take away."""

from leadqual.review.page import review_page
from leadqual.review.page_data import page_data

__all__ = ["page_data", "review_page"]
