"""Sessions as a recorder logs them, made under a simulated clock."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from antiphon.adapters.engines.kinds import maker_of
from antiphon.adapters.engines.opening import identity_of
from antiphon.adapters.files.session_log import SessionLog, heading
from antiphon.core.commands import Command
from antiphon.core.events import Silenced
from antiphon.core.performance import TimedEvent
from antiphon.core.simulated import play_through
from antiphon.core.transcript import Beginning, Entry, Step, TranscribedImproviser
from default_config import loaded
from score import scale, score

NOON = datetime(2025, 6, 1, 12, 0, 0)


class Session(NamedTuple):
    """What a recorder is given of a session."""

    beginning: Beginning
    steps: Sequence[Step]


def session_of(seed: int = 5) -> Session:
    """Return a session with the model that ships: two phrases and their answers, the second silenced."""
    config = loaded("play.seconds=2").config
    entries: list[Entry] = []
    identity = identity_of(config, is_prompt=True)
    improviser = TranscribedImproviser(
        maker_of(config).make(seed), config.settings, 100.0, seed, entries.append, lambda: identity
    )
    heard = score(scale(start=101.0), scale(start=108.0), [TimedEvent(111.0, Silenced())])
    consume(play_through(improviser, heard, 111.0))
    return session_in(entries)


def session_in(entries: Sequence[Entry]) -> Session:
    """Return what was written of one session."""
    beginning, *steps = entries
    assert isinstance(beginning, Beginning)
    return Session(beginning, [step for step in steps if isinstance(step, Step)])


def log_of(session: Session, path: Path, is_whole: bool = True, **headed: str) -> Path:
    """Write a session into a log, and return its path.

    Args:
        session: what is written.
        path: of the log.
        is_whole: whether its end is there.
        headed: what of the heading is as if on another machine.
    """
    log = SessionLog(msgspec.structs.replace(heading(NOON), **headed))
    log.place(path)
    log.append(session.beginning)
    for step in session.steps:
        log.append(step)
    log.close()
    if not is_whole:
        path.write_bytes(path.read_bytes()[:-20])
    return path


def consume(commands: Iterable[Command]) -> None:
    """Let the music play to its end."""
    for _ in commands:
        pass
