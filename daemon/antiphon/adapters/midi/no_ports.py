"""No ports at all, for a daemon that is triggered, and watched, through other doors than MIDI."""

from antiphon.adapters.midi.connection import Direction
from antiphon.core.commands import Music


class NoPorts:
    """What :class:`antiphon.adapters.midi.ports.MidiPorts` does, where there is nothing to do it with."""

    input_name = ""
    output_name = ""
    lost: frozenset[Direction] = frozenset()

    def send(self, command: Music) -> None:
        """Play it on nothing; who listens to the broadcast is told all the same."""

    def tend(self) -> None:
        """Nothing can vanish."""

    def silence(self) -> None:
        """Nothing sounds."""

    def drain(self) -> None:
        """Nothing is on its way."""

    def close(self) -> None:
        """Nothing is open."""
