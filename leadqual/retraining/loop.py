"""The loop, once: watch, retrain if called for, decide, promote or propose; what was broken off goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from leadqual.agreement import Agreement, Ledger
from leadqual.bundle import Bundle
from leadqual.errors import EvidenceError, PromotionError
from leadqual.evaluation import probabilities
from leadqual.fact import Fact, fact, read_fact
from leadqual.feedback import FeedbackStore, Snapshot
from leadqual.monitoring import MonitoringReport, monitor
from leadqual.retraining.challenger import Challenger, build_challengers, later_leads
from leadqual.retraining.decision import PromotionDecision, PromotionRule, decide, missing_signatures
from leadqual.retraining.experience import Experience, gather_experience, unripe_segments
from leadqual.retraining.explore import exploring
from leadqual.retraining.mlflow_registry import Fetched, Registered, Registry
from leadqual.retraining.promotion_evidence import PromotionEvidence, promotion_evidence
from leadqual.retraining.record import as_file, record_of
from leadqual.retraining.supply import short_supply
from leadqual.scorecard import Constraint, lead_points

__all__ = ["LoopOutcome", "Retrained", "retrain", "run_loop"]

_STATE = "loop.json"


@dataclass(frozen=True, slots=True, eq=False)
class Retrained:
    """What retraining came to.

    Parameters
    ----------
    challengers
        All that were built.
    evidence
        Of each.
    best
        Number of the one with the lowest log loss on the later leads.
    experience
        What they learned from.
    warnings
        Wins that were left out, where recent leads are unlike all that have matured, and where fewer leads come than
        sales can work.
    """

    challengers: tuple[Challenger, ...]
    evidence: tuple[PromotionEvidence, ...]
    best: int
    experience: Experience
    warnings: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class LoopOutcome:
    """What one round of the loop did.

    Parameters
    ----------
    as_of
        The date of the round (ISO 8601).
    did
        ``"nothing"``, ``"looked"`` (a data source is in doubt), ``"kept"``, ``"waited"`` (for outcomes or signatures),
        ``"proposed"`` or ``"promoted"``.
    reasons
        Why; a text is an error's message, or what an earlier version wrote down.
    champion
        Digest of the champion after the round.
    challenger
        Digest of the challenger that was decided on; "" where there was none.
    """

    as_of: str
    did: str
    reasons: tuple[Fact | str, ...]
    champion: str
    challenger: str = ""


def retrain(
    champion: Bundle,
    experience: Experience,
    *,
    constraints: Sequence[Constraint] = (),
    rule: PromotionRule | None = None,
    created_at: str = "",
    command: str = "",
    seed: int = 0,
) -> Retrained:
    """Build challengers and compare each with the champion on the same later leads.

    Parameters
    ----------
    champion, experience, constraints
        See `build_challengers`.
    rule
        Says by how many points a band may move.
    created_at, command
        For the provenance.
    seed
        Of the bootstrap.

    Raises
    ------
    EvidenceError
        When too few leads can be judged on.
    """
    limit = (rule or PromotionRule()).max_change
    found = build_challengers(
        champion, experience, constraints=constraints, max_change=limit, created_at=created_at, command=command
    )
    tested = later_leads(experience) & experience.judge
    leads = experience.leads[tested].reset_index(drop=True)
    present = probabilities(champion.curve, lead_points(champion.points_table, leads))
    listed = [field.name for field in champion.points_table.fields if field.kind != "numeric"]
    segments = {name: leads[name].astype("str").to_numpy() for name in listed}
    evidence = tuple(
        promotion_evidence(
            experience.won[tested],
            present,
            one.probability,
            experience.time[tested],
            point_change=one.point_change,
            segments=segments,
            account=None if experience.account is None else experience.account[tested],
            basis=experience.basis,
            tried=len(found),
            seed=seed,
        )
        for one in found
    )
    best = min(range(len(found)), key=lambda k: evidence[k].difference)
    warnings = (
        *experience.left_out,
        *unripe_segments(champion.points_table, experience),
        *short_supply(champion.policy, experience),
    )
    return Retrained(found, evidence, best, experience, warnings)


def run_loop(
    registry: Registry,
    store: FeedbackStore,
    ledger: Ledger,
    folder: str | Path,
    *,
    as_of: str,
    now: str,
    constraints: Sequence[Constraint] = (),
    rule: PromotionRule | None = None,
    always: bool = False,
    seed: int = 0,
    report: Callable[[Bundle], str] | None = None,
    after_step: Callable[[str], None] | None = None,
) -> LoopOutcome:
    """Run one round: for cron.

    A challenger that was proposed earlier is promoted once both teams have signed it and the champion is still the one
    it was compared with. Otherwise the champion is watched; where that calls for recalibrating or retraining,
    challengers are built, compared and decided on. What has been done is kept in a file after each step: a round that
    was broken off goes on where it was, and nothing is done twice.

    Parameters
    ----------
    registry, store, ledger
        Where bundles, feedback and agreements are.
    folder
        Where the round's state and a proposed bundle lie.
    as_of
        The date of the round (ISO 8601): only what was known by then counts.
    now
        When it is recorded (ISO 8601).
    constraints, rule, seed
        See `retrain` and `decide`.
    always
        Retrain even where nothing calls for it.
    report
        Makes a page of a challenger, for the registry; see `record_of`.
    after_step
        Called with each step's name once it is kept.

    Raises
    ------
    PromotionError
        When there is no champion, the registry cannot be reached, or someone else has moved the champion meanwhile.

    Examples
    --------
    ``notebooks/03_feedback_and_retraining`` runs it over a year.
    """
    rule = rule or PromotionRule()
    state = _State(Path(folder) / _STATE, as_of, after_step or (lambda _step: None))
    if registry.at("champion") is None:
        raise PromotionError("the registry has no champion to watch; promote a first bundle with leadqual promote.")
    champion = registry.bundle("champion")
    if "outcome" in state.kept:
        return _outcome(state.kept["outcome"])
    waiting = _promoted_if_signed(registry, ledger, champion, as_of)
    if waiting is not None:
        return state.end(waiting)
    snapshot: Snapshot | None = None
    if "report" not in state.kept:
        snapshot = Snapshot.read(store, as_of=as_of)
        watched = _watched(champion, snapshot, seed)
        alarms = [one for one in watched.findings if one.severity == "alarm" or one.code == "LQ608"]
        state.keep(
            "monitored",
            remedy=watched.remedy,
            pays=watched.retraining_pays,
            said=_kept(found for one in alarms for found in one.facts),
            report=watched.to_dict(),
        )
    remedy, why = state.kept["remedy"], _read(state.kept["said"])
    if remedy == "look at the data source" and not always:
        return state.end(LoopOutcome(as_of, "looked", why, champion.digest))
    if not state.kept["pays"] and not always:
        return state.end(LoopOutcome(as_of, "nothing", why, champion.digest))
    if "challenger" not in state.kept:
        fetched = registry.fetch_all()
        snapshot = snapshot or Snapshot.read(store, as_of=as_of)
        try:
            made, notes, decision, version = _built(
                registry, fetched, snapshot, champion, now, constraints, rule, seed, report, state.kept["report"]
            )
        except EvidenceError as error:
            return state.end(LoopOutcome(as_of, "waited", (*why, str(error), *fetched.notes), champion.digest))
        state.keep(
            "built",
            challenger=made.digest,
            version=version.version,
            run=version.run,
            verdict=decision.verdict,
            reasons=_kept((*decision.reasons, *notes)),
            champion=champion.digest,
        )
    return state.end(_settled(registry, ledger, state, champion, as_of, now, Path(folder)))


def _promoted_if_signed(registry: Registry, ledger: Ledger, champion: Bundle, as_of: str) -> LoopOutcome | None:
    """Promote what was proposed if both teams have signed it by now; say that it waits if not; None where none is."""
    waiting = registry.at("challenger")
    if waiting is None:
        return None
    proposed = registry.bundle("challenger")
    if dict(proposed.provenance.settings).get("parent") != champion.digest:
        return None  # it was compared with another champion
    missing = missing_signatures(waiting.digest, _agreement(ledger, waiting.digest))
    if missing is not None:
        waits = fact("challenger_waits_for", teams=missing) if missing else fact("challenger_waits_for_both")
        return LoopOutcome(as_of, "waited", (waits,), champion.digest, waiting.digest)
    registry.promote(waiting, champion=champion.digest)
    return LoopOutcome(as_of, "promoted", (fact("challenger_is_signed"),), waiting.digest, waiting.digest)


def _watched(champion: Bundle, snapshot: Snapshot, seed: int) -> MonitoringReport:
    history = snapshot.history(bundle=champion.digest)
    standing = snapshot.standing(window_days=champion.window_days or 90, bundle=champion.digest)
    return monitor(champion, history, as_of=snapshot.as_of, seed=seed, standing=standing)


def _built(
    registry: Registry,
    fetched: Fetched,
    snapshot: Snapshot,
    champion: Bundle,
    now: str,
    constraints: Sequence[Constraint],
    rule: PromotionRule,
    seed: int,
    report: Callable[[Bundle], str] | None,
    watched: dict[str, Any],
) -> tuple[Bundle, tuple[Fact | str, ...], PromotionDecision, Registered]:
    history, as_of, window = snapshot.history(), snapshot.as_of, champion.window_days or 90
    standing = snapshot.standing(window_days=window)
    experience = gather_experience(history, fetched.bundles, window_days=window, as_of=as_of, standing=standing)
    # the same round makes the same bundle, whenever it runs again
    found = retrain(
        champion, experience, constraints=constraints, rule=rule, created_at=as_of, command="leadqual loop", seed=seed
    )
    best, evidence = found.challengers[found.best], found.evidence[found.best]
    decision = decide(champion, best.bundle, evidence, rule=rule)
    explored = exploring(history, standing)
    record = record_of(best.bundle, report=report).with_more(
        parameters={"basis": experience.basis, "half_life": best.half_life, "strength": best.strength},
        metrics={
            "log_loss_difference": evidence.difference,
            "log_loss_difference_low": evidence.low,
            "log_loss_difference_high": evidence.high,
            "slope": evidence.slope,
        },
        files={
            "decision.json": as_file(decision.to_dict()),
            "monitoring.json": as_file(watched),
            "exploring.json": as_file(asdict(explored) | {"facts": _kept(explored.facts)}),
            "recorded_at.txt": now,
        },
    )
    version = registry.register(best.bundle, kind=best.kind, record=record)
    followed = () if best.followed is None else (best.followed,)
    notes = (*followed, *found.warnings, *fetched.notes)
    return best.bundle, notes, decision, version


def _settled(
    registry: Registry, ledger: Ledger, state: _State, champion: Bundle, as_of: str, now: str, folder: Path
) -> LoopOutcome:
    kept = state.kept
    reasons, digest = _read(kept["reasons"]), kept["challenger"]
    if kept["verdict"] in ("keep", "not yet"):
        did = "kept" if kept["verdict"] == "keep" else "waited"
        return LoopOutcome(as_of, did, reasons, champion.digest, digest)
    version = Registered(kept["version"], digest, kept["run"])
    if kept["verdict"] == "promote" or missing_signatures(digest, _agreement(ledger, digest)) is None:
        registry.promote(version, champion=kept["champion"])
        return LoopOutcome(as_of, "promoted", reasons, digest, digest)
    registry.propose(version)
    bundle = registry.bundle("challenger")
    ledger.record_bundle(champion, recorded_at=now)
    ledger.record_bundle(bundle, recorded_at=now)
    bundle.save(folder / "challenger.json")
    return LoopOutcome(as_of, "proposed", reasons, champion.digest, digest)


def _agreement(ledger: Ledger, digest: str) -> Agreement | None:
    return ledger.agreement(digest) if ledger.knows(digest) else None


def _kept(found: Iterable[Fact | str]) -> list[Any]:
    """Return facts as the state's file keeps them."""
    return [one if isinstance(one, str) else one.to_dict() for one in found]


def _read(kept: Iterable[Any]) -> tuple[Fact | str, ...]:
    """Return facts from the state's file; one of an earlier version holds texts."""
    return tuple(one if isinstance(one, str) else read_fact(one) for one in kept)


def _outcome(kept: dict[str, Any]) -> LoopOutcome:
    return LoopOutcome(kept["as_of"], kept["did"], _read(kept["said"]), kept["champion"], kept["challenger"])


class _State:
    """What a round has done, in a file that is whole at every moment."""

    def __init__(self, path: Path, as_of: str, after_step: Callable[[str], None]) -> None:
        self._path, self._after = path, after_step
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            kept = json.loads(path.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            kept = {}
        self.kept: dict[str, Any] = kept if kept.get("as_of") == as_of else {"as_of": as_of}

    def keep(self, step: str, **content: Any) -> None:
        """Keep what a step came to."""
        self.kept |= content
        other = self._path.with_suffix(".new")
        other.write_text(json.dumps(self.kept, indent=2), "utf-8")
        other.replace(self._path)
        self._after(step)

    def end(self, outcome: LoopOutcome) -> LoopOutcome:
        """Keep the round's outcome and return it."""
        self.keep(
            "ended",
            outcome={
                "as_of": outcome.as_of,
                "did": outcome.did,
                "said": _kept(outcome.reasons),
                "champion": outcome.champion,
                "challenger": outcome.challenger,
            },
        )
        return outcome
