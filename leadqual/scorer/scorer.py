"""The scorer: one bundle, ready to score one lead or many."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, overload

from leadqual.bundle import Bundle
from leadqual.errors import LeadError
from leadqual.reasons import Change, NextGrade, fewest_changes, next_grade
from leadqual.scorer.given_fields import FieldKeys, GivenFields
from leadqual.scorer.points_scores import PointsScores
from leadqual.scorer.ranked_reasons import RankedReasons
from leadqual.scorer.score import Score

if TYPE_CHECKING:
    import os

    import pandas as pd

__all__ = ["Scorer"]

_ABSENT = object()


@dataclass(frozen=True, slots=True, repr=False)
class Scorer:
    """Scores leads with one bundle.

    A scorer never changes, so threads may share it, and it pickles as its bundle. It needs the standard library
    alone; only a DataFrame of leads brings numpy and pandas in.

    Parameters
    ----------
    bundle
        What it scores with.
    strict
        True to raise AbsentFieldError where a lead lacks a field, instead of counting it as missing.

    Attributes
    ----------
    keys
        Finds the fields among a lead's keys or a table's columns.

    Notes
    -----
    A lead's fields are read as training read them: text with its numbers, Yes/No, and the usual ways to say nothing.
    A field that the lead does not have at all counts as missing, and the score's notes say so; so they do for a value
    never seen in training, out of its range, or unreadable. Where a field is absent and one of the lead's keys is an
    alias of it, or differs in case, space, underscore, hyphen or accent alone, that key is read, and a note names it;
    see `leadqual.scorer.given_fields.FieldKeys`. Other fields that the points table does not name are ignored.

    A float16 or float32 is read as its shortest decimal, which is what JSON or CSV would hold. pandas turns the cells
    of a row of several types (``table.iloc[0]``, ``to_dict``) into doubles before they come here: pass the DataFrame.

    Examples
    --------
    >>> from leadqual.bundle import (Band, FieldPoints, Grade, PointsTable, Policy, ProbabilityCurve, Provenance,
    ...                              ScoreScale)
    >>> need = FieldPoints("Need", "category", (Band("Urgent", 30, values=("Urgent",)),
    ...                                         Band("Later", -8, values=("Later",)),
    ...                                         Band("missing", -2, missing=True)))
    >>> visits = FieldPoints("Visits", "numeric", (Band("under 3", -5, interval=(None, 3.0)),
    ...                                            Band("3 and more", 9, interval=(3.0, None))), seen=(0.0, 40.0))
    >>> curve = ProbabilityCurve(100, (0.2, 0.4), (0.1, 0.3), (0.3, 0.5), 0.95, "none", "", 900, 250)
    >>> bundle = Bundle("tiny", 90, 0.28, PointsTable((need, visits), base_points=95), curve, ScoreScale(90, (20, 80)),
    ...                 Policy((Grade("A", 120, 4.0), Grade("D", None, None)), 100, 120, ()),
    ...                 Provenance("", "", "", "", 900, 900, 250, 650, 0, None, None, None, 0))
    >>> scorer = Scorer(bundle)
    >>> score = scorer.score_one({"Need": "Urgent", "Visits": "55"})
    >>> print(score)
    grade A, qualification SQL, follow up within 4 h
    score 80 of 100, 134 points, probability 40.0% (30.0% to 50.0%)
      + Need: Urgent (+30)
      + Visits: 3 and more (+9)
      ! Visits: above the range seen in training
    >>> two = scorer.score([{"Need": "Later", "Visits": 1}, {"Need": "", "Visits": 4}])
    >>> [(score.grade, score.points) for score in two]
    [('D', 82), ('D', 102)]
    """

    bundle: Bundle
    strict: bool = False
    keys: FieldKeys = field(init=False, compare=False)
    _ranked: RankedReasons = field(init=False, compare=False)
    _points_scores: PointsScores = field(init=False, compare=False)
    _average_points: int = field(init=False, compare=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "keys", FieldKeys(self.bundle.points_table))
        put(self, "_ranked", RankedReasons(self.bundle.points_table))
        put(self, "_points_scores", PointsScores(self.bundle))
        put(self, "_average_points", self.bundle.points_table.average_points)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, strict: bool = False) -> Scorer:
        """Return the scorer of a saved bundle.

        Parameters
        ----------
        path
            The bundle's file.
        strict
            As in `Scorer`.

        Raises
        ------
        BundleError
            In one sentence, when the file cannot be read or is not exactly what was saved.
        """
        return cls(Bundle.load(path), strict)

    @classmethod
    def from_registry(
        cls, name: str, *, alias: str = "champion", tracking_uri: str | None = None, strict: bool = False
    ) -> Scorer:
        """Fetch a bundle from a model registry (MLflow) and return its scorer; nothing that is fetched is executed.

        Parameters
        ----------
        name, alias, tracking_uri
            See `leadqual.scorer.registry.fetch_bundle`.
        strict
            As in `Scorer`.

        Raises
        ------
        DependencyError
            When mlflow is not installed.
        PromotionError
            When the registry cannot be reached, or has no such model or alias.
        """
        from leadqual.scorer.registry import fetch_bundle

        return cls(fetch_bundle(name, alias=alias, tracking_uri=tracking_uri), strict)

    def score_one(self, lead: Mapping[str, object], *, strict: bool | None = None) -> Score:
        """Score one lead.

        Parameters
        ----------
        lead
            Raw values by field: a mapping, or a row of a DataFrame.
        strict
            True to raise where a field is absent; None: as the scorer has it.

        Raises
        ------
        LeadError
            When it is neither.
        AbsentFieldError
            When it lacks a field and ``strict`` is set; the error's ``fields`` names them.
        """
        ranked = self._ranked
        given = lead if lead.__class__ is dict else _mapping(lead)
        get = (given if ranked.choices is None else ranked.choices.expanded(given)).get
        ranks = []
        for name, encode, by_code, _ in ranked.readers:
            value = get(name, _ABSENT)
            if value is _ABSENT:
                return self._score_partial(given, self.strict if strict is None else strict)
            ranks.append(by_code[encode(value)])
        noted = ranked.notes
        notes = () if noted.keys().isdisjoint(ranks) else tuple({noted[rank]: 0 for rank in ranks if rank in noted})
        return self._scored(ranks, notes)

    def _score_partial(self, lead: Mapping[str, object], strict: bool) -> Score:
        """Score a lead that lacks a field under its own name."""
        given, values = self._found(lead, strict)
        ranked = self._ranked
        ranks: list[int] = []
        notes: list[str] = []
        for name, encode, by_code, absent in ranked.readers:
            rank = by_code[encode(values[name])] if name in values else absent
            ranks.append(rank)
            if name in given.notes:
                notes.append(given.notes[name])
            if rank in ranked.notes:
                notes.append(ranked.notes[rank])
        return self._scored(ranks, tuple(dict.fromkeys(notes)))

    def _found(self, lead: Mapping[str, object], strict: bool) -> tuple[GivenFields, Mapping[str, object]]:
        """Return what a lead has of the fields, and its values by their names."""
        given, choices = self.keys.find(lead), self._ranked.choices
        if strict:
            given.require_all()
        values = given.filled(lead)
        return given, values if choices is None else choices.expanded(values)

    def _scored(self, ranks: list[int], notes: tuple[str, ...]) -> Score:
        ranked = self._ranked
        ranks.sort()
        points = self._average_points + sum(map(ranked.points.__getitem__, ranks))
        return Score(points, *self._points_scores.at(points), tuple(map(ranked.reasons.__getitem__, ranks)), notes)

    @overload
    def score(self, leads: pd.DataFrame, *, reasons: int = 3, strict: bool | None = None) -> pd.DataFrame: ...

    @overload
    def score(
        self, leads: Iterable[Mapping[str, object]], *, reasons: int = 3, strict: bool | None = None
    ) -> list[Score]: ...

    def score(self, leads: Any, *, reasons: int = 3, strict: bool | None = None) -> Any:
        """Score many leads; each gets what `score_one` gives it.

        Parameters
        ----------
        leads
            A pandas DataFrame with one row per lead, or several mappings from field to raw value.
        reasons
            How many reasons for and against stand in a row of the table; a `Score` has all of them.
        strict
            True to raise where a field is absent; None: as the scorer has it.

        Returns
        -------
        pandas.DataFrame or list of Score
            For a DataFrame: one with its index and the columns points, score, probability, low, high, grade,
            qualification, follow_up_hours (NaN when none is due), reasons_for and reasons_against (such as
            ``"Need: Urgent (+31); Visits: 3 and more (+9)"``) and notes (joined by ``" | "``). For mappings: a list.

        Raises
        ------
        LeadError
            When ``leads`` is neither, a field's column occurs twice, or ``reasons`` is below 0.
        AbsentFieldError
            When a lead, or the table, lacks a field and ``strict`` is set.
        """
        if reasons < 0:
            raise LeadError(f"reasons is {reasons}, must be 0 or more; 3 is usual.")
        pandas = sys.modules.get("pandas")
        if pandas is not None and isinstance(leads, pandas.DataFrame):
            from leadqual.scorer.batch import score_table

            given = self.keys.find(leads.columns)
            if self.strict if strict is None else strict:
                given.require_all()
            return score_table(self._ranked, self._points_scores, self._average_points, leads, given, reasons=reasons)
        if isinstance(leads, (str, bytes, Mapping)) or not hasattr(type(leads), "__iter__"):
            raise LeadError(
                f"leads is of type {type(leads).__name__}, must be a pandas DataFrame or several mappings; "
                "score_one takes one lead."
            )
        return [self.score_one(lead, strict=strict) for lead in leads]

    def next_grade(self, lead: Mapping[str, object]) -> NextGrade | None:
        """Return what would lift a lead to the next better grade; None when it has the best.

        Raises
        ------
        LeadError
            When the lead is neither a mapping nor a row of a DataFrame.
        """
        return next_grade(self.bundle.points_table, self.bundle.policy, self._ranked.encoders, self._codes(lead))

    def changes_to_sql(self, lead: Mapping[str, object]) -> tuple[Change, ...] | None:
        """Return the fewest changes of actionable fields that would make a lead an SQL, the smallest among those.

        Empty when it is one already; None when no changes are enough.

        Raises
        ------
        LeadError
            As in `next_grade`.
        """
        sql = self.bundle.policy.sql_points
        return fewest_changes(self.bundle.points_table, self._ranked.encoders, self._codes(lead), at_least=sql)

    def _codes(self, lead: Mapping[str, object]) -> list[int]:
        _, values = self._found(_mapping(lead), self.strict)
        return [
            encoder.encode(values[encoder.field.name]) if encoder.field.name in values else encoder.absent_code
            for encoder in self._ranked.encoders
        ]

    def __reduce__(self) -> tuple[type[Scorer], tuple[Bundle, bool]]:
        return type(self), (self.bundle, self.strict)

    def __repr__(self) -> str:
        return f"Scorer({self.bundle!r})"


def _mapping(lead: Any) -> Mapping[str, object]:
    if isinstance(lead, Mapping):
        return lead
    if getattr(lead, "ndim", None) == 1 and hasattr(lead, "to_dict"):
        # to_dict would turn a row of float32 into doubles
        row: Mapping[str, object] = dict(zip(lead.index, lead.array, strict=True))
        if len(row) == len(lead):
            return row
        raise LeadError("the lead has the same field twice, must have each once; rename or drop all but one.")
    raise LeadError(
        f"the lead is of type {type(lead).__name__}, must be a mapping from field to value; score takes several leads."
    )
