"""Session logs. An input that is not compressed is compressed, so that its lines are read."""

import gzip
from collections.abc import Iterator
from datetime import datetime

import msgspec

from antiphon.adapters.files.session_log import heading, read_session_log
from antiphon.adapters.files.transcript_lines import line_of
from antiphon.core.events import KeyPressed, KeyReleased, SettingsChanged, Silenced
from antiphon.core.transcript import EngineIdentity, Entry, TranscribedImproviser
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import SessionLogError
from default_settings import settings
from synthesizer import Synthesizer
from target import Target, is_told, written
from uniform_engine import UniformEngine

GZIP = b"\x1f\x8b"


def examine(data: bytes) -> None:
    content = data if data.startswith(GZIP) else gzip.compress(data, 1, mtime=0)
    try:
        logged = read_session_log(written("any.session", content))
    except SessionLogError as error:
        is_told(error)
        return
    for step in logged.steps:
        line_of(step)


def seeds() -> Iterator[bytes]:
    entries: list[Entry] = []
    short = settings(play={"seconds": 1.0, "thru": True})
    improviser = TranscribedImproviser(
        UniformEngine(), short, 0.0, 1, entries.append, lambda: EngineIdentity("markov", "m", "0", True)
    )
    synthesizer = Synthesizer(improviser)
    told = (KeyPressed(Pitch(60), Velocity(80)), KeyReleased(Pitch(60)), SettingsChanged(short), Silenced())
    for event in told:
        improviser.receive(event, synthesizer.now)
        synthesizer.play()
        synthesizer.pass_time(synthesizer.now + 0.5)
    lines = [msgspec.json.encode(heading(datetime(2025, 6, 1))) + b"\n", *map(line_of, entries)]
    yield b"".join(lines)
    yield (
        b"".join(lines[:2])
        + b'[1.5,["KeyPressed",60,80],[null,[0.5,80,60]],[["PlayNote",1.5,60,80]],["AAA="]]\n'
    )
    yield gzip.compress(b"".join(lines[:4]), mtime=0)[:-8]


TARGET = Target(examine, seeds, longest=4096)
