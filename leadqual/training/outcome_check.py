"""Whether the schema counts outcomes as the opposite of what their words say."""

from __future__ import annotations

from leadqual.errors import SchemaError
from leadqual.leads import Leads
from leadqual.leads.outcome_states import LOST, WON, read_states
from leadqual.vocabulary.outcome_words import meaning

__all__ = ["inverted_outcomes"]

_MAX_NAMED = 3


def inverted_outcomes(leads: Leads, *, force: bool = False) -> tuple[str, ...]:
    """Refuse a schema that counts a value as won whose words say lost, or the other way round.

    Parameters
    ----------
    leads
        The history with its schema.
    force
        Do not refuse.

    Returns
    -------
    tuple of str
        A warning where it was forced.

    Raises
    ------
    SchemaError
        When a value of the outcome column is counted as the opposite of what it says, and ``force`` is not set.

    Examples
    --------
    >>> import pandas as pd
    >>> from leadqual.leads import Schema
    >>> table = pd.DataFrame({"stage": ["Verloren", "Gewonnen"]})
    >>> inverted_outcomes(Leads(table, Schema((), outcome="stage", won=("Gewonnen",), lost=("Verloren",)), ()))
    ()
    """
    schema = leads.schema
    if schema.outcome is None or schema.outcome not in leads.table:
        return ()
    distinct = leads.table[[schema.outcome]].drop_duplicates().dropna()
    states = read_states(distinct, schema)
    meanings = [meaning(value) if isinstance(value, str) else None for value in distinct[schema.outcome]]
    wrong = [
        f'"{value}" as {"won" if state == WON else "lost"}'
        for value, state, word in zip(distinct[schema.outcome], states, meanings, strict=True)
        if (state == WON and word == "lost") or (state == LOST and word == "won")
    ]
    if not wrong:
        return ()
    more = f" and {len(wrong) - _MAX_NAMED} more" if len(wrong) > _MAX_NAMED else ""
    found = (
        f"the schema counts {len(wrong)} values of {schema.outcome} as the opposite of what they say "
        f"({', '.join(wrong[:_MAX_NAMED])}{more})"
    )
    if not force:
        raise SchemaError(
            f"{found}, and points would be inverted; put won values under won and lost ones under lost in [outcome], "
            "or force it where the words mean something else in your company."
        )
    return (f"It was forced although {found}.",)
