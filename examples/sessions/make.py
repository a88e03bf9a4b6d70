"""Plays the example sessions: ``python examples/sessions/make.py [FOLDER]`` writes all of them.

Each is played by the network that ships, under a simulated clock, as a real session would be. Of each there
is what was played to it, the recording of both, its log for `antiphon replay`, and a picture.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from phrases import BALLAD, BARCAROLLE, DANCE, HYMN, NOCTURNE, played, seconds_of

from antiphon.adapters.drawing import picture
from antiphon.adapters.engines.kinds import maker_of
from antiphon.adapters.engines.opening import identity_of
from antiphon.adapters.files.journal import TRACK_NAMES
from antiphon.adapters.files.reading import read_tracks
from antiphon.adapters.files.session_log import SUFFIX, SessionLog, heading
from antiphon.adapters.files.writing import part_heard, write_performance
from antiphon.adapters.rolls.picture import draw
from antiphon.config import changed, defaults
from antiphon.core.events import (
    SUSTAIN_PEDAL,
    ControlMoved,
    HoldPressed,
    HoldReleased,
    HoursTold,
    KeyReleased,
    Silenced,
)
from antiphon.core.performance import TimedEvent, notes_heard
from antiphon.core.simulated import play_through
from antiphon.core.transcript import Beginning, Entry, Step, TranscribedImproviser
from antiphon.core.units import Seconds
from antiphon.replay.music import write_music

HERE = Path(__file__).parent

NOON = datetime(2026, 11, 21, 12, 0, 0)

SIZE_INCHES = (11.0, 3.4)


@dataclass(frozen=True, slots=True)
class Example:
    """A session that is played.

    Attributes:
        name: of its files.
        heard: what happens, in order.
        until: when it is silenced.
        seed: of everything that is drawn.
        settings: those that are not as they ship.
    """

    name: str
    heard: Sequence[TimedEvent]
    until: Seconds
    seed: int
    settings: Mapping[str, object] = field(default_factory=dict)


def examples() -> list[Example]:
    """Return one for each mode that plays."""
    return [
        Example("answer", [*played(NOCTURNE, 1.0, 1), *played(DANCE, 30.0, 2)], 54.0, seed=7),
        Example("duet", played(BALLAD, 1.0, 3), 36.0, seed=5, settings={"play.mode": "duet"}),
        Example("takeover", handed_over(), 46.0, seed=1, settings={"play.mode": "takeover"}),
        Example(
            "attract", visited(), 100.0, seed=7, settings={"play.mode": "attract", "attract.after": 15.0}
        ),
    ]


def handed_over(bars: int = 5, held: Seconds = 9.0) -> list[TimedEvent]:
    """Return a phrase in which somebody leaves it to go on by itself, and then goes on themselves."""
    whole = played(BARCAROLLE, 1.0, 4)
    over_at = 1.0 + round(seconds_of(BARCAROLLE, 6.0 * bars), 3) - 0.1
    before = [timed for timed in whole if timed.at < over_at]
    after = [TimedEvent(timed.at + held, timed.event) for timed in whole if timed.at >= over_at]
    down = {note.pitch for note in notes_heard(before) if note.release == before[-1].at}
    # Both hands leave the keys.
    leaving = [TimedEvent(over_at + 0.2, KeyReleased(pitch)) for pitch in sorted(down)]
    leaving.append(TimedEvent(over_at + 0.3, ControlMoved(SUSTAIN_PEDAL, 0)))
    held_down = [TimedEvent(over_at, HoldPressed()), TimedEvent(over_at + held, HoldReleased())]
    return sorted([*before, *held_down, *leaving, *after], key=lambda timed: timed.at)


def visited() -> list[TimedEvent]:
    """Return an evening on which somebody comes by once."""
    evening = HoursTold(is_open=True, day=date(2026, 11, 21).toordinal())
    return [TimedEvent(0.5, evening), *played(HYMN, 34.0, 5)]


def make(example: Example, folder: Path) -> None:
    """Play an example and write its files."""
    entries = entries_of(example)
    steps = [entry for entry in entries if isinstance(entry, Step)]
    write_performance(folder / f"{example.name}-input.mid", [part_heard(TRACK_NAMES["you"], example.heard)])
    recording = folder / f"{example.name}.mid"
    write_music(steps, recording)
    write_log(entries, recording.with_suffix(SUFFIX))
    tracks = read_tracks(recording.read_bytes(), recording.name)
    with picture(recording.with_suffix(".png"), SIZE_INCHES) as figure:
        you, it = (notes_heard(tracks[TRACK_NAMES[part]]) for part in ("you", "it"))
        draw(figure.add_subplot(), you, it)


def entries_of(example: Example) -> list[Entry]:
    """Return all that is written of an example."""
    config = changed(defaults(), example.settings, "the example").config
    identity = identity_of(config, is_prompt=True)
    entries: list[Entry] = []
    improviser = TranscribedImproviser(
        maker_of(config).make(example.seed),
        config.settings,
        0.0,
        example.seed,
        entries.append,
        lambda: identity,
    )
    heard = [*example.heard, TimedEvent(example.until, Silenced())]
    for _ in play_through(improviser, heard, example.until):
        pass
    return entries


def write_log(entries: Sequence[Entry], path: Path) -> None:
    path.unlink(missing_ok=True)
    log = SessionLog(heading(NOON))
    log.place(path)
    for entry in entries:
        if isinstance(entry, Beginning | Step):
            log.append(entry)
    log.close()


if __name__ == "__main__":
    into = Path(sys.argv[1]) if sys.argv[1:] else HERE
    for each in examples():
        make(each, into)
        print(into / f"{each.name}.mid")
