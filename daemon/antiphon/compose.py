"""Writes music out of nothing, or out of a mood: the improviser, asked to begin where nobody has played.

It plays under a simulated clock, as in ``respond``. Asked for text, an engine that writes tunes as text
writes one; what another plays is written down.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from msgspec.structs import replace

from antiphon.adapters import log_book
from antiphon.adapters.drawing import check_that_it_can_be_drawn
from antiphon.adapters.engines.kinds import Form, Maker, maker_of
from antiphon.adapters.engines.opening import seed_of, tell_seed
from antiphon.adapters.files.engraving import engraved
from antiphon.adapters.files.sound import Synthesizer, check_that_it_can_sound, find_synthesizer
from antiphon.adapters.files.writing import (
    check_that_it_can_be_written,
    part_played,
    write_performance,
    write_text,
)
from antiphon.core.commands import Command, PlayNote, ReleaseNote, place_in_order
from antiphon.core.engine import Engine
from antiphon.core.events import Triggered
from antiphon.core.guidance import mode_wanted
from antiphon.core.improviser import Improviser
from antiphon.core.keys import Key, key_like, key_named
from antiphon.core.performance import Note, TimedEvent, moved, notes_played
from antiphon.core.settings import Settings
from antiphon.core.simulated import play_through
from antiphon.core.units import Seconds
from antiphon.errors import ConfigurationError
from antiphon.respond import PATIENCE_BEYOND, SUFFIXES, from_zero, in_mode, is_before_the_end, numbered
from antiphon.settings import Config

LENGTH: Seconds = 30.0
"""Of a piece, where ``play.seconds`` is 0: there is no question that it could be as long as."""

PAUSE: Seconds = 2.0
"""Between two pieces in one file."""

TEXT = ".abc"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written.

    Attributes:
        output: where it goes, ``.mid`` or ``.abc``; with several pieces a number is added to the name.
        outputs: how many pieces.
        join: whether all go into one file, one after the other.
        key: such as ``D``, ``F#m`` or ``Bb major``; empty leaves it open.
        meter: such as ``6/8``, for what is written as text; empty leaves it open, where there need be one.
        midi: where what is written as text goes as a ``.mid`` file too.
        plot: where the first file's music is drawn, ``.svg`` or ``.png``.
        wav: whether each file's music is made to sound as well, into a ``.wav`` file of the same name.
    """

    output: Path
    outputs: int = 1
    join: bool = False
    key: str = ""
    meter: str = ""
    midi: Path | None = None
    plot: Path | None = None
    wav: bool = False

    @property
    def is_text(self) -> bool:
        return self.output.suffix.lower() == TEXT

    @property
    def files(self) -> int:
        return 1 if self.join else self.outputs


@dataclass(frozen=True, slots=True)
class Score:
    """A piece: what is played, from second 0 on, and its text where it was written as one."""

    commands: Sequence[Command]
    text: str = ""


def compose(config: Config, order: Order) -> list[Path]:
    """Write pieces, and return the paths of their files.

    The seed of the first is ``play.seed``, the next ones count on.

    Raises:
        ConfigurationError: a name ends wrongly, there is no such key, or the engine does not do what is
            asked for.
        MidiFileError: a file cannot be written.
        ModelError: the model is missing or damaged.
        AntiphonError: nothing can be drawn, or made to sound.
    """
    check_the_names(order)
    synthesizer = find_synthesizer() if order.wav else None
    key = key_asked(order.key, config.settings)
    maker, first_seed = maker_of(config), seed_of(config)
    log_book.tell_mood(config.play.mood)
    pieces = [
        _piece(maker, config, order, key or key_drawn(config.settings, seed), seed)
        for seed in range(first_seed, first_seed + order.outputs)
    ]
    scores = [joined(pieces)] if order.join else pieces
    paths: list[Path] = []
    for number, score in enumerate(scores):
        paths += _write(score, order, number, synthesizer)
    if order.plot is not None:
        from antiphon.adapters.rolls.picture import plot

        plot(order.plot, [], notes_played(scores[0].commands))
    tell_seed(config, first_seed)
    return paths


def check_the_names(order: Order) -> None:
    """Refuse what cannot be written or drawn, before the work."""
    if order.output.suffix.lower() not in (*SUFFIXES, TEXT):
        raise ConfigurationError(
            f"a piece is a MIDI file or an ABC tune; name {order.output} so that it ends in .mid or {TEXT}"
        )
    if order.midi is not None and not order.is_text:
        raise ConfigurationError(f"--midi goes with an {TEXT} file; {order.output} is a MIDI file already")
    if order.midi is not None and order.midi.suffix.lower() not in SUFFIXES:
        raise ConfigurationError(f"--midi is a MIDI file; name {order.midi} so that it ends in .mid")
    if order.meter and not order.is_text:
        raise ConfigurationError(f"--meter goes with an {TEXT} file; {order.output} has none")
    for number in range(order.files):
        for path in (order.output, order.midi):
            if path is not None:
                check_that_it_can_be_written(_named(path, number, order))
        if order.wav:
            check_that_it_can_sound(_named(order.output, number, order).with_suffix(".wav"))
    if order.plot is not None:
        check_that_it_can_be_drawn(order.plot)


def key_asked(text: str, settings: Settings) -> Key | None:
    """Return the key of an option such as ``D``; without a mode it is in that of the mood, or major.

    Raises:
        ConfigurationError: it is no key.
    """
    if not text:
        return key_named(settings.guide.key)
    key = key_like(text, mode_wanted(settings) or "major")
    if key is None:
        raise ConfigurationError(f'--key "{text[:40]}" is no key; name one such as D, F#m or Bb major')
    return key


def key_drawn(settings: Settings, seed: int) -> Key | None:
    """Return some key where the mood or the lock needs one, for nothing was heard that had one; else None."""
    mode = mode_wanted(settings)
    if mode is None and not settings.guide.lock:
        return None
    dice = random.Random(seed)
    return Key(dice.randrange(12), is_minor=(mode or dice.choice(("major", "minor"))) == "minor")


def _piece(maker: Maker, config: Config, order: Order, key: Key | None, seed: int) -> Score:
    if order.is_text and maker.write is not None:
        tune = maker.write(seed, Form("" if key is None else key.name, order.meter))
        return Score(commands_of(tune.notes), tune.text)
    commands = from_zero([*improvised(maker.make(seed), in_key(config.settings, key))])
    return Score(commands, _written_down(notes_played(commands), key, order) if order.is_text else "")


def _written_down(notes: Sequence[Note], key: Key | None, order: Order) -> str:
    """Return the top line on the beat of a meter; where none is asked for, every chord in free meter."""
    if not order.meter:
        return engraved(notes, key=key)
    from antiphon.adapters.engines.tunes.composing import as_abc

    return as_abc(notes, "" if key is None else key.name, order.meter, "antiphon")


def in_key(settings: Settings, key: Key | None) -> Settings:
    """Return settings that ask for a key; where there is none, as they are."""
    if key is None:
        return settings
    return replace(settings, guide=replace(settings.guide, key=key.name))


def improvised(engine: Engine, settings: Settings) -> list[Command]:
    """Return what is played where nobody has played before, until its end."""
    length = settings.play.seconds or LENGTH
    improviser = Improviser(engine, in_mode(settings, "listen"), now=0.0)
    begin = [TimedEvent(0.0, Triggered(seconds=length))]
    return [*takewhile(is_before_the_end, play_through(improviser, begin, until=length + PATIENCE_BEYOND))]


def commands_of(notes: Sequence[Note]) -> list[Command]:
    """Return what is sent to play notes."""
    commands: list[Command] = []
    for note in notes:
        commands += PlayNote(note.onset, note.pitch, note.velocity), ReleaseNote(note.release, note.pitch)
    return sorted(commands, key=lambda command: (command.due, place_in_order(command)))


def joined(scores: Sequence[Score]) -> Score:
    """Return pieces one after the other, with a pause between them, their texts numbered."""
    commands: list[Command] = []
    begins: Seconds = 0.0
    for score in scores:
        commands += moved(score.commands, begins)
        begins = max((command.due for command in commands), default=0.0) + PAUSE
    texts = [renumbered(score.text, number) for number, score in enumerate(scores, start=1)]
    return Score(commands, "\n".join(texts))


def renumbered(tune: str, number: int) -> str:
    """Return an ABC tune with another reference number, by which programs tell tunes of a file apart."""
    return re.sub(r"^X:.*$", f"X:{number}", tune, count=1, flags=re.MULTILINE)


def _write(score: Score, order: Order, number: int, synthesizer: Synthesizer | None) -> list[Path]:
    path, parts = _named(order.output, number, order), [part_played("antiphon", score.commands)]
    written = [path]
    if not order.is_text:
        write_performance(path, parts)
    else:
        write_text(path, score.text)
        if order.midi is not None:
            written.append(_named(order.midi, number, order))
            write_performance(written[-1], parts)
    if synthesizer is not None:
        written.append(path.with_suffix(".wav"))
        synthesizer.write(written[-1], parts)
    return written


def _named(path: Path, number: int, order: Order) -> Path:
    return path if order.files == 1 else numbered(path, number + 1)
