"""What the review page knows, as plain data: points, and leads as band codes and outcomes, nothing about a person."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leadqual.agreement import BandWeight, FieldWeight, LaterLeads, Weights
from leadqual.audit import Audit, Finding
from leadqual.bundle import Band, Bundle, FieldPoints, ProbabilityCurve
from leadqual.bundle.encoding import encoders
from leadqual.calibration.candidates import logistic
from leadqual.errors import ProposalError
from leadqual.evaluation import resamples
from leadqual.measures import PRICED_MEASURES, MeasureDefinition
from leadqual.reports.language import LANGUAGES
from leadqual.reports.priced_label import priced_label

__all__ = ["page_data"]

VERSION = 1
_REPETITIONS = 1000
_MAX_PLACES = 16


def page_data(
    bundle: Bundle, held: LaterLeads, weights: Weights, *, audit: Audit | None = None, seed: int = 0
) -> dict[str, Any]:
    """Return all that the page needs to show a bundle and to price overrides of it as `leadqual.agreement.price` does.

    Parameters
    ----------
    bundle
        What is reviewed.
    held
        Its history, thinned to what a page can carry; see `leadqual.agreement.thinned`.
    weights
        Its explained weights.
    audit
        What was found in its history, to be said of the fields that are not scored; None: nothing is.
    seed
        Of the bootstrap that the page repeats.

    Raises
    ------
    ProposalError
        When the leads were held for another bundle.

    Examples
    --------
    See `leadqual.review.review_page`.
    """
    if bundle.digest != held.bundle:
        raise ProposalError("the leads were held for another bundle; hold them again for this one.")
    draws = resamples(held.block, repetitions=_REPETITIONS, seed=seed)
    of_field = {one.field: one for one in weights.fields}
    policy = held.policy_here
    return {
        "version": VERSION,
        "digest": bundle.digest,
        "name": bundle.name,
        "base_rate": held.base_rate,
        "points_to_double_odds": held.table.points_to_double_odds,
        "leads_per_week": held.leads_per_week,
        "wins_per": weights.wins_per,
        "measures": {name: _measure(one, weights.wins_per) for name, one in PRICED_MEASURES.items()},
        "counted": {"leads": weights.leads, "wins": weights.wins},
        "policy": {
            "share": policy.capacity_share,
            "sql": policy.sql_points,
            "mql": policy.mql_points,
            "grades": [[grade.name, grade.minimum_points, grade.follow_up_hours] for grade in policy.grades],
        },
        "deployed": {
            "base_points": bundle.points_table.base_points,
            "first": bundle.curve.first_points,
            **_curve(bundle.curve),
            "grades": [[grade.name, grade.minimum_points] for grade in bundle.policy.grades],
            "sql": bundle.policy.sql_points,
            "mql": bundle.policy.mql_points,
        },
        "unscored": [
            {"name": one.name, "findings": [] if audit is None else _findings(audit.of(one.name))}
            for one in held.features
            if one.name not in bundle.points_table.names
        ],
        "reading": bundle.points_table.reading,
        "missing_values": [text.strip().lower() for text in bundle.points_table.missing_values],
        "spread": list(logistic(0.0).spread),
        "base_points": held.table.base_points,
        "fields": [_field(field, held, of_field[field.name]) for field in bundle.points_table.fields],
        "earlier": {
            "leads": len(held.earlier),
            "codes": [_packed(code) for code in _places(held, held.earlier_codes)],
            "won": _bits(held.earlier_won),
            "weight": None if np.all(held.weight == 1) else _text(held.weight.astype("<f8").tobytes()),
        },
        "later": {
            "leads": len(held.later),
            "codes": [_packed(code) for code in _places(held, held.later_codes)],
            "won": _bits(held.later_won),
            "block": _text(held.block.astype(np.uint8).tobytes()),
        },
        "draws": {
            "blocks": draws.counts.shape[1],
            "counts": _text(np.minimum(draws.counts, 255).astype(np.uint8).tobytes()),
        },
    }


def _measure(definition: MeasureDefinition, wins_per: str) -> dict[str, Any]:
    """Return how the page names, writes and colours a measure."""
    return {
        "better": definition.better,
        "digits": definition.digits,
        "percentage": definition.percentage,
        "label": {language: priced_label(definition.name, wins_per, language) for language in LANGUAGES},
    }


def _field(field: FieldPoints, held: LaterLeads, weight: FieldWeight) -> dict[str, Any]:
    earlier = held.table.field(field.name)
    return {
        "name": field.name,
        "kind": field.kind,
        "decimal": field.decimal,
        "choice": None if field.choice is None else asdict(field.choice),
        "thousands": field.thousands,
        "dimension": field.dimension,
        "actionable": field.actionable,
        "average": field.average_points,
        "held_average": earlier.average_points,
        "adds_log_loss": [weight.log_loss.difference, weight.log_loss.low, weight.log_loss.high],
        "adds_wins": [weight.wins.difference, weight.wins.low, weight.wins.high],
        "spread": weight.spread,
        "findings": _findings(weight.findings),
        "bands": [
            _band(band, old) | _taking(own) | {"share": own.share, "held_share": old.share}
            for band, old, own in zip(weight.bands, earlier.bands, field.bands, strict=True)
        ],
    }


def _findings(findings: tuple[Finding, ...]) -> list[list[str]]:
    return [[finding.code, finding.severity] for finding in findings]


def _taking(band: Band) -> dict[str, Any]:
    """Return which values a band takes."""
    interval = None if band.interval is None else list(band.interval)
    return {"values": list(band.values), "interval": interval, "missing": band.missing, "other": band.other}


def _curve(curve: ProbabilityCurve) -> dict[str, list[float]]:
    every = [curve.at(points) for points in range(curve.first_points, curve.last_points + 1)]
    return {name: [one[i] for one in every] for i, name in enumerate(("probability", "low", "high"))}


def _band(band: BandWeight, old: Band) -> dict[str, Any]:
    return {
        "label": band.label,
        "points": band.points,
        "held": old.points,
        "leads": band.leads,
        "wins": band.wins,
        "rate": [band.win_rate, band.low, band.high],
        "blocks": list(band.by_block),
        "trend": band.trend,
    }


def _places(held: LaterLeads, codes: tuple[NDArray[np.int16], ...]) -> list[NDArray[np.uint8]]:
    """Return the band of each lead in each field; the number of bands stands for none of them."""
    found = []
    for encoder, code in zip(encoders(held.table), codes, strict=True):
        count = len(encoder.field.bands)
        bands = np.array([count if place.band is None else place.band for place in encoder.places], dtype=np.uint8)
        found.append(bands[code])
    return found


def _packed(code: NDArray[np.uint8]) -> dict[str, Any]:
    """Two leads to a byte where a field has no more than 15 bands, one otherwise."""
    if int(code.max(initial=0)) >= _MAX_PLACES:
        return {"bits": 8, "data": _text(code.tobytes())}
    even = np.append(code, np.zeros(len(code) % 2, dtype=np.uint8))
    return {"bits": 4, "data": _text((even[::2] | (even[1::2] << 4)).astype(np.uint8).tobytes())}


def _bits(won: NDArray[np.float64]) -> str:
    return _text(np.packbits(won.astype(bool), bitorder="little").tobytes())


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
