"""The fixtures of the review's tests."""

from tests.review.fixtures import browser, large, page, reviewed, served

__all__ = ["browser", "large", "page", "reviewed", "served"]
