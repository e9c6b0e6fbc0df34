"""The fixtures of the served review's tests."""

from tests.review.fixtures import browser, large, page, reviewed, served

__all__ = ["browser", "large", "page", "reviewed", "served"]
