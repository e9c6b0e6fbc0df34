"""Measurements of speed and of accuracy on real data, and the figures they gave; see README.md in this folder."""
