"""The embedded demonstration: a shipped phrase is played to the improviser in real time, and it answers.

The phrase takes the way that a keyboard's notes take, through the same pacer; only the ports are missing.
"""

import asyncio
import importlib.resources
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from antiphon import screen
from antiphon.adapters import log_book
from antiphon.adapters.broadcast import News, Sent
from antiphon.adapters.engines.opening import seed_of, tell_seed
from antiphon.adapters.engines.stage import Stage
from antiphon.adapters.files.reading import read_performance
from antiphon.adapters.files.writing import part_heard, part_played, write_performance
from antiphon.adapters.pacer import Pacer, clock
from antiphon.adapters.rolls.terminal import draw
from antiphon.core.commands import Command, Music, Publish, TurnGivenBack
from antiphon.core.events import Event
from antiphon.core.improviser import Improviser
from antiphon.core.performance import Note, TimedEvent, moved, notes_heard, notes_played
from antiphon.core.settings import Settings
from antiphon.core.units import Seconds
from antiphon.settings import Config

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
    told = f"{reason}. So here is a demonstration: a phrase, and Antiphon's answer to it."
    print(screen.folded(told, sys.stdout), flush=True)
    phrase = shipped_phrase()
    heard, commands = asyncio.run(_play(config, phrase))
    write_performance(ANSWER, [part_heard("you", heard), part_played("antiphon", commands)])
    show(notes_heard(heard), notes_played(commands))
    print(f"Both parts are in {ANSWER}; play it with any MIDI player.")


def show(question: Sequence[Note], answer: Sequence[Note]) -> None:
    """Draw both parts as whatever standard output is can show it."""
    width, encoding = screen.width(sys.stdout), screen.encoding(sys.stdout)
    colour = screen.has_colours(sys.stdout, os.environ)
    print(draw(question, answer, width, colour, encoding))


def shipped_phrase() -> list[TimedEvent]:
    """Return the phrase that comes with the package."""
    with importlib.resources.as_file(importlib.resources.files("antiphon") / "demonstration.mid") as path:
        return read_performance(path)


def settings_that_answer(config: Config) -> Settings:
    """Return the settings to play with, which answer even where the daemon would only listen."""
    play = msgspec.structs.replace(config.play, mode="answer")
    return msgspec.structs.replace(config.settings, play=play)


def to_no_instrument(command: Music) -> None:
    """Play nothing aloud: there is nothing here to play it on."""


async def _play(config: Config, phrase: list[TimedEvent]) -> tuple[list[TimedEvent], list[Command]]:
    """Return what was heard and what was sent, in seconds since the beginning."""
    sent: list[Command] = []
    loop = asyncio.get_running_loop()
    is_over: asyncio.Future[None] = loop.create_future()
    loop.set_exception_handler(lambda _, context: _fail(is_over, context))

    def listen(news: News) -> None:
        log_book.write(news)
        if isinstance(news, Sent):
            sent.append(news.command)
            if _gives_back(news.command) and not is_over.done():
                is_over.set_result(None)

    def deliver(event: Event, at: Seconds) -> None:
        pacer.receive(event, at)

    seed = seed_of(config)
    with closing(Stage(config, seed, clock, deliver)) as stage:
        tell_seed(config, seed)
        improviser = Improviser(stage.engine, settings_that_answer(config), clock())
        pacer = Pacer(improviser, to_no_instrument, listen)
        start = clock() + BREATH
        heard = await _heard(phrase, start, pacer)
        await is_over
        pacer.close()
    return heard, moved(sent, -start)


async def _heard(phrase: list[TimedEvent], start: Seconds, pacer: Pacer) -> list[TimedEvent]:
    """Have a phrase played from a moment on; return when each event really came, counted from there."""
    heard: list[TimedEvent] = []
    for timed in phrase:
        await asyncio.sleep(start + timed.at - clock())
        now = clock()
        heard.append(TimedEvent(now - start, timed.event))
        pacer.receive(timed.event, now)
    return heard


def _gives_back(command: Command) -> bool:
    return isinstance(command, Publish) and isinstance(command.occurrence, TurnGivenBack)


def _fail(is_over: "asyncio.Future[None]", context: dict[str, Any]) -> None:
    # By itself asyncio would log it, and the end would be waited for in vain.
    error = context.get("exception")
    if not is_over.done():
        is_over.set_exception(error if isinstance(error, Exception) else RuntimeError(context["message"]))
