"""Retraining: challengers from the feedback ledger, a fair comparison, a decision with reasons, and the registry."""

from leadqual.retraining.challenger import Challenger, build_challengers
from leadqual.retraining.decision import PromotionDecision, PromotionRule, decide
from leadqual.retraining.experience import Experience, gather_experience
from leadqual.retraining.explore import Explored, draw_at_random, exploring
from leadqual.retraining.hand_off import HandedOff, pick_and_hand_over
from leadqual.retraining.loop import LoopOutcome, Retrained, retrain, run_loop
from leadqual.retraining.mlflow_registry import Registry
from leadqual.retraining.pick import Pick, pick_leads
from leadqual.retraining.promotion_evidence import PromotionEvidence, SegmentCheck, promotion_evidence
from leadqual.retraining.record import TrainingRecord, record_of

__all__ = [
    "Challenger",
    "Experience",
    "Explored",
    "HandedOff",
    "LoopOutcome",
    "Pick",
    "PromotionDecision",
    "PromotionEvidence",
    "PromotionRule",
    "Retrained",
    "Registry",
    "SegmentCheck",
    "build_challengers",
    "decide",
    "draw_at_random",
    "exploring",
    "gather_experience",
    "pick_and_hand_over",
    "pick_leads",
    "promotion_evidence",
    "TrainingRecord",
    "record_of",
    "retrain",
    "run_loop",
]
