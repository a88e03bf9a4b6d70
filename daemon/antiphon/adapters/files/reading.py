"""Reading Standard MIDI Files: a file as a performance on one keyboard.

Reading forgets what a keyboard could not have told: instruments, tracks, bars, percussion. What is put right:
a note without an end is released with the last one (and this is logged), a pitch that several tracks play at
once is one key, a note of no length lasts one tick. A truncated file is refused, because half a phrase would
be taken for the whole one.
"""

import io
import logging
import stat
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeAlias

from antiphon.adapters.midi.wire import ALL_NOTES_OFF, ALL_SOUND_OFF
from antiphon.core.events import SUSTAIN_PEDAL, ControlMoved, KeyPressed, KeyReleased
from antiphon.core.performance import TimedEvent
from antiphon.core.units import Pitch, Seconds, Velocity
from antiphon.errors import MidiFileError, reason_of

# mido is imported where it is used: that takes a tenth of a second, and most starts need no file.

LONGEST: Seconds = 4 * 3600.0
LARGEST_BYTES = 2_000_000
"""Four hours of dense piano music fit; the parser takes ten seconds for them on a slow core."""

_PERCUSSION = 9

_log = logging.getLogger(__name__)


def read_performance(path: Path) -> list[TimedEvent]:
    """Return what a ``.mid`` file of type 0 or 1 plays, as if on one keyboard.

    Times are seconds from the start of the file. All tracks are merged, percussion is left out. Every key
    is pressed and released in turn; of the controllers only the sustain pedal is kept. At equal times
    releases come first, then the pedal, then onsets.

    Raises:
        MidiFileError: The file is not there or not readable, is damaged, of type 2, without notes, or
            longer than four hours.
    """
    tracks, seconds_at = _parsed(path, _content_of(path))
    keys: list[_Key] = []
    pedal: list[_PedalMoved] = []
    for track in tracks:
        _gather(track, keys, pedal)
    if not keys:
        raise MidiFileError(f"{path} has no notes (percussion does not count); choose another file")
    if (lasts := seconds_at(_last_tick(keys))) > LONGEST:
        raise MidiFileError(
            f"{path} lasts {lasts / 3600:.1f} hours, and {LONGEST / 3600:.0f} is the most; cut it up"
        )
    if unended := _end_with_the_last(keys):
        _log.warning("%s: notes without an end (%d) are released with the last one", path, unended)
    return _performance(_on_one_keyboard(keys), pedal, seconds_at)


def read_tracks(content: bytes, name: str) -> Mapping[str, list[TimedEvent]]:
    """Return what each track of a ``.mid`` file plays, by its name; tracks of one name count as one.

    Args:
        content: of the file, as :func:`read_performance` reads it.
        name: what sentences are to call the file.

    Raises:
        MidiFileError: it is damaged, or of type 2.
    """
    tracks, seconds_at = _parsed(name, content)
    keys: defaultdict[str, list[_Key]] = defaultdict(list)
    pedal: defaultdict[str, list[_PedalMoved]] = defaultdict(list)
    for track in tracks:
        track_name = next((message.name for message in track if message.type == "track_name"), "")
        _gather(track, keys[track_name], pedal[track_name])
    for each in keys.values():
        _end_with_the_last(each)
    return {each: _performance(_on_one_keyboard(keys[each]), pedal[each], seconds_at) for each in keys}


def read_messages(path: Path, name: str) -> list[tuple[Seconds, bytes]]:
    """Return the channel messages of the tracks of one name, in order, each with its moment.

    Raises:
        MidiFileError: it is missing, damaged, or of type 2.
    """
    tracks, seconds_at = _parsed(path, _content_of(path))
    return [
        (seconds_at(tick), bytes(message.bytes()))
        for track in tracks
        if any(message.type == "track_name" and message.name == name for message in track)
        for tick, message in zip(accumulate(message.time for message in track), track, strict=True)
        if not message.is_meta and message.type != "sysex"
    ]


@dataclass(slots=True)
class _Key:
    """A key that is down from tick ``onset`` to tick ``release``, which is 0 until it is found."""

    onset: int
    pitch: Pitch
    velocity: Velocity
    release: int = 0


_Tracks: TypeAlias = Iterable[Iterable[Any]]
"""Of messages as mido gives them."""

_SecondsAt: TypeAlias = Callable[[int], Seconds]
"""Returns when a tick is."""


_PedalMoved: TypeAlias = tuple[int, ControlMoved]
"""At which tick, and how."""


def _last_tick(keys: Iterable[_Key]) -> int:
    return max(max(key.release, key.onset + 1) for key in keys)


def _end_with_the_last(keys: Sequence[_Key]) -> int:
    """Release the notes without an end with the last one; return how many these were."""
    unended = [key for key in keys if not key.release]
    last = _last_tick(keys) if unended else 0
    for key in unended:
        key.release = last
    return len(unended)


def _content_of(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise MidiFileError(f"{path} is not a file; name a .mid file")
        if status.st_size > LARGEST_BYTES:
            raise MidiFileError(
                f"{path} has {status.st_size / 1e6:.1f} megabytes, which is more than "
                f"{LONGEST / 3600:.0f} hours of music; cut it up"
            )
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise MidiFileError(f"{path} is not there; check the name") from error
    except OSError as error:
        raise MidiFileError(f"{path} cannot be read: {reason_of(error)}") from error
    if not content:
        raise MidiFileError(f"{path} is empty; record or copy it again")
    return content


def _parsed(path: Path | str, content: bytes) -> tuple[_Tracks, _SecondsAt]:
    from mido import MidiFile

    if not content.startswith(b"MThd"):
        raise MidiFileError(f"{path} is not a MIDI file; name a standard .mid file")
    try:
        score = MidiFile(file=io.BytesIO(content))
    except EOFError as error:
        raise MidiFileError(f"{path} breaks off in the middle; copy or download it again") from error
    except Exception as error:  # a damaged file makes mido raise whatever it stumbles over
        raise MidiFileError(f"{path} is damaged ({reason_of(error)}); copy or download it again") from error
    if score.type == 2:
        raise MidiFileError(f"{path} is of type 2, several pieces in one file; save it as type 0 or 1")
    return score.tracks, _seconds_of_ticks(path, score.ticks_per_beat, score.tracks)


def _seconds_of_ticks(path: Path | str, division: int, tracks: _Tracks) -> _SecondsAt:
    """Return what turns ticks into seconds: the tempo map, or the frame rate where there is one."""
    if division == 0:
        raise MidiFileError(f"{path} is damaged (it counts no ticks per beat); copy or download it again")
    if division < 0:
        return _seconds_of_frames(division)
    changes = sorted(_tempo_changes(tracks))
    ticks, seconds, rates = [0], [0.0], [0.5 / division]
    for tick, microseconds_per_beat in changes:
        seconds.append(seconds[-1] + (tick - ticks[-1]) * rates[-1])
        ticks.append(tick)
        rates.append(microseconds_per_beat / 1e6 / division)

    def seconds_at(tick: int) -> Seconds:
        latest = bisect_right(ticks, tick) - 1
        return seconds[latest] + (tick - ticks[latest]) * rates[latest]

    return seconds_at


def _seconds_of_frames(division: int) -> _SecondsAt:
    """Return the clock of a division in SMPTE frames: the high byte is minus the frames per second."""
    frames_per_second = -(division >> 8)
    rate = 30 / 1.001 if frames_per_second == 29 else float(frames_per_second)
    ticks_per_frame = (division & 0xFF) or 1
    return lambda tick: tick / (rate * ticks_per_frame)


def _tempo_changes(tracks: _Tracks) -> Iterator[tuple[int, int]]:
    for track in tracks:
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "set_tempo":
                yield tick, message.tempo


def _gather(track: Iterable[Any], struck: list[_Key], pedal: list[_PedalMoved]) -> None:
    """Add the notes and pedal movements of one track; a release ends the oldest note of its pitch."""
    sounding: defaultdict[tuple[int, int], deque[_Key]] = defaultdict(deque)
    tick = 0
    for message in track:
        tick += message.time
        if message.is_meta or getattr(message, "channel", _PERCUSSION) == _PERCUSSION:
            continue
        if message.type == "note_on" and message.velocity > 0:
            note = _Key(tick, message.note, message.velocity)
            struck.append(note)
            sounding[message.channel, message.note].append(note)
        elif message.type in ("note_on", "note_off"):
            if notes := sounding[message.channel, message.note]:
                _end(notes.popleft(), tick)
        elif message.type == "control_change" and message.control == SUSTAIN_PEDAL:
            pedal.append((tick, ControlMoved(SUSTAIN_PEDAL, message.value)))
        elif message.type == "control_change" and message.control in (ALL_SOUND_OFF, ALL_NOTES_OFF):
            for (channel, _), notes in sounding.items():
                while channel == message.channel and notes:
                    _end(notes.popleft(), tick)


def _end(note: _Key, tick: int) -> None:
    note.release = max(tick, note.onset + 1)


def _on_one_keyboard(notes: Iterable[_Key]) -> list[_Key]:
    """Change the notes such that no two of one pitch overlap: a key that is struck again ends first."""
    by_pitch: defaultdict[Pitch, list[_Key]] = defaultdict(list)
    for note in sorted(notes, key=lambda note: note.onset):
        keys = by_pitch[note.pitch]
        if not keys or keys[-1].release <= note.onset:
            keys.append(note)
            continue
        before = keys[-1]
        release = max(before.release, note.release)
        if before.onset == note.onset:
            before.release, before.velocity = release, max(before.velocity, note.velocity)
        else:
            before.release, note.release = note.onset, release
            keys.append(note)
    return [key for pitch in sorted(by_pitch) for key in by_pitch[pitch]]


def _performance(
    keys: Iterable[_Key], pedal: Iterable[_PedalMoved], seconds_at: _SecondsAt
) -> list[TimedEvent]:
    ranked: list[tuple[int, int, TimedEvent]] = []
    for key in keys:
        ranked.append((key.release, 0, TimedEvent(seconds_at(key.release), KeyReleased(key.pitch))))
        ranked.append((key.onset, 2, TimedEvent(seconds_at(key.onset), KeyPressed(key.pitch, key.velocity))))
    ranked += [(tick, 1, TimedEvent(seconds_at(tick), moved)) for tick, moved in pedal]
    # The sort is stable, and by ticks rather than seconds: a tempo of zero would make moments equal.
    ranked.sort(key=lambda item: item[:2])
    return [timed for _, _, timed in ranked]
