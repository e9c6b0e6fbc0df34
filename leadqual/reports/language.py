"""A language: its words, and facts as sentences, with plurals, numbers, percentages and dates. The home of Babel."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from string import Formatter

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from leadqual.errors import LeadqualError
from leadqual.fact import Fact, Figure

__all__ = ["LANGUAGES", "Language", "catalogue", "sentences"]

LANGUAGES = ("en", "zh")
_MAX_PLAIN = 1e15  # beyond it a number is written with its power of ten


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return all words of one language, by key.

    Parameters
    ----------
    language
        ``"en"`` or ``"zh"``.

    Raises
    ------
    LeadqualError
        When there is no such language.

    Examples
    --------
    >>> catalogue("en")["who_base_rate"], catalogue("zh")["who_base_rate"]
    ('base rate', '基准赢单率')
    """
    if language not in LANGUAGES:
        raise LeadqualError(f"there is no language {language!r}; choose one of {', '.join(LANGUAGES)}.")
    words: dict[str, str] = {}
    for file in sorted(files("leadqual.reports").joinpath("words", language).iterdir(), key=lambda one: one.name):
        words |= json.loads(file.read_text("utf-8"))
    return words


class Language(Formatter):
    """Words and sentences in one language.

    A sentence of a catalogue names its figures in braces, each with how it is written:

    ===================== ==================================================== ===================
    in the catalogue      what it takes                                        in English
    ===================== ==================================================== ===================
    ``{x}``               a whole number, a name, a fact, or names as a list   1,200
    ``{x:.2}``            a number with so many decimals                       0.25
    ``{x:+.2}``           the same, with its sign                              +0.25
    ``{x:~3}``            a number to so many digits that count                0.0123
    ``{x:.1%}``           a share as a percentage                              12.3%
    ``{x:win|wins}``      a whole number and the form of its noun              1 win
    ``{x:=has|have}``     a form alone, which that number chooses              has
    ``{x:date}``          a date (ISO 8601)                                    May 1, 2026
    ``{x:or}``            names, as a choice                                   22% or 30%
    ``{x:@basis}``        a code, or codes: the catalogue's word ``basis_CODE``
    ===================== ==================================================== ===================

    A number that is not known (NaN) is written as a dash.

    Parameters
    ----------
    name
        ``"en"`` or ``"zh"``.

    Raises
    ------
    LeadqualError
        When there is no such language.

    Examples
    --------
    >>> english = Language("en")
    >>> english.format("{won:win|wins} of {leads:lead|leads}, {rate:.1%}", won=1, leads=1200, rate=0.0123)
    '1 win of 1,200 leads, 1.2%'
    >>> Language("zh").format("{leads} 条线索，于{day:date}", leads=1200, day="2026-05-01")
    '1,200 条线索，于2026年5月1日'
    """

    def __init__(self, name: str) -> None:
        self.words = catalogue(name)
        self.name = name
        self._locale = Locale.parse(name)

    def word(self, key: str, /, **figures: Figure) -> str:
        """Return one entry of the catalogue with its figures in place.

        Examples
        --------
        >>> Language("en").word("interval", low="0.1", high="0.2")
        '0.1 to 0.2'
        """
        return self.vformat(self.words[key], (), figures)

    def say(self, found: Fact | str) -> str:
        """Return a fact as a sentence; a text, as an error's or an older file's, is returned as it is.

        Examples
        --------
        >>> Language("zh").say(Fact("who_base_rate"))
        '基准赢单率'
        """
        return found if isinstance(found, str) else self.vformat(self.words[found.code], (), found.figures)

    def say_all(self, found: Iterable[Fact | str]) -> tuple[str, ...]:
        """Return each fact as a sentence.

        Examples
        --------
        >>> Language("en").say_all([Fact("who_base_rate"), Fact("the_rest")])
        ('base rate', 'the rest')
        """
        return tuple(self.say(one) for one in found)

    def joined(self, found: Iterable[Fact | str]) -> str:
        """Return facts as one text, their sentences one after the other; a text alone, as an older file's, as it is.

        Examples
        --------
        >>> Language("zh").joined([Fact("counted_leads"), Fact("no_lead_comes")])
        '没有客户公司信息：各条线索视为相互独立。已不再有新线索进来。'
        """
        return found if isinstance(found, str) else ("" if self.name == "zh" else " ").join(self.say_all(found))

    def format_field(self, value: Figure, format_spec: str) -> str:
        """Return one figure as its place in the sentence asks; see the class.

        Raises
        ------
        LeadqualError
            When the place does not say how to write a fraction.
        """
        if isinstance(value, Fact):
            return self.say(value)
        if "|" in format_spec:
            return self._counted(int(value), format_spec)  # type: ignore[arg-type]  # only counts have plurals
        if format_spec.startswith("@"):
            codes = value if isinstance(value, tuple) else (str(value),)
            named = tuple(self.words.get(f"{format_spec[1:]}_{code}".replace(" ", "_"), code) for code in codes)
            return self._listed(named)
        if isinstance(value, tuple):
            return self._listed(value, format_spec or "standard")
        if isinstance(value, str):
            return self.date(value) if format_spec == "date" else value
        return self._number(value, format_spec)

    def _listed(self, names: tuple[str, ...], style: str = "standard") -> str:
        return format_list(names, style=style, locale=self._locale) if names else ""  # type: ignore[arg-type]  # or, standard

    def date(self, day: str) -> str:
        """Return a date (ISO 8601) as people write it.

        Examples
        --------
        >>> Language("en").date("2026-05-01T08:00:00Z")
        'May 1, 2026'
        """
        return format_date(datetime.date.fromisoformat(day[:10]), format="medium", locale=self._locale)

    def _counted(self, count: int, spec: str) -> str:
        forms = spec.removeprefix("=").split("|")
        form = forms[0] if self._locale.plural_form(abs(count)) == "one" else forms[-1]
        return form if spec.startswith("=") else f"{self._number(count, '')} {form}"

    def _number(self, value: float, spec: str) -> str:
        if math.isnan(value):
            return "\N{EN DASH}"
        if abs(value) >= _MAX_PLAIN:
            return f"{value:.3g}"
        sign, spec = ("+", spec[1:]) if spec.startswith("+") else ("", spec)
        if spec.startswith("~"):
            return format_decimal(value, format="@" + "#" * (int(spec[1:]) - 1), locale=self._locale)
        if not spec and isinstance(value, float) and not value.is_integer():
            raise LeadqualError("a sentence has a fraction without its format; write it as {name:.2} in the catalogue.")
        after = "%" if spec.endswith("%") else ""
        digits = int(spec.removesuffix("%").removeprefix(".") or 0)
        # rounded as Python rounds, so that a figure reads the same wherever it is shown; and never "-0.00"
        written = Decimal(f"{value:.{digits}{after or 'f'}}".removesuffix("%")) + 0
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(written, f"{sign}{pattern};-{pattern}" if sign else pattern, self._locale) + after


def sentences(found: Iterable[Fact | str], *, language: str = "en") -> tuple[str, ...]:
    """Return facts as sentences, each once; a text is returned as it is.

    Parameters
    ----------
    found
        Facts, such as ``Training.warnings`` or ``PromotionDecision.reasons``.
    language
        ``"en"`` or ``"zh"``.

    Raises
    ------
    LeadqualError
        When there is no such language.

    Examples
    --------
    >>> sentences([Fact("not_measured"), Fact("not_measured")])
    ('How it holds up on later leads was not measured.',)
    """
    return tuple(dict.fromkeys(Language(language).say_all(found)))
