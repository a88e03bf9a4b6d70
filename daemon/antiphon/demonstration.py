"""The embedded demonstration: a shipped phrase is played to the improviser in real time, and it answers.

The phrase takes the way that a keyboard's notes take, through the same pacer; only the ports are missing.
"""

import asyncio
import importlib.resources
import shutil
import sys
from pathlib import Path

from antiphon.adapters import log_book
from antiphon.adapters.engines import open_engine
from antiphon.adapters.midi_files import part_heard, part_played, read_performance, write_performance
from antiphon.adapters.pacer import Pacer, clock
from antiphon.adapters.terminal_roll import draw
from antiphon.core.commands import Command, Publish, TurnGivenBack
from antiphon.core.improviser import Improviser
from antiphon.core.performance import TimedEvent, moved, notes_heard, notes_played
from antiphon.schema import Config

ANSWER = Path("antiphon-demonstration.mid")
"""Written where the demonstration is started."""

BREATH = 0.2
"""Seconds before the phrase begins."""


def demonstrate(config: Config, reason: str) -> None:
    """Play the demonstration, write it to a file and draw it.

    Args:
        config: the settings to play with.
        reason: why there is no MIDI to play with.

    Raises:
        ModelError: the model is missing or damaged.
        MidiFileError: the file cannot be written here.
    """
    print(f"{reason}. So here is a demonstration: a phrase, and Antiphon's answer to it.", flush=True)
    phrase = shipped_phrase()
    heard, commands = asyncio.run(_play(config, phrase))
    write_performance(ANSWER, [part_heard("you", heard), part_played("antiphon", commands)])
    is_terminal = sys.stdout.isatty()
    width = min(shutil.get_terminal_size().columns, 100) if is_terminal else 80
    encoding = sys.stdout.encoding or "ascii"
    print(draw(notes_heard(heard), notes_played(commands), width, colour=is_terminal, encoding=encoding))
    print(f"Both parts are in {ANSWER}; play it with any MIDI player.")


def shipped_phrase() -> list[TimedEvent]:
    """Return the phrase that comes with the package."""
    with importlib.resources.as_file(importlib.resources.files("antiphon") / "demonstration.mid") as path:
        return read_performance(path)


async def _play(config: Config, phrase: list[TimedEvent]) -> tuple[list[TimedEvent], list[Command]]:
    """Return what was heard and what was sent, in seconds since the beginning."""
    heard: list[TimedEvent] = []
    sent: list[Command] = []
    is_over = asyncio.Event()

    def send(command: Command) -> None:
        sent.append(command)
        if isinstance(command, Publish):
            log_book.write(command.occurrence)
            if isinstance(command.occurrence, TurnGivenBack):
                is_over.set()

    pacer = Pacer(Improviser(open_engine(config), config.settings, clock()), send)
    start = clock() + BREATH
    for timed in phrase:
        await asyncio.sleep(start + timed.at - clock())
        now = clock()
        heard.append(TimedEvent(now - start, timed.event))
        pacer.receive(timed.event, now)
    await is_over.wait()
    pacer.close()
    return heard, moved(sent, -start)
