"""A session: everything that plays, opened in order and closed in reverse.

Whatever happens, what sounds is released, the ports are drained, the recording is finished, in that order.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from antiphon.adapters import garbage, log_book
from antiphon.adapters.almanac import Almanac
from antiphon.adapters.broadcast import Broadcast
from antiphon.adapters.check_up import CheckUp, Examine, unexamined
from antiphon.adapters.controls.hands_on import HandsOn
from antiphon.adapters.controls.ports import ControllerPorts
from antiphon.adapters.desk import Desk
from antiphon.adapters.engines.kinds import model_of
from antiphon.adapters.engines.opening import seed_of, tell_seed
from antiphon.adapters.engines.stage import Stage
from antiphon.adapters.files.phrase_book import PhraseBook
from antiphon.adapters.files.place import own_folder, place_for_recordings, tell_place
from antiphon.adapters.files.recorder import QUIET_ENDS_A_SESSION, Recorder
from antiphon.adapters.footing import real_time, tell_what_is_missing
from antiphon.adapters.midi.no_ports import NoPorts
from antiphon.adapters.midi.ports import MidiPorts
from antiphon.adapters.pacer import Pacer, clock
from antiphon.adapters.punctuality import Punctuality
from antiphon.config import Loaded
from antiphon.core.actuator import Actuator
from antiphon.core.events import Event
from antiphon.core.improviser import Improviser
from antiphon.core.transcript import Entry, Keep, TranscribedImproviser
from antiphon.core.units import Seconds
from antiphon.schema import Config, Record

Ports: TypeAlias = MidiPorts | NoPorts

ALONE: Seconds = QUIET_ENDS_A_SESSION - 10.0
"""Seconds without music after which the improviser begins anew, and with it the log: a little before the
recorder would end the session by itself.
"""

LONGEST: Seconds = 3600.0
"""Seconds after which it does so as soon as nobody is there."""


@dataclass(frozen=True, slots=True)
class Session:
    """What has been opened, as far as others need it."""

    desk: Desk
    ports: Ports
    improviser: Improviser
    almanac: Almanac


@contextmanager
def session(
    loaded: Loaded,
    load: Callable[[], Loaded],
    broadcast: Broadcast,
    needs_midi: bool = True,
    examine: Examine = unexamined,
) -> Iterator[Session]:
    """Open everything that plays on the running loop.

    Args:
        loaded: the configuration.
        load: reads it anew, when that is asked for.
        broadcast: where everything that happens is told.
        needs_midi: whether nobody could hear or play anything where MIDI is switched off.
        examine: looks at the machine when that is asked for.

    Raises:
        AntiphonError: a port, the model or the recording folder is not as the configuration says.
    """
    config, punctuality = loaded.config, Punctuality()
    log: Keep = kept_by_nobody

    def deliver(event: Event, at: Seconds) -> None:
        # Ports and a slow engine bring events to the pacer, which can only be made of them.
        pacer.receive(event, at)

    with ExitStack() as opened:
        broadcast.listen(punctuality.take_down)
        broadcast.listen(log_book.write)
        if config.record.enabled:
            recorder = open_recorder(config.record)
            opened.callback(recorder.close)
            broadcast.listen(recorder.keep)
            log = recorder.log
        opened.callback(lambda: log_book.write_punctuality(punctuality.delays()))
        phrases = PhraseBook.read(Path(config.trigger.folder or own_folder(os.environ) / "phrases"))
        seed = seed_of(config)
        stage = opened.enter_context(closing(Stage(config, seed, clock, deliver)))
        improviser = TranscribedImproviser(
            stage.engine, config.settings, clock(), seed, log, lambda: stage.identity, ALONE, LONGEST
        )
        # Before the ports, so that rtmidi's thread, which hears the keyboard, stands there as well.
        footing = opened.enter_context(real_time(config.system.priority))
        is_without = config.midi.api == "none" and not needs_midi
        hands_on = opened.enter_context(closing(HandsOn(config.controls, config.midi.in_channel, clock)))
        take = hands_on.take
        ports = NoPorts() if is_without else MidiPorts(config.midi, clock, deliver, broadcast.tell, take)
        opened.callback(ports.close)
        opened.callback(ports.drain)
        pacer = Pacer(improviser, ports.send, broadcast.tell, Actuator(config.actuator))
        opened.callback(release_all, pacer, ports)
        opened.enter_context(garbage.set_aside())
        log_book.tell_what_plays(stage.plays.engine.kind, model_of(stage.plays))
        tell_seed(config, seed)
        log_book.tell_mood(config.play.mood)
        tell_what_is_missing(footing)
        check_up = CheckUp(examine, footing, broadcast.tell)
        controls = None if is_without else hands_on
        desk = Desk(
            loaded,
            load,
            broadcast,
            improviser,
            pacer,
            ports,
            stage,
            punctuality,
            phrases,
            check_up,
            controls=controls,
        )
        if controls is not None:
            opened.enter_context(closing(open_controller(controls, desk, config)))
        yield Session(desk, ports, improviser, Almanac(lambda told: pacer.receive(told, clock())))


def kept_by_nobody(entry: Entry) -> None:
    """Keep nothing, where nothing is recorded."""


def open_recorder(record: Record) -> Recorder:
    place = place_for_recordings(record, os.environ)
    tell_place(place)
    return Recorder(place.folder, place.megabytes, datetime.now)


def open_controller(hands_on: HandsOn, desk: Desk, config: Config) -> ControllerPorts:
    """Let bound controls ask the desk, those of a box of knobs too, and its lights show what holds."""
    ports = ControllerPorts(config.controls, config.midi.api, clock, hands_on.take, hands_on.show_again)
    hands_on.serve(desk, ports.send if config.controls.feedback else None)
    return ports


def release_all(pacer: Pacer, ports: Ports) -> None:
    """Release what sounds; should the improviser itself be what failed, silence the whole channel."""
    try:
        pacer.close()
    except BaseException:
        ports.silence()
        raise
