"""What the player does with bound controls: messages in, gestures out. It reads no clock.

A message that is bound is nobody else's. What was begun is ended where it was begun: a key or a pedal that
went down as music comes up as music, and one that went down as a control comes up as that, whatever it was
bound to in between; so no note hangs, and nothing is held for ever.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from msgspec import Struct

from antiphon.adapters.midi.wire import event_of
from antiphon.bindings import Binding, Form, Kind
from antiphon.core.events import ControlMoved, KeyPressed, KeyReleased, OtherMessage

PROGRAM_CHANGE = 0xC0

DOWN = 64
"""From this value on a pedal or a button is down (MIDI 1.0)."""

PEDALS = range(64, 70)
"""Controllers that are pedals: sustain, portamento, sostenuto, soft, legato, hold 2 (MIDI 1.0)."""

FINER_HALF = 32
"""How far above a controller its finer half is (MIDI 1.0)."""

COARSE = 128
FINE = COARSE * COARSE
"""How many places a controller can stand at, alone and in a pair."""


class Turned(Struct, frozen=True):
    """A control stands at a position, from 0 to 1."""

    binding: Binding
    position: float


class Nudged(Struct, frozen=True):
    """An encoder was turned by so many clicks, to the left where they are negative."""

    binding: Binding
    clicks: int


class Pressed(Struct, frozen=True):
    """A button, a pedal or a key is down."""

    binding: Binding


class Released(Struct, frozen=True):
    """It is up again."""

    binding: Binding


Gesture: TypeAlias = Turned | Nudged | Pressed | Released

Control: TypeAlias = tuple[Kind, int, int]
"""What a message comes from: kind, number, channel from 1 on."""


class Surface:
    """All controls of one player.

    Args:
        bindings: what they do.
        channel: 1 to 16, or 0 to hear every channel; a binding that names one is heard there all the same.
    """

    def __init__(self, bindings: Iterable[Binding], channel: int) -> None:
        self._channel = channel
        self._bound: dict[Control, Binding] = {}
        self._finer: dict[Control, Binding] = {}
        self._coarse: dict[Control, int] = {}
        self._down: dict[Control, Binding | None] = {}
        self._of_the_music: set[Control] = set()
        self.follow(bindings)

    def follow(self, bindings: Iterable[Binding]) -> None:
        """Go by other bindings from now on; what is down is let go as it was begun."""
        self._bound.clear()
        self._finer.clear()
        for binding in bindings:
            source = binding.source
            self._bound[source.kind, source.number, source.channel] = binding
            if source.form == "14bit":
                self._finer[source.kind, source.number + FINER_HALF, source.channel] = binding

    def hear(self, message: Sequence[int]) -> list[Gesture] | None:
        """Return what a message amounts to, if it is one of ours; None where it is the music's.

        Args:
            message: status and data bytes as rtmidi hands them over.
        """
        control, value = control_of(message)
        if control is None:
            return None
        kind, number, channel = control
        match kind:
            case "note" if value:
                return self._press(control)
            case "note":
                return self._release(control)
            case "program":
                binding = self._binding(control, self._bound)
                return None if binding is None else [Pressed(binding), Released(binding)]
        finer = self._binding(control, self._finer)
        if finer is not None:
            return self._refine(("cc", number - FINER_HALF, channel), finer, value)
        return self._move(control, value)

    def swallow(self, message: Sequence[int]) -> None:
        """Keep from the music how a message ends which it has not heard begin, such as a key's release."""
        control, value = control_of(message)
        if control is not None and (value >= DOWN if control[0] == "cc" else control[0] == "note" and value):
            self._down[control] = None

    def let_go(self) -> list[Gesture]:
        """Count everything as up: nobody knows any more what is down."""
        released: list[Gesture] = [Released(binding) for binding in self._down.values() if binding]
        self._down.clear()
        self._of_the_music.clear()
        return released

    def _binding(self, control: Control, bound: dict[Control, Binding]) -> Binding | None:
        kind, number, channel = control
        found = bound.get(control)
        if found is None and self._channel in (0, channel):
            found = bound.get((kind, number, 0))
        return found

    def _press(self, control: Control) -> list[Gesture] | None:
        # Two keyboards on one channel may press a key that is down already: it stays what it is.
        binding = self._down[control] if control in self._down else self._binding(control, self._bound)
        if control in self._of_the_music or (binding is None and control not in self._down):
            self._of_the_music.add(control)
            return None
        self._down[control] = binding
        return [] if binding is None else [Pressed(binding)]

    def _release(self, control: Control) -> list[Gesture] | None:
        self._of_the_music.discard(control)
        if control not in self._down:
            return None
        binding = self._down.pop(control)
        return [] if binding is None else [Released(binding)]

    def _move(self, control: Control, value: int) -> list[Gesture] | None:
        if control in self._down:
            return [] if value >= DOWN else self._release(control)
        binding = self._binding(control, self._bound)
        if binding is None or control in self._of_the_music:
            self._note_pedal(control, value)
            return None
        if binding.target.verb != "follow":
            return self._press(control) if value >= DOWN else []
        if binding.source.form.startswith("relative"):
            clicks = clicks_in(value, binding.source.form)
            return [Nudged(binding, clicks)] if clicks else []
        if binding.source.form == "14bit":
            self._coarse[control] = value
            return [Turned(binding, position_in(value * COARSE, FINE))]
        return [Turned(binding, position_in(value, COARSE))]

    def _refine(self, control: Control, binding: Binding, value: int) -> list[Gesture]:
        """Take in the finer half of a position; it comes alone where the other half is as it was."""
        coarse = self._coarse.get(control)
        return [] if coarse is None else [Turned(binding, position_in(coarse * COARSE + value, FINE))]

    def _note_pedal(self, control: Control, value: int) -> None:
        if value < DOWN:
            self._of_the_music.discard(control)
        elif control[1] in PEDALS:
            self._of_the_music.add(control)


def control_of(message: Sequence[int]) -> tuple[Control | None, int]:
    """Return what a message comes from and its value; of a program change that is 1, of a release 0.

    None for what can be bound to nothing.
    """
    channel = (message[0] & 0x0F) + 1 if message else 0
    match event_of(message, 0):
        case KeyPressed(pitch, velocity):
            return ("note", pitch, channel), velocity
        case KeyReleased(pitch):
            return ("note", pitch, channel), 0
        case ControlMoved(controller, value):
            return ("cc", controller, channel), value
        case OtherMessage(data) if data[0] & 0xF0 == PROGRAM_CHANGE:
            return ("program", data[1], channel), 1
    return None, 0


def position_in(value: int, places: int) -> float:
    """Return a position from 0 to 1; the middle of an even number of places is the upper one of two."""
    middle = places // 2
    return value / (2 * middle) if value <= middle else 0.5 + 0.5 * (value - middle) / (middle - 1)


def place_of(position: float, places: int) -> int:
    """Return the place of a position, the other way round."""
    middle = places // 2
    return round(2 * middle * position if position <= 0.5 else middle + (2 * position - 1) * (middle - 1))


def clicks_in(value: int, form: Form) -> int:
    """Return how far an encoder was turned, by the way in which it tells that."""
    match form:
        case "relative offset":
            return value - DOWN
        case "relative signed":
            return DOWN - value if value >= DOWN else value
    return value - COARSE if value >= DOWN else value
