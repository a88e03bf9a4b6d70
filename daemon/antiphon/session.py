"""A session: everything that plays, opened in order and closed in reverse.

Whatever happens, what sounds is released, the ports are drained, the recordings are finished, in that order.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from antiphon.adapters import garbage
from antiphon.adapters.broadcast import Broadcast
from antiphon.adapters.check_up import CheckUp, Examine, unexamined
from antiphon.adapters.controls.hands_on import HandsOn
from antiphon.adapters.controls.ports import ControllerPorts
from antiphon.adapters.desk import Desk
from antiphon.adapters.files.phrase_book import PhraseBook
from antiphon.adapters.files.place import own_folder
from antiphon.adapters.footing import Footing, real_time, tell_what_is_missing
from antiphon.adapters.midi.hand_off import Take
from antiphon.adapters.midi.instruments import Instruments
from antiphon.adapters.midi.no_ports import NoPorts
from antiphon.adapters.pacer import Pacer, clock
from antiphon.config import Loaded
from antiphon.core.units import Seconds
from antiphon.log import on_behalf_of
from antiphon.partner import Partner, Ports, Prepared, open_ports, prepare, release_all, seat
from antiphon.settings import Config


@dataclass(frozen=True, slots=True)
class Session:
    """What has been opened: the main partner first, then those of ``[partner.NAME]``."""

    partners: tuple[Partner, ...]

    @property
    def desk(self) -> Desk:
        """The main partner's, which leads the others."""
        return self.partners[0].desk

    def is_at_rest(self, now: Seconds) -> bool:
        """Whether nobody plays, nothing sounds, and nothing will by itself for a while."""
        return all(partner.improviser.is_at_rest(now) for partner in self.partners)


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
        broadcast: where everything that happens to the main partner is told.
        needs_midi: whether nobody could hear or play anything where MIDI is switched off.
        examine: looks at the machine when that is asked for.

    Raises:
        AntiphonError: a port, a model or the recording folder is not as the configuration says.
    """
    config = loaded.config
    with ExitStack() as opened:
        phrases = PhraseBook.read(Path(config.trigger.folder or own_folder(os.environ) / "phrases"))
        prepared = prepare_all(loaded, load, broadcast, opened)
        # Before the ports, so that the thread which hears the keyboard stands there as well.
        footing = opened.enter_context(real_time(config.system.priority))
        hands_on = opened.enter_context(closing(HandsOn(config.controls, config.midi.in_channel, clock)))
        takes = [hands_on.take, *(beside(hands_on, loaded, each.loaded) for each in prepared[1:])]
        opened_ports = open_all_ports(prepared, takes, needs_midi, opened)
        opened.enter_context(garbage.set_aside())
        controls = None if isinstance(opened_ports[0][0], NoPorts) else hands_on
        partners = seat_all(prepared, opened_ports, phrases, footing, examine, controls)
        tell_what_is_missing(footing)
        if controls is not None:
            opened.enter_context(closing(open_controller(controls, partners[0].desk, config)))
        for ports, pacer in opened_ports:
            # All of them, before the first waits for its port to be drained.
            opened.callback(release_all, pacer, ports)
        yield Session(tuple(partners))


def prepare_all(
    loaded: Loaded, load: Callable[[], Loaded], broadcast: Broadcast, opened: ExitStack
) -> list[Prepared]:
    prepared = [prepare(loaded, load, broadcast, opened)]
    for name, each in loaded.partners.items():
        with on_behalf_of(name):
            prepared.append(prepare(each, its_own(load, each), Broadcast(), opened))
    return prepared


def its_own(load: Callable[[], Loaded], partner: Loaded) -> Callable[[], Loaded]:
    """Return what reads a partner's settings anew; where they are gone it plays on by those it had."""
    return lambda: load().partners.get(partner.partner, partner)


def beside(hands_on: HandsOn, main: Loaded, partner: Loaded) -> Take:
    """Return what a partner does not hear as music: what is bound on the keyboard that it shares."""
    shares_it = partner.config.midi.in_ == main.config.midi.in_
    return hands_on.beside() if shares_it else lambda message: False


def open_all_ports(
    prepared: list[Prepared], takes: list[Take], needs_midi: bool, opened: ExitStack
) -> list[tuple[Ports, Pacer]]:
    instruments, opened_ports = Instruments(), []
    for each, take in zip(prepared, takes, strict=True):
        with on_behalf_of(each.loaded.partner):
            opened_ports.append(open_ports(each, needs_midi, take, instruments, opened))
    return opened_ports


def seat_all(
    prepared: list[Prepared],
    opened_ports: list[tuple[Ports, Pacer]],
    phrases: PhraseBook,
    footing: Footing,
    examine: Examine,
    controls: HandsOn | None,
) -> list[Partner]:
    """Let all be steered from now on, the others as the main one leads them."""
    partners: list[Partner] = []
    for each, (ports, pacer) in zip(prepared, opened_ports, strict=True):
        check_up = CheckUp(examine, footing, each.broadcast.tell)
        with on_behalf_of(each.loaded.partner):
            partners.append(seat(each, ports, pacer, phrases, check_up, None if partners else controls))
    main, *others = partners
    for other in others:
        main.desk.lead(other.name, other.desk)
    return partners


def open_controller(hands_on: HandsOn, desk: Desk, config: Config) -> ControllerPorts:
    """Let bound controls ask the desk, those of a box of knobs too, and its lights show what holds."""
    ports = ControllerPorts(config.controls, config.midi.api, clock, hands_on.take, hands_on.show_again)
    hands_on.serve(desk, ports.send if config.controls.feedback else None)
    return ports
