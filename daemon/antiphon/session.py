"""A session: everything that plays, opened in order and closed in reverse.

Whatever happens, what sounds is released, the ports are drained, the recording is finished, in that order.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from antiphon.adapters import garbage
from antiphon.adapters.broadcast import Broadcast
from antiphon.adapters.check_up import CheckUp, Examine, unexamined
from antiphon.adapters.controls.hands_on import HandsOn
from antiphon.adapters.controls.ports import ControllerPorts
from antiphon.adapters.desk import Desk
from antiphon.adapters.files.phrase_book import PhraseBook
from antiphon.adapters.files.place import own_folder
from antiphon.adapters.footing import real_time, tell_what_is_missing
from antiphon.adapters.midi.no_ports import NoPorts
from antiphon.adapters.pacer import clock
from antiphon.config import Loaded
from antiphon.partner import Partner, open_ports, prepare, seat
from antiphon.schema import Config


@contextmanager
def session(
    loaded: Loaded,
    load: Callable[[], Loaded],
    broadcast: Broadcast,
    needs_midi: bool = True,
    examine: Examine = unexamined,
) -> Iterator[Partner]:
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
    config = loaded.config
    with ExitStack() as opened:
        phrases = PhraseBook.read(Path(config.trigger.folder or own_folder(os.environ) / "phrases"))
        prepared = prepare(loaded, load, broadcast, opened)
        # Before the ports, so that rtmidi's thread, which hears the keyboard, stands there as well.
        footing = opened.enter_context(real_time(config.system.priority))
        hands_on = opened.enter_context(closing(HandsOn(config.controls, config.midi.in_channel, clock)))
        ports, pacer = open_ports(prepared, needs_midi, hands_on.take, opened)
        opened.enter_context(garbage.set_aside())
        controls = None if isinstance(ports, NoPorts) else hands_on
        check_up = CheckUp(examine, footing, broadcast.tell)
        partner = seat(prepared, ports, pacer, phrases, check_up, controls)
        tell_what_is_missing(footing)
        if controls is not None:
            opened.enter_context(closing(open_controller(controls, partner.desk, config)))
        yield partner


def open_controller(hands_on: HandsOn, desk: Desk, config: Config) -> ControllerPorts:
    """Let bound controls ask the desk, those of a box of knobs too, and its lights show what holds."""
    ports = ControllerPorts(config.controls, config.midi.api, clock, hands_on.take, hands_on.show_again)
    hands_on.serve(desk, ports.send if config.controls.feedback else None)
    return ports
