"""From leads to a bundle: label, audit, fit, calibrate, choose a policy, and measure on later leads."""

from leadqual.training.held_out import HeldOut
from leadqual.training.policy_choice import EXPLORE, PolicyAim
from leadqual.training.train import Training, train

__all__ = ["EXPLORE", "HeldOut", "PolicyAim", "Training", "train"]
