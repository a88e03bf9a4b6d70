"""Small ``.mid`` files, good and bad, made where a test needs them."""

from collections.abc import Iterable
from pathlib import Path

from mido import Message, MetaMessage, MidiFile, MidiTrack

TICKS_PER_BEAT = 480
"""At the 120 beats a minute of a file that says no tempo, 960 ticks are a second."""


def note_on(pitch: int, velocity: int = 80, time: int = 0, channel: int = 0) -> Message:
    return Message("note_on", note=pitch, velocity=velocity, time=time, channel=channel)


def note_off(pitch: int, time: int = 0, channel: int = 0) -> Message:
    return Message("note_off", note=pitch, velocity=64, time=time, channel=channel)


def pedal(value: int, time: int = 0) -> Message:
    return Message("control_change", control=64, value=value, time=time)


def tempo(beats_per_minute: float, time: int = 0) -> MetaMessage:
    return MetaMessage("set_tempo", tempo=round(60e6 / beats_per_minute), time=time)


def write_tracks(
    path: Path, *tracks: Iterable[Message | MetaMessage], kind: int = 1, ticks_per_beat: int = TICKS_PER_BEAT
) -> Path:
    """Write tracks of messages, whose times are ticks since the message before."""
    score = MidiFile(type=kind, ticks_per_beat=ticks_per_beat)
    score.tracks.extend(MidiTrack(track) for track in tracks)
    score.save(path)
    return path


def write_scale(path: Path, pitches: Iterable[int] = (60, 62, 64, 65, 67)) -> Path:
    """Write one note after another, half a second each."""
    return write_tracks(path, [message for p in pitches for message in (note_on(p), note_off(p, time=480))])
