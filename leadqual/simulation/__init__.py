"""A simulated company whose truth is known: for the demo, for tests, and to see what a method makes of it."""

from leadqual.simulation.follow_up import FollowUpSettings, play_follow_up
from leadqual.simulation.sample import Sample, SampleSettings, simulate, write_sample

__all__ = ["FollowUpSettings", "Sample", "SampleSettings", "play_follow_up", "simulate", "write_sample"]
