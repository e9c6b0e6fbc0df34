"""The review page as one HTML file: it opens from disk, loads nothing, and computes what the library computes."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from leadqual.errors import ProposalError
from leadqual.reports.language import LANGUAGES, catalogue

__all__ = ["entrance_page", "page_words", "review_page"]

_PREFIX = "review_"
_SCRIPTS = ("pricing.js", "edits.js", "lookup.js", "fields.js", "page.js")


def review_page(data: Mapping[str, Any], *, language: str = "en", served: Mapping[str, Any] | None = None) -> str:
    """Return the page.

    Parameters
    ----------
    data
        What it knows; see `page_data`.
    language
        The language it opens in, ``"en"`` or ``"zh"``; it can be switched on the page.
    served
        Where it is served to several people: who looks at it and the token of its first form. None: it is one file
        for one person.

    Raises
    ------
    ProposalError
        When there is no such language.

    Examples
    --------
    >>> from leadqual.agreement import explain_weights, hold_later
    >>> from leadqual.leads import label_outcomes, read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> from leadqual.review.page_data import page_data
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> leads = read_leads(sample.table, sample.schema)
    >>> bundle = train(leads, name="demo").bundle
    >>> held = hold_later(bundle, leads, label_outcomes(leads))
    >>> page = review_page(page_data(bundle, held, explain_weights(bundle, held, repetitions=50)))
    >>> page.startswith("<!doctype html>"), "http://" in page
    (True, False)
    """
    words = {name: page_words(name) for name in LANGUAGES}
    return _rendered(
        "page.html.jinja",
        language,
        scripts=_SCRIPTS if served is None else (*_SCRIPTS, "shared.js"),
        data={**data, "language": language, "words": words, "served": served},
        name=data.get("name", ""),
        served=served is not None,
    )


def entrance_page(*, language: str = "en") -> str:
    """Return the page that lets people in by the secret after the # of their link; it says nothing about any bundle.

    Examples
    --------
    >>> "personal link" in entrance_page()
    True
    """
    return _rendered("entrance.html.jinja", language, scripts=("entrance.js",), data={})


def _rendered(
    template: str, language: str, *, scripts: tuple[str, ...], data: Mapping[str, Any], **more: object
) -> str:
    if language not in LANGUAGES:
        raise ProposalError(f"there is no language {language!r}; choose one of {', '.join(LANGUAGES)}.")
    here = files("leadqual.review")
    script = "\n".join(here.joinpath(name).read_text("utf-8") for name in scripts)
    style = here.joinpath("page.css").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(here.joinpath(template).read_text("utf-8")).render(
        language=language,
        words=page_words(language),
        # both are files of this package; the hash lets the page run this script and no other
        script=Markup(script),  # noqa: S704
        style=Markup(style),  # noqa: S704
        script_hash=_hash(script),
        style_hash=_hash(style),
        data=_embedded(data),
        **more,
    )


def page_words(language: str) -> dict[str, str]:
    """Return all words of the page in one language, by the key that its scripts use.

    Parameters
    ----------
    language
        ``"en"`` or ``"zh"``.
    """
    words = catalogue(language)
    return {key.removeprefix(_PREFIX): text for key, text in words.items() if key.startswith(_PREFIX)}


def _embedded(value: Mapping[str, Any]) -> Markup:
    """Return JSON that can stand in a script element: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028")):
        text = text.replace(character, escaped)
    return Markup(text)  # noqa: S704  # escaped above


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
