"""Standard MIDI Files: read as a performance, and track by track."""

import io
import math
from collections.abc import Iterable, Iterator

from mido import Message, MetaMessage, MidiFile, MidiTrack

from antiphon.adapters.files.reading import read_messages, read_performance, read_tracks
from antiphon.core.events import KeyPressed, KeyReleased
from antiphon.core.performance import TimedEvent
from antiphon.errors import MidiFileError
from target import Target, is_told, written


def examine(data: bytes) -> None:
    path = written("any.mid", data)
    try:
        _check(read_performance(path))
    except MidiFileError as error:
        is_told(error)
    try:
        for events in read_tracks(data, "any.mid").values():
            _check(events)
        read_messages(path, "you")
    except MidiFileError as error:
        is_told(error)


def _check(events: Iterable[TimedEvent]) -> None:
    """Check that somebody could have played it on one keyboard."""
    down: set[int] = set()
    last = 0.0
    for timed in events:
        assert math.isfinite(timed.at), f"never: {timed}"
        assert timed.at >= last, f"{timed} before {last}"
        last = timed.at
        match timed.event:
            case KeyPressed(pitch):
                assert pitch not in down, f"{timed} while it is down"
                down.add(pitch)
            case KeyReleased(pitch):
                assert pitch in down, f"{timed} while it is up"
                down.discard(pitch)
    assert not down, f"left down: {down}"


def seeds() -> Iterator[bytes]:
    for kind in (0, 1):
        yield _file(kind, 96, ["you", "antiphon"][: kind + 1])
    yield _file(1, 480, ["you"]).replace((480).to_bytes(2, "big"), b"\xe7\x28", 1)


def _file(kind: int, division: int, names: Iterable[str]) -> bytes:
    score = MidiFile(type=kind, ticks_per_beat=division)
    for channel, name in enumerate(names):
        notes = [
            Message("note_on", channel=channel, note=60, velocity=80, time=0),
            Message("control_change", channel=channel, control=64, value=127, time=10),
            Message("note_on", channel=channel, note=64, velocity=70, time=10),
            MetaMessage("set_tempo", tempo=400_000, time=5),
            Message("note_off", channel=channel, note=60, time=30),
            Message("note_on", channel=channel, note=64, velocity=0, time=30),
            Message("control_change", channel=channel, control=123, value=0, time=0),
            Message("sysex", data=(1, 2, 3), time=1),
        ]
        score.tracks.append(MidiTrack([MetaMessage("track_name", name=name), *notes]))
    content = io.BytesIO()
    score.save(file=content)
    return content.getvalue()


TARGET = Target(examine, seeds, longest=1024)
