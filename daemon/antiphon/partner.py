"""A partner: all that stands between one input and one output, opened in order and closed in reverse.

It is opened in two steps. What takes long comes first: its engine, and who keeps what it plays. Then, on the
footing that is granted, it takes its seat: ports, pacer, desk. What several partners share it is given.
"""

import os
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias

from antiphon.adapters import log_book
from antiphon.adapters.almanac import Almanac
from antiphon.adapters.broadcast import Broadcast, News
from antiphon.adapters.check_up import CheckUp
from antiphon.adapters.desk import Controls, Desk
from antiphon.adapters.engines.kinds import model_of
from antiphon.adapters.engines.opening import seed_of, tell_seed
from antiphon.adapters.engines.stage import Stage
from antiphon.adapters.files.phrase_book import PhraseBook
from antiphon.adapters.files.place import place_for_recordings, tell_place
from antiphon.adapters.files.recorder import QUIET_ENDS_A_SESSION, Recorder
from antiphon.adapters.midi.hand_off import Take
from antiphon.adapters.midi.instruments import Instruments
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
from antiphon.log import on_behalf_of
from antiphon.settings import Record

Ports: TypeAlias = MidiPorts | NoPorts

ALONE: Seconds = QUIET_ENDS_A_SESSION - 10.0
"""Seconds without music after which the improviser begins anew, and with it the log: a little before the
recorder would end the session by itself.
"""

LONGEST: Seconds = 3600.0
"""Seconds after which it does so as soon as nobody is there."""


class Delivery:
    """Takes events to a pacer: ports and a slow engine bring them, of which that can only be made."""

    def __init__(self) -> None:
        self._pacer: Pacer | None = None

    def go_to(self, pacer: Pacer) -> None:
        """Bring everything to this pacer from now on."""
        self._pacer = pacer

    def __call__(self, event: Event, at: Seconds) -> None:
        assert self._pacer is not None
        self._pacer.receive(event, at)


@dataclass(frozen=True, slots=True)
class Partner:
    """What has been opened, as far as others need it."""

    name: str
    desk: Desk
    ports: Ports
    improviser: Improviser
    almanac: Almanac


@dataclass(frozen=True, slots=True)
class Prepared:
    """A partner that has not taken its seat yet."""

    loaded: Loaded
    load: Callable[[], Loaded]
    broadcast: Broadcast
    punctuality: Punctuality
    seed: int
    stage: Stage
    improviser: Improviser
    deliver: Delivery


def prepare(loaded: Loaded, load: Callable[[], Loaded], broadcast: Broadcast, opened: ExitStack) -> Prepared:
    """Open what a partner plays with, and have kept what it plays.

    Args:
        loaded: the configuration.
        load: reads it anew, when that is asked for.
        broadcast: where everything that happens is told.
        opened: closes it all.

    Raises:
        AntiphonError: the model or the recording folder is not as the configuration says.
    """
    config, punctuality = loaded.config, Punctuality()
    log: Keep = kept_by_nobody
    broadcast.listen(punctuality.take_down)
    broadcast.listen(partial(write_on_behalf_of, loaded.partner))
    if config.record.enabled:
        recorder = open_recorder(config.record, loaded.partner)
        opened.callback(recorder.close)
        broadcast.listen(recorder.keep)
        log = recorder.log
    opened.callback(write_punctuality, loaded.partner, punctuality)
    deliver, seed = Delivery(), seed_of(config)
    stage = opened.enter_context(closing(Stage(config, seed, clock, deliver)))
    improviser = TranscribedImproviser(
        stage.engine, config.settings, clock(), seed, log, lambda: stage.identity, ALONE, LONGEST
    )
    return Prepared(loaded, load, broadcast, punctuality, seed, stage, improviser, deliver)


def open_ports(
    prepared: Prepared, needs_midi: bool, take: Take, instruments: Instruments, opened: ExitStack
) -> tuple[Ports, Pacer]:
    """Open what a partner is heard and plays by; at the end what sounds is released.

    Args:
        prepared: the partner.
        needs_midi: whether nobody could hear or play anything where MIDI is switched off.
        take: shown each message that comes in, before it is heard as music.
        instruments: those that the partners of this daemon play.
        opened: closes it all.

    Raises:
        PortError: a port is not as the configuration says.
    """
    midi, name = prepared.loaded.config.midi, prepared.loaded.partner
    deliver, tell = prepared.deliver, prepared.broadcast.tell
    is_without = midi.api == "none" and not needs_midi
    ports = NoPorts() if is_without else MidiPorts(midi, clock, deliver, tell, take, name, instruments)
    opened.callback(ports.close)
    opened.callback(ports.drain)
    pacer = Pacer(prepared.improviser, ports.send, tell, Actuator(prepared.loaded.config.actuator))
    deliver.go_to(pacer)
    opened.callback(release_all, pacer, ports)
    return ports, pacer


def seat(
    prepared: Prepared,
    ports: Ports,
    pacer: Pacer,
    phrases: PhraseBook,
    check_up: CheckUp,
    controls: Controls | None,
) -> Partner:
    """Let a partner be steered from now on, and say what plays.

    Args:
        prepared: the partner.
        ports: what it is heard and plays by.
        pacer: runs it.
        phrases: what a trigger may name.
        check_up: has the machine looked at.
        controls: what learns; None where there is no MIDI that one could be moved on.
    """
    loaded, stage = prepared.loaded, prepared.stage
    log_book.tell_what_plays(stage.plays.engine.kind, model_of(stage.plays))
    tell_seed(loaded.config, prepared.seed)
    log_book.tell_mood(loaded.config.play.mood)
    desk = Desk(
        loaded,
        prepared.load,
        prepared.broadcast,
        prepared.improviser,
        pacer,
        ports,
        stage,
        prepared.punctuality,
        phrases,
        check_up,
        controls=controls,
    )
    almanac = Almanac(lambda told: pacer.receive(told, clock()))
    return Partner(loaded.partner, desk, ports, prepared.improviser, almanac)


def kept_by_nobody(entry: Entry) -> None:
    """Keep nothing, where nothing is recorded."""


def open_recorder(record: Record, partner: str) -> Recorder:
    place = place_for_recordings(record, os.environ)
    if not partner:
        tell_place(place)
    return Recorder(place.folder, place.megabytes, datetime.now, partner=partner)


def write_on_behalf_of(partner: str, news: News) -> None:
    """Log what a partner does, whoever has asked for it."""
    with on_behalf_of(partner):
        log_book.write(news)


def write_punctuality(partner: str, punctuality: Punctuality) -> None:
    with on_behalf_of(partner):
        log_book.write_punctuality(punctuality.delays())


def release_all(pacer: Pacer, ports: Ports) -> None:
    """Release what sounds; should the improviser itself be what failed, silence the whole channel."""
    try:
        pacer.close()
    except BaseException:
        ports.silence()
        raise
