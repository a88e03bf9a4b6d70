"""Answers a MIDI file with a MIDI file: the same improviser, under a simulated clock."""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Literal

import msgspec

from antiphon.adapters import log_book
from antiphon.adapters.drawing import check_that_it_can_be_drawn
from antiphon.adapters.engines.kinds import maker_of
from antiphon.adapters.engines.opening import seed_of, tell_seed
from antiphon.adapters.files.reading import read_performance
from antiphon.adapters.files.writing import (
    check_that_it_can_be_written,
    part_heard,
    part_played,
    write_performance,
)
from antiphon.core.commands import Command, PlayNote, Publish, TurnGivenBack
from antiphon.core.engine import Engine
from antiphon.core.events import InputLost, SettingsChanged
from antiphon.core.improviser import Improviser
from antiphon.core.performance import TimedEvent, moved, notes_heard, notes_played
from antiphon.core.settings import Settings
from antiphon.core.simulated import play_through
from antiphon.errors import ConfigurationError
from antiphon.settings import Config

SUFFIXES = (".mid", ".midi")

PATIENCE_BEYOND = 60.0
"""Seconds after the length of an answer in which the last of its notes has surely ended."""


def respond(
    config: Config, question: Path, answer: Path, outputs: int, plot: Path | None, with_input: bool
) -> list[Path]:
    """Write answers to the phrase in a file, and return their paths.

    Args:
        config: all settings; the seed of the first answer is ``play.seed``, the next ones count on.
        question: the phrase.
        answer: where the answer goes; with several outputs, a number is added to the name.
        outputs: how many.
        plot: where the first answer is drawn, .svg or .png.
        with_input: whether the question is written too, on a track of its own, in its own time.

    Raises:
        ConfigurationError: an answer is not to end in ``.mid``, or the picture in neither of the two.
        MidiFileError: the question cannot be read or an answer cannot be written.
        ModelError: the model is missing or damaged.
        AntiphonError: nothing can be drawn.
    """
    paths = [answer] if outputs == 1 else [numbered(answer, number) for number in range(1, outputs + 1)]
    check_the_names(paths, plot)
    heard = read_performance(question)
    first_seed = seed_of(config)
    maker = maker_of(config)
    for offset, path in enumerate(paths):
        commands = list(continuation(maker.make(first_seed + offset), config.settings, heard))
        played = part_played("antiphon", commands if with_input else from_zero(commands))
        write_performance(path, [part_heard("you", heard), played] if with_input else [played])
        if plot is not None and offset == 0:
            from antiphon.adapters.rolls.picture import plot as draw

            draw(plot, notes_heard(heard), notes_played(commands))
    log_book.tell_mood(config.play.mood)
    tell_seed(config, first_seed)
    return paths


def check_the_names(answers: Sequence[Path], plot: Path | None) -> None:
    """Refuse what cannot be written or drawn, before the work."""
    for path in answers:
        if path.suffix.lower() not in SUFFIXES:
            raise ConfigurationError(
                f"an answer is a MIDI file; name {path} so that it ends in {' or '.join(SUFFIXES)}"
            )
        check_that_it_can_be_written(path)
    if plot is not None:
        check_that_it_can_be_drawn(plot)


def continuation(engine: Engine, settings: Settings, heard: Sequence[TimedEvent]) -> Iterator[Command]:
    """Yield what is played after a performance, in its time, until the turn is given back.

    Whatever pauses the performance has, it is one phrase: the improviser only listens until it is over.
    """
    improviser = Improviser(engine, in_mode(settings, "listen"), now=heard[0].at)
    ending = heard[-1].at
    over = [TimedEvent(ending, InputLost()), TimedEvent(ending, SettingsChanged(in_mode(settings, "answer")))]
    until = ending + settings.turn.longest_pause + max(settings.play.seconds, 60.0) + PATIENCE_BEYOND
    return takewhile(is_before_the_end, play_through(improviser, [*heard, *over], until))


def is_before_the_end(command: Command) -> bool:
    return not (isinstance(command, Publish) and isinstance(command.occurrence, TurnGivenBack))


def in_mode(settings: Settings, mode: Literal["answer", "listen"]) -> Settings:
    play = msgspec.structs.replace(settings.play, mode=mode, thru=False)
    return msgspec.structs.replace(settings, play=play)


def from_zero(commands: Sequence[Command]) -> list[Command]:
    """Return an answer moved so that its first note begins at once."""
    onsets = (command.due for command in commands if isinstance(command, PlayNote))
    return moved(commands, -next(onsets, 0.0))


def numbered(path: Path, number: int) -> Path:
    """Return ``answer-2.mid`` for ``answer.mid``."""
    return path.with_name(f"{path.stem}-{number}{path.suffix}")
