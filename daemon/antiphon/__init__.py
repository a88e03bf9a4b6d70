"""Antiphon: a real-time MIDI improvisation daemon. You play, it answers."""

__version__ = "0.1.0"
