"""The desk: where a daemon that plays is steered and looked at, whichever door somebody comes by.

A door turns what it receives into requests, and what it is told into whatever it speaks. It needs nothing
else of the daemon than this.
"""

from collections.abc import Callable
from typing import Protocol, assert_never

from antiphon.adapters.broadcast import Broadcast, SettingsFollowed
from antiphon.adapters.midi.connection import Direction
from antiphon.adapters.pacer import Pacer, clock
from antiphon.adapters.punctuality import Punctuality
from antiphon.adapters.state import State
from antiphon.config import Loaded, changed
from antiphon.core.events import SettingsChanged, Silenced, Triggered
from antiphon.core.improviser import Improviser
from antiphon.requests import Change, Panic, Reload, Request, Trigger
from antiphon.schema import Config, schema, values_of


class Ports(Protocol):
    """What is shown of the ports."""

    @property
    def input_name(self) -> str: ...
    @property
    def output_name(self) -> str: ...
    @property
    def lost(self) -> frozenset[Direction]: ...


class Desk:
    """Everything is called on the thread of the loop.

    Args:
        loaded: the configuration that it was started with.
        load: reads the configuration anew.
        broadcast: where everything that happens is told.
    """

    def __init__(
        self,
        loaded: Loaded,
        load: Callable[[], Loaded],
        broadcast: Broadcast,
        improviser: Improviser,
        pacer: Pacer,
        ports: Ports,
        punctuality: Punctuality,
    ) -> None:
        self.broadcast = broadcast
        self._at_the_start = loaded.config
        self._loaded = loaded
        self._load = load
        self._improviser = improviser
        self._pacer = pacer
        self._ports = ports
        self._punctuality = punctuality

    @property
    def loaded(self) -> Loaded:
        """The configuration that holds now."""
        return self._loaded

    def carry_out(self, request: Request, source: str) -> None:
        """Do what is asked for, at once and in full, or not at all.

        Args:
            request: what is to be done.
            source: who asks for it, in words, such as "MQTT".

        Raises:
            ConfigurationError: it asks for settings that cannot be followed; a sentence for each.
        """
        match request:
            case Trigger():
                self._pacer.receive(Triggered(), clock())
            case Panic():
                self._pacer.receive(Silenced(), clock())
            case Change(settings):
                self._follow(changed(self._loaded, settings, source), source)
            case Reload():
                self._follow(self._load(), source)
            case _:
                assert_never(request)

    def state(self) -> State:
        """Return what it is doing now."""
        model, now = self._at_the_start.model, clock()
        return State(
            mode=self._loaded.config.play.mode,
            engine=self._at_the_start.engine.kind,
            model=model.file or model.name,
            input=self._ports.input_name,
            output=self._ports.output_name,
            lost=tuple(sorted(self._ports.lost)),
            player_active=self._improviser.player_is_active(now),
            pedal_withholds=self._improviser.is_withheld_by_pedal(now),
            answering=self._improviser.is_answering,
            sounding=tuple(sorted(self._improviser.sounding)),
            delays=self._punctuality.delays(),
        )

    def _follow(self, loaded: Loaded, source: str) -> None:
        changes = differences(self._loaded.config, loaded.config)
        self._loaded = loaded
        self._pacer.receive(SettingsChanged(loaded.config.settings), clock())
        unlike_the_start = differences(self._at_the_start, loaded.config)
        waiting = tuple(name for name in changes if name in unlike_the_start and not schema()[name].live)
        self.broadcast.tell(SettingsFollowed(changes, waiting, source))


def differences(before: Config, after: Config) -> dict[str, object]:
    """Return what differs in the second, by its full name, such as ``play.temperature``."""
    former = values_of(before)
    return {name: value for name, value in values_of(after).items() if value != former[name]}
