"""A simulated company whose truth is known: for the demo, for tests, and to see what a method makes of it."""

from leadqual.simulation.sample import Sample, SampleSettings, simulate, write_sample

__all__ = ["Sample", "SampleSettings", "simulate", "write_sample"]
