"""The fields of leads from which their sellers are found, read from a table."""

from __future__ import annotations

import pandas as pd

from leadqual.bundle.values import is_missing
from leadqual.errors import HandoffError
from leadqual.feedback.scored import named_leads
from leadqual.handoff.team import Team

__all__ = ["fields_by_lead"]


def fields_by_lead(leads: pd.DataFrame, team: Team, *, id_field: str) -> dict[str, dict[str, str | None]]:
    """Return what a team's rules, territories, products and languages are read from, by lead.

    Parameters
    ----------
    leads
        The leads; of those of one id the first counts.
    team
        Who sells.
    id_field
        The column that names them.

    Raises
    ------
    HandoffError
        When a column that the team's file names is not there.
    FeedbackError
        When leads are not named.

    Examples
    --------
    >>> from leadqual.handoff.team_toml import example_team
    >>> table = pd.DataFrame({"Id": ["L-7"], "country": ["DE"], "language": [None]})
    >>> fields_by_lead(table, example_team(), id_field="Id")
    {'L-7': {'country': 'DE', 'language': None}}
    """
    absent = [name for name in team.field_names if name not in leads.columns]
    if absent:
        raise HandoffError(
            f"the leads have no column {', '.join(absent)}, the team's file finds sellers by it and it must be there; "
            "correct the file, or add the column."
        )
    columns = {name: [None if is_missing(value) else str(value) for value in leads[name]] for name in team.field_names}
    found: dict[str, dict[str, str | None]] = {}
    for row, lead in enumerate(named_leads(leads, id_field)):
        found.setdefault(lead, {name: values[row] for name, values in columns.items()})
    return found
