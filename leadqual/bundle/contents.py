"""The contents of a bundle: what its file holds, as one frozen value."""

from dataclasses import dataclass
from typing import Annotated

from leadqual.bundle.declared import Chance, Name, Since, Told, whole_from
from leadqual.bundle.evidence import Evidence
from leadqual.bundle.points_table import PointsTable
from leadqual.bundle.policy import Policy
from leadqual.bundle.probability_curve import ProbabilityCurve
from leadqual.bundle.provenance import Provenance
from leadqual.bundle.score_scale import ScoreScale
from leadqual.bundle.sign_off import SignOff

__all__ = ["Contents"]


@dataclass(frozen=True, slots=True)
class Contents:
    """The fields of a bundle; `leadqual.bundle.Bundle` says what each is, and adds its digest and its file."""

    name: Name
    window_days: Annotated[int, whole_from(1)] | None
    base_rate: Chance
    points_table: PointsTable
    curve: ProbabilityCurve
    scale: ScoreScale
    policy: Policy
    provenance: Provenance
    evidence: Evidence | None = None
    constraints: tuple[Told, ...] = ()
    id_field: Name | None = None
    account_field: Annotated[Name | None, Since(3, None)] = None
    sign_offs: tuple[SignOff, ...] = ()
