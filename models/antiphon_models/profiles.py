"""How often the pitch classes occur in music of a key, for whoever finds out the key of some music.

This module needs nothing but Python, so that the daemon's core may know it.
"""

MAJOR = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
MINOR = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)
"""Shares of the pitch classes above the tonic: J. Albrecht and D. Shanahan, "The Use of Large Corpora to
Train a New Type of Key-Finding Algorithm", Music Perception 31 (2013).
"""
