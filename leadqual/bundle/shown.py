"""How the deployed types show themselves in a notebook: with `leadqual.reports`, where that is installed."""

from __future__ import annotations

from importlib import import_module

__all__ = ["shown_as_html"]


def shown_as_html(function: str, value: object) -> str | None:
    """Return what a function of the public map makes of a value.

    Parameters
    ----------
    function
        ``"bundle_html"`` or ``"points_table_html"``.
    value
        What is shown.

    Returns
    -------
    str or None
        HTML; None where the packages of the report are not installed, so that a notebook shows the text instead.
    """
    try:
        return str(getattr(import_module("leadqual"), function)(value))
    except ModuleNotFoundError:
        return None
