"""The columns that may be the outcome where none surely is, with their values, as an error names them."""

from __future__ import annotations

from collections.abc import Sequence

from leadqual.inference.profile import ColumnProfile
from leadqual.vocabulary.personal import personal_value

__all__ = ["candidates_listed", "values_listed"]

_COLUMN_WORDS = (
    "status",
    "stage",
    "outcome",
    "result",
    "state",
    "disposition",
    "lifecycle",
    "label",
    "target",
    "phase",
)
_NOT_TELLING = ("owner", "name", "company", "account", "country", "city", "region")
_MAX_VALUES, _MAX_COLUMNS, _SHOWN = 20, 6, 6
_MAX_LENGTH = 40  # characters; a longer value is a text that somebody wrote


def candidates_listed(profiles: Sequence[ColumnProfile]) -> str:
    """Name the columns with few values: only those called status or stage if there are any; "" if there are none."""
    fitting = [profile for profile in profiles if _may_tell(profile)]
    fitting = [profile for profile in fitting if profile.has(*_COLUMN_WORDS)] or fitting
    fitting.sort(key=lambda profile: profile.distinct)
    if not fitting:
        return ""
    named = ", ".join(f"{profile.name!r}{values_listed(profile)}" for profile in fitting[:_MAX_COLUMNS])
    more = f" and {len(fitting) - _MAX_COLUMNS} more" if len(fitting) > _MAX_COLUMNS else ""
    return f" (columns with few values: {named}{more})"


def values_listed(profile: ColumnProfile) -> str:
    """Return a column's most frequent values with their counts, in brackets; "" where one may be about a person."""
    shown = list(zip(profile.values, profile.counts, strict=True))[:_SHOWN]
    if not shown or profile.personal is not None or any(_private(value) for value, _ in shown):
        return ""
    more = f", {profile.distinct - len(shown)} more" if profile.distinct > len(shown) else ""
    return f" ({', '.join(f'{value}: {count:,}' for value, count in shown)}{more})"


def _may_tell(profile: ColumnProfile) -> bool:
    few = 2 <= profile.distinct <= _MAX_VALUES and profile.distinct * 2 <= max(profile.count, 4)
    return few and profile.personal is None and not profile.is_date and not profile.has(*_NOT_TELLING)


def _private(value: str) -> bool:
    return len(value) > _MAX_LENGTH or personal_value(value)
