"""The quantities that the music is made of."""

from typing import Literal, NewType, TypeAlias

Seconds: TypeAlias = float
"""Monotonic seconds, or a span of them. An alias, because arithmetic on a NewType gives a float back."""

Beats: TypeAlias = float
"""Beats, or a span of them; what a beat is, the music says."""

Pitch = NewType("Pitch", int)
"""MIDI note number, 0 to 127; 60 is middle C."""

Velocity = NewType("Velocity", int)
"""MIDI velocity, 0 to 127; in an event of the network 0 stands for a release."""

Part = Literal["you", "it"]
"""Who plays: the player or the improviser."""

PITCH_CLASSES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
"""The names of the twelve, upwards from C."""
