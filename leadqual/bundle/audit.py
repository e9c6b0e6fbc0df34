"""The audit of a bundle: whether its parts, each of the right type, also hold together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from leadqual.bundle.contents import Contents
from leadqual.bundle.evidence import Evidence
from leadqual.bundle.field_points import FieldPoints
from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.points_table import PointsTable
from leadqual.bundle.policy import Policy
from leadqual.bundle.probability_curve import ProbabilityCurve
from leadqual.bundle.provenance import Provenance
from leadqual.bundle.score_scale import ScoreScale
from leadqual.bundle.values import is_missing
from leadqual.errors import BundleError

__all__ = ["audit"]


def audit(bundle: Contents) -> None:
    """Raise BundleError where the bundle contradicts itself; the message says where and what must be.

    It reads no file and takes types for granted: `leadqual.bundle.layout` has checked them.
    """
    _audit_table(bundle.points_table)
    _audit_curve(bundle.curve)
    _audit_scale(bundle.scale)
    _audit_policy(bundle.policy)
    _audit_provenance(bundle.provenance)
    if bundle.evidence is not None:
        _audit_evidence(bundle.evidence)


def _audit_table(table: PointsTable, part: str = "points_table") -> None:
    _refuse_repeats(table.names, f"{part}.fields", "name")
    nothing = MissingCodes.of(table.missing_values, table.reading)
    for i, field in enumerate(table.fields, 1):
        where = f"{part}.fields[{i}]"
        if not field.bands:
            raise BundleError(f"{where}.bands is empty, must hold at least one band")
        for mark in ("missing", "other"):
            if sum(getattr(band, mark) for band in field.bands) > 1:
                raise BundleError(f"{where} marks several bands as {mark}, must mark at most one")
        if field.thousands == field.decimal:
            raise BundleError(f"{where}.thousands is its decimal mark too, must be another mark or null")
        if field.choice is not None and field.kind != "boolean":
            raise BundleError(f"{where}.choice is given, must be null in a field that is not boolean")
        if field.kind == "numeric":
            _audit_numbers(field, where)
        else:
            _audit_values(field, where, nothing)
    choices = [(field.choice.column, field.choice.choice) for field in table.fields if field.choice is not None]
    if len(set(choices)) < len(choices):
        raise BundleError(f"{part}.fields have a choice of one column twice, must have each choice once")


def _audit_numbers(field: FieldPoints, where: str) -> None:
    if field.seen is not None and field.seen[0] > field.seen[1]:
        raise BundleError(f"{where}.seen falls, must be the lowest and the highest number seen")
    edge: float | None = None
    last = 0
    for i, band in enumerate(field.bands, 1):
        if band.values or band.other:
            raise BundleError(f"{where}.bands[{i}] lists values or others, must be an interval in a numeric field")
        if band.interval is None:
            if not band.missing:
                raise BundleError(f"{where}.bands[{i}] takes no lead, must have an interval or be the missing band")
            continue
        low, high = band.interval
        if last != i - 1:
            raise BundleError(f"{where}.bands[{i}] comes after the missing band, must come before it")
        if (i > 1 and edge is None) or low != edge:
            raise BundleError(f"{where}.bands[{i}] leaves a gap or overlaps, must start where the band before ends")
        if low is not None and high is not None and high <= low:
            raise BundleError(f"{where}.bands[{i}] ends before it starts, must end above its start")
        edge, last = high, i
    if last == 0:
        raise BundleError(f"{where} has no interval, must have at least one in a numeric field")
    if edge is not None:
        raise BundleError(f"{where}.bands[{last}] leaves a gap above it, must be open above as the last interval")


def _audit_values(field: FieldPoints, where: str, nothing: MissingCodes) -> None:
    if field.seen is not None:
        raise BundleError(f"{where}.seen is given, must be null in a field without numbers")
    for i, band in enumerate(field.bands, 1):
        if band.interval is not None:
            raise BundleError(f"{where}.bands[{i}] has an interval, must list values in a {field.kind} field")
        if not (band.values or band.missing or band.other):
            raise BundleError(f"{where}.bands[{i}] takes no lead, must list values, be the missing band or the other")
        for j, value in enumerate(band.values, 1):
            if field.kind == "category" and is_missing(value, nothing):
                raise BundleError(f"{where}.bands[{i}].values[{j}] is read as missing, must not be a missing value")
            if field.kind == "boolean" and value not in ("yes", "no"):
                raise BundleError(f'{where}.bands[{i}].values[{j}] is unknown, must be "yes" or "no" there')
            if value != value.strip():
                raise BundleError(f"{where}.bands[{i}].values[{j}] has space around it, must have none")
    _refuse_repeats((value for band in field.bands for value in band.values), where, "value")


def _audit_curve(curve: ProbabilityCurve) -> None:
    _refuse_fall(curve.probability, "curve.entries", "probability")
    for i, (low, value, high) in enumerate(zip(curve.low, curve.probability, curve.high, strict=True), 1):
        if not low <= value <= high:
            raise BundleError(f"curve.entries[{i}] has its probability outside its interval, must be low to high")
    if curve.wins > curve.leads:
        raise BundleError("curve.wins is more than curve.leads, must be at most as many")


def _audit_scale(scale: ScoreScale) -> None:
    if not scale.score:
        raise BundleError("scale.score is empty, must hold at least one score")
    _refuse_fall(scale.score, "scale.score", "score")


def _audit_policy(policy: Policy) -> None:
    if not policy.grades:
        raise BundleError("policy.grades is empty, must hold at least one grade")
    _refuse_repeats((grade.name for grade in policy.grades), "policy.grades", "name")
    *upper, last = [grade.minimum_points for grade in policy.grades]
    if last is not None:
        raise BundleError("policy.grades has minimum_points in the last grade, must have null there: it takes the rest")
    thresholds = [points for points in upper if points is not None]
    if len(thresholds) < len(upper):
        raise BundleError("policy.grades has null minimum_points before the last grade, must have them there")
    if thresholds != sorted(thresholds, reverse=True):
        raise BundleError("policy.grades is out of order, must have the best grade first and minimum_points that fall")
    if policy.mql_points > policy.sql_points:
        raise BundleError("policy.mql_points is above policy.sql_points, must be at most as high")


def _audit_provenance(provenance: Provenance) -> None:
    if provenance.learned is not None:
        _audit_table(provenance.learned, "provenance.learned")
    for step in provenance.edits:
        _audit_policy(step.policy)
    if (provenance.learned is None) != (not provenance.edits):
        raise BundleError("provenance.learned goes without provenance.edits, must both be there or neither")
    if provenance.won + provenance.lost != provenance.mature:
        raise BundleError("provenance.mature is wrong, must be provenance.won plus provenance.lost")


def _audit_evidence(evidence: Evidence) -> None:
    if evidence.wins > evidence.tested_on:
        raise BundleError("evidence.wins is more than evidence.tested_on, must be at most as many")
    _refuse_repeats((performance.who for performance in evidence.performances), "evidence.performances", "who")
    for i, performance in enumerate(evidence.performances, 1):
        where = f"evidence.performances[{i}].measures"
        _refuse_repeats((measure.name for measure in performance.measures), where, "name")


def _refuse_repeats(names: Iterable[str], where: str, what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise BundleError(f"{where} has the same {what} twice, must have each {what} once")
        seen.add(name)


def _refuse_fall(values: Sequence[float], where: str, what: str) -> None:
    for i, (before, after) in enumerate(pairwise(values), 2):
        if after < before:
            raise BundleError(f"{where}[{i}] has a lower {what} than the entry before it, must never fall")
