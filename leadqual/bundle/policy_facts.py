"""How a policy was chosen, as its file may hold it: the codes that are known, each with its figures."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from leadqual.bundle.declared import Amount, Count, Points, Share, Takes, read_as
from leadqual.bundle.record import record, several, text
from leadqual.errors import BundleError
from leadqual.fact import Fact

__all__ = ["POLICY_FACTS", "Chosen"]

MAX_FACTS = 10

# a further code, or another figure, comes with the next format of the file
POLICY_FACTS: Mapping[str, Mapping[str, Any]] = {
    "policy_by_hand": {},
    "policy_capacity_share": {"share": Share},
    "policy_capacity_a_week": {"capacity": Amount, "leads": Amount},
    "policy_value": {"contact": Amount, "win": Amount, "probability": Share},
    "policy_promise": {
        "precision": Share, "confidence": Share, "points": Points, "leads": Count, "wins": Count, "share": Share
    },
    "policy_sql_from": {"points": Points, "share": Share},
    "policy_sql_none": {},
    "policy_sql_tie": {"points": Points, "share": Share},
    "policy_mql_base_rate": {"base_rate": Share},
    "policy_mql_is_sql": {"base_rate": Share},
    "policy_mql_is_sql_below": {"base_rate": Share, "probability": Share},
    "policy_all": {},
    "policy_by_odds": {"best": Share, "base_rate": Share, "fair": Share},
    "policy_empty": {
        "grades": Annotated[tuple[str, ...], Takes("grades", several(read_as(Literal["A", "B", "C", "D"]), 4))]
    },
}  # fmt: skip


def _read_code(value: object, where: str) -> str:
    code = _words(value, where)
    if code not in POLICY_FACTS:
        raise BundleError(f"{where} is not known, must be one of {', '.join(POLICY_FACTS)}")
    return code


def _read_fact(value: object, where: str) -> Fact:
    code, figures = _outer(value, where)
    readers = {name: read_as(kind) for name, kind in POLICY_FACTS[code].items()}
    return Fact(code, record(dict, **readers)(figures, f"{where}.figures"))


def _read_chosen(value: object, where: str) -> tuple[Fact, ...] | str:
    return _words(value, where) if isinstance(value, str) else _facts(value, where)


_words = text()
# which figures there must be follows from the code
_outer = record(lambda code, figures: (code, figures), code=_read_code, figures=lambda value, _: value)
_facts = several(_read_fact, MAX_FACTS)

Chosen = Annotated[tuple[Fact, ...] | str, Takes("facts, or a text of a file before format 4", _read_chosen)]
