"""What happened in a session, in lines for people: what its log says, without the notes."""

from collections.abc import Iterator, Sequence

import msgspec

from antiphon.adapters.log_book import told_of
from antiphon.core.commands import Publish
from antiphon.core.events import (
    ClockTicked,
    ControlMoved,
    EngineReady,
    HoursTold,
    KeyPressed,
    KeyReleased,
    OtherMessage,
    SettingsChanged,
)
from antiphon.core.settings import Settings
from antiphon.core.transcript import Beginning, EngineEntered, EngineIdentity, Step
from antiphon.core.units import Seconds

TOO_MANY = (KeyPressed, KeyReleased, ControlMoved, OtherMessage, ClockTicked, EngineReady)
"""What is told by what followed from it."""


def account(beginning: Beginning, steps: Sequence[Step]) -> Iterator[str]:
    """Yield a line for each thing that happened, with its time since the beginning."""
    settings, since, may_play_by_itself = beginning.settings, 0.0, True
    for step in steps:
        # What it was woken for may have been due before what happened meanwhile.
        since = max(since, step.at - beginning.at)
        match step.told:
            case None:
                pass
            case SettingsChanged(changed):
                yield _line(since, f"settings changed: {_changes(settings, changed)}")
                settings = changed
            case EngineEntered(seed, engine):
                yield _line(since, f"from now on {name_of(engine)} plays, with the seed {seed}")
            case HoursTold(is_open):
                if is_open != may_play_by_itself:
                    may_play_by_itself = is_open
                    yield _line(since, f"attract.hours {'have begun' if is_open else 'are over'}")
            case event if not isinstance(event, TOO_MANY):
                yield _line(since, _words(type(event).__name__))
        for command in step.said:
            if isinstance(command, Publish):
                yield _line(since, told_of(command.occurrence))
    yield _line(since, "the end of the log")


def name_of(engine: EngineIdentity | None) -> str:
    """Return what people call an engine, such as ``lstm default``."""
    return "an engine without a name" if engine is None else f"{engine.kind} {engine.model}"


def in_minutes(since: Seconds, decimals: int) -> str:
    """Return a time since the beginning as people tell it, such as ``1:13.504``, or ``1:00:02.000``."""
    seconds, fraction = divmod(round(abs(since) * 10**decimals), 10**decimals)
    hours, minutes = divmod(seconds // 60, 60)
    whole = f"{hours}:{minutes:02}" if hours else str(minutes)
    return f"{'-' if since < 0 else ''}{whole}:{seconds % 60:02}.{fraction:0{decimals}}"


def _line(since: Seconds, text: str) -> str:
    return f"{in_minutes(since, 3):>10}  {text}"


def _changes(before: Settings, after: Settings) -> str:
    former, latter = msgspec.to_builtins(before), msgspec.to_builtins(after)
    changes = [
        f"{section}.{name} = {value}"
        for section, values in latter.items()
        for name, value in values.items()
        if value != former[section][name]
    ]
    return ", ".join(changes) or "none of those of the music"


def _words(name: str) -> str:
    """Return the name of an event in words, such as ``input lost``."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
