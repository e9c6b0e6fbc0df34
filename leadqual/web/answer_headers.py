"""The headers of every answer of the served review: what a browser may not do with it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["HEADERS", "NO_PAGE_POLICY"]

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
)
"""The headers that no answer lacks, beside a Content-Security-Policy."""

NO_PAGE_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""The Content-Security-Policy of an answer that is no page."""
