"""Learns a control without a daemon: listens at the ports that one would, and writes down what was moved."""

import queue
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from antiphon.adapters.controls.learning import PATIENCE, QUIET, Learnt, Lesson
from antiphon.adapters.controls.surface import Surface
from antiphon.adapters.midi.port_names import choose
from antiphon.adapters.midi.system import open_for
from antiphon.bindings import BINDINGS, bindings_of, without
from antiphon.config import Loaded, changed
from antiphon.core.units import Seconds
from antiphon.errors import ConfigurationError, RequestError
from antiphon.saving import save
from antiphon.settings import Config

SOURCE = "antiphon learn"

Messages = Callable[[Seconds], Sequence[int] | None]
"""Returns the next message that comes within so many seconds, None where none does."""


def learn(loaded: Loaded, target: str, listening: Callable[[], None], patience: Seconds = PATIENCE) -> Learnt:
    """Wait until somebody moves a control, and keep that it does something.

    Args:
        target: what it is to do, such as ``play.temperature``.
        listening: called when the ports are open.

    Raises:
        ConfigurationError: there is no such thing to do, or no file to keep it in.
        PortError: a port is not there.
        RequestError: nothing was moved.
    """
    lesson = Lesson(target)
    path_of(loaded)
    with heard_at(loaded.config) as messages:
        listening()
        taught(lesson, messages, loaded.config, patience)
    if lesson.learnt is None:
        raise RequestError(
            f"nothing was moved within {patience:.0f} s that could be {lesson.target}; "
            "try again, and see with `antiphon ports` what is heard"
        )
    table = without(loaded.config.controls.bindings, lesson.target)
    table[str(lesson.learnt.source)] = lesson.learnt.target
    save(changed(loaded, {BINDINGS: table}, SOURCE))
    return lesson.learnt


def unlearn(loaded: Loaded, target: str) -> list[str]:
    """Free the controls that do something, and return which they were.

    Raises:
        ConfigurationError: there is no such thing to do, or no file to keep that in.
        RequestError: no control does it.
    """
    table = loaded.config.controls.bindings
    left = without(table, target)
    if left == table:
        raise RequestError(f"no control is bound to {target}; `antiphon config` shows which are to what")
    save(changed(loaded, {BINDINGS: left}, SOURCE))
    return [source for source in table if source not in left]


def path_of(loaded: Loaded) -> Path:
    """Return where it will be kept.

    Raises:
        ConfigurationError: nowhere.
    """
    if loaded.own_file is None:
        raise ConfigurationError("there is no file to keep controls in; name one with --config")
    return loaded.own_file


def taught(lesson: Lesson, messages: Messages, config: Config, patience: Seconds) -> None:
    """Give a lesson: until it is clear what is meant, or nothing was moved for too long."""
    surface = Surface(bindings_of(config.controls.bindings), config.midi.in_channel)
    give_up_at = time.monotonic() + patience
    while lesson.learnt is None and (left := give_up_at - time.monotonic()) > 0:
        message = messages(QUIET if lesson.has_begun else left)
        if message is None:
            lesson.conclude()
        elif surface.hear(message) is None:
            lesson.hear(message)


@contextmanager
def heard_at(config: Config) -> Iterator[Messages]:
    """Open the ports that a daemon hears, as long as the context lasts.

    Raises:
        PortError: one is not there, or there is no MIDI system.
    """
    heard: queue.SimpleQueue[Sequence[int]] = queue.SimpleQueue()
    with ExitStack() as opened:
        for pattern in filter(None, (config.midi.in_, config.controls.in_)):
            cables = open_for(pattern, config.midi.api, on_trouble=lambda: None)
            opened.callback(cables.close)
            connection = cables.plug("in", choose(pattern, cables.names("in"), "in"))
            opened.callback(cables.unplug_input, connection)
            cables.hear(connection, lambda message, _: heard.put(message))

        def next_one(within: Seconds) -> Sequence[int] | None:
            try:
                return heard.get(timeout=within)
            except queue.Empty:
                return None

        yield next_one
