"""The one environment in which pages are rendered: their templates, words and figures in one language, all escaped."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from leadqual.reports.band_name import band_name
from leadqual.reports.language import Language

__all__ = ["page_environment"]


def page_environment(language: Language) -> Environment:
    """Return the environment of a page.

    A template has ``words``, the catalogue; ``word(key, ...)``, an entry with its figures in place; ``band_name(band,
    kind)``, see `leadqual.reports.band_name`; and the filters
    ``say`` (a fact, or a text as it is), ``joined`` (several), ``named(family)`` (a code in words) and
    ``written(spec)`` (a figure as `Language` writes it; nothing where there is none).

    Parameters
    ----------
    language
        The language of the page.

    Examples
    --------
    >>> page_environment(Language("zh")).from_string("{{ 0.256 | written('.1%') }} {{ words.policy }}").render()
    '25.6% 规则'
    """
    environment = Environment(
        loader=FunctionLoader(lambda name: files("leadqual.reports").joinpath(name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"language": language.name, "words": language.words, "word": language.word}
    environment.globals["band_name"] = lambda band, kind: band_name(band, kind, language)
    environment.filters |= {
        "say": language.say,
        "joined": language.joined,
        "named": lambda code, family: language.format_field(code, f"@{family}"),
        "written": lambda figure, spec: "" if figure is None else language.format_field(figure, spec),
    }
    return environment
