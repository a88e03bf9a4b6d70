"""A log run through the core under the simulated clock, and held against what was said then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from antiphon.adapters.files.journal import files_of_ours
from antiphon.adapters.files.session_log import SUFFIX, LoggedSession, heading, read_session_log
from antiphon.adapters.files.transcript_lines import text_of
from antiphon.adapters.files.writing import check_that_it_can_be_written, write_text
from antiphon.core.commands import Command
from antiphon.core.replaying import ReadingEngine
from antiphon.core.replaying import replay as core_replay
from antiphon.core.transcript import Step
from antiphon.core.units import Seconds
from antiphon.errors import ConfigurationError, SessionLogError
from antiphon.replay.account import account, name_of
from antiphon.replay.difference import (
    Difference,
    about_as_late,
    first_difference,
    messages_in,
    tellings_in,
    tellings_of,
    to_the_bit,
)
from antiphon.replay.engines import Engines
from antiphon.replay.expected import COMMANDS, RECORDING, commands_expected, messages_expected
from antiphon.replay.music import entries_of, write_music
from antiphon.settings import Config

AS_SENT: Seconds = 0.5
"""How far a message of a recording may be from the moment at which it was decided on."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A session as it was, and as it is now.

    Attributes:
        again: the steps of the log, told again.
        reasons: why something that was drawn had to be taken from the log, a sentence each.
        has_read: whether anything was.
    """

    session: LoggedSession
    again: Sequence[Step]
    reasons: Sequence[str]
    has_read: bool

    @property
    def commands(self) -> list[Command]:
        return [command for step in self.again for command in step.said]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the same followed.

    Attributes:
        difference: where not; None where it did.
        lines: what there is to say of that.
    """

    difference: Difference | None
    lines: Sequence[str]


def log_meant(path: Path) -> Path:
    """Return the log that is named: by its own path, by the recording beside it, or by a folder its newest.

    Raises:
        SessionLogError: the folder holds none.
    """
    if not path.is_dir():
        return path.with_suffix(SUFFIX) if path.suffix == RECORDING else path
    if not (logs := files_of_ours(path, SUFFIX)):
        raise SessionLogError(f"the folder {path} holds no session log; one lies beside each recording")
    return logs[-1]


def replayed(config: Config, path: Path, only_read: bool) -> Replay:
    """Run a log through the core.

    Args:
        config: of this machine.
        path: of the log, of the recording beside it, or of the folder in which it is the newest.
        only_read: whether what the engine drew is taken from the log, though it could be drawn again.

    Raises:
        SessionLogError: there is no such log, or it is damaged.
    """
    session = read_session_log(log_meant(path))
    engines = Engines(config, only_read)
    again = [now for _, now in core_replay(session.beginning, session.steps, engines.open)]
    return Replay(session, again, engines.reasons, only_read or bool(engines.reasons))


def lines_before(session: LoggedSession) -> Iterator[str]:
    """Yield what a session was, and in which way this machine is another."""
    told, beginning = session.heading, session.beginning
    yield (
        f"{session.path.name}: {told.began.replace('T', ' ')}, antiphon {told.antiphon}, "
        f"{name_of(beginning.engine)}, seed {beginning.seed}"
    )
    if others := "; ".join(_others(session)):
        yield f"not the same as here: {others}"
    yield from account(beginning, session.steps)
    if not session.is_whole:
        yield "the log breaks off there: the session goes on, or was cut off by a crash or a full disk"


def _others(session: LoggedSession) -> Iterator[str]:
    """Yield what of a heading is otherwise here."""
    then, now = session.heading, heading(datetime.now())
    for what in ("antiphon", "python", "runtime", "machine"):
        former, latter = getattr(then, what), getattr(now, what)
        if former != latter:
            yield f"{what} {former or 'none'} then, {latter or 'none'} now"


def held_against_itself(replay: Replay) -> Verdict:
    """Hold a replay against what its log says of then: what was drawn, and what was said to that."""
    session = replay.session
    difference = first_difference(tellings_of(session.steps), tellings_of(replay.again), to_the_bit)
    if difference is None:
        return Verdict(None, [f"all the same: {_counted(replay)}"])
    return Verdict(difference, [*difference.lines(session.beginning.at), *_blamed(replay)])


def _blamed(replay: Replay) -> Iterator[str]:
    """Yield whether it is the engine that differs, or what is made of what it draws."""
    if replay.has_read:
        return
    beginning, steps = replay.session.beginning, replay.session.steps
    again = (now for _, now in core_replay(beginning, steps, lambda identity, seed: ReadingEngine()))
    if first_difference(tellings_of(steps), tellings_of(again), to_the_bit) is None:
        yield "the engine draws otherwise: with what it drew then, all commands are the same"
    else:
        yield "the improviser decides otherwise: with what the engine drew then, its commands differ, too"


def held_against(replay: Replay, path: Path) -> Verdict:
    """Hold the commands of a replay against those of another log, of a file of commands, or of a recording.

    Raises:
        MidiFileError: the recording cannot be read.
        SessionLogError: the log or the commands cannot.
    """
    if path.suffix == RECORDING:
        began, same = 0.0, about_as_late(AS_SENT)
        difference = first_difference(messages_expected(path), messages_in(entries_of(replay.again)), same)
    else:
        began = replay.session.beginning.at
        difference = first_difference(commands_expected(path), tellings_in(replay.commands), to_the_bit)
    if difference is None:
        return Verdict(None, [f"the same as {path.name}: {_counted(replay)}"])
    return Verdict(difference, [*difference.lines(began)])


def _counted(replay: Replay) -> str:
    return f"{len(replay.again)} steps, {len(replay.commands)} commands"


def check_the_name(out: Path) -> None:
    """Refuse what cannot be written, before the work.

    Raises:
        ConfigurationError: it ends neither in ``.jsonl`` nor in ``.mid``.
        MidiFileError: it cannot be written.
    """
    if out.suffix not in (COMMANDS, RECORDING):
        raise ConfigurationError(
            f"a replay writes commands or music; name {out} so that it ends in {COMMANDS} or {RECORDING}"
        )
    check_that_it_can_be_written(out)


def write(replay: Replay, out: Path) -> None:
    """Write the commands of a replay, a line each, or the music of both parts as a recording has it.

    Raises:
        MidiFileError: it cannot be written.
    """
    if out.suffix == COMMANDS:
        write_text(out, "".join(f"{text_of(command).decode()}\n" for command in replay.commands))
    else:
        write_music(replay.again, out)
