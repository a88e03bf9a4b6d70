"""What motors, rings and lights of a controller show: what holds, whoever has set it.

A control that the player moves is left alone until it rests, and then only put right where it stands for
something else than what holds. So nothing goes back and forth between a hand and a motor.
"""

from collections.abc import Callable, Iterable, Mapping

from antiphon.adapters.controls.surface import COARSE, FINE, FINER_HALF, place_of, position_in
from antiphon.adapters.controls.travel import position_of, value_at
from antiphon.adapters.faders import Alarm
from antiphon.adapters.midi.wire import CONTROL_CHANGE, NOTE_ON
from antiphon.bindings import Binding, Source
from antiphon.core.units import Seconds
from antiphon.schema import schema

REST: Seconds = 0.4
"""How long a control has to be left alone before it is moved by us."""

TOGETHER: Seconds = 0.03
"""What changes within this time is shown at once; a DIN cable carries thirty messages in it."""

ON, OFF = 127, 0


class Lights:
    """Sends each control what it is to show.

    Args:
        send: sends a message to the controller, now.
        call_later: calls something when so many seconds have passed.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        send: Callable[[bytes], None],
        call_later: Callable[[Seconds, Callable[[], None]], Alarm],
        clock: Callable[[], Seconds],
    ) -> None:
        self._send = send
        self._call_later = call_later
        self._clock = clock
        self._bindings: tuple[Binding, ...] = ()
        self._values: Mapping[str, object] = {}
        self._is_held = False
        self._shown: dict[Source, int | None] = {}
        self._channels: dict[Source, int] = {}
        self._rests_at: dict[Source, Seconds] = {}
        self._alarm: Alarm | None = None

    def follow(self, bindings: Iterable[Binding]) -> None:
        """Go by other bindings; what is bound no more goes dark."""
        former, self._bindings = self._bindings, tuple(bindings)
        bound = {binding.source for binding in self._bindings}
        for source in {binding.source for binding in former} - bound:
            if self._shown.pop(source, None):
                self._put(source, OFF)
        self._soon()

    def show(self, values: Mapping[str, object]) -> None:
        """Show what holds.

        Args:
            values: of all settings, by their full names.
        """
        self._values = values
        self._soon()

    def show_hold(self, is_held: bool) -> None:
        """Show whether it is held."""
        self._is_held = is_held
        self._soon()

    def show_again(self) -> None:
        """Show everything anew: the controller was unplugged, and knows nothing any more."""
        self._shown.clear()
        self._soon()

    def moved(self, source: Source, channel: int, position: float | None) -> None:
        """Take down that the player moves a control.

        Args:
            position: where it stands now; None where that does not say what it shows, as with a button,
                whose own light goes out when it comes up.
        """
        self._channels[source] = channel
        self._shown[source] = None if position is None else place_of(position, _places(source))
        if position is not None:
            self._rests_at[source] = self._clock() + REST
        self._soon()

    def close(self) -> None:
        """Show nothing more."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = None
        self._bindings = ()

    def _soon(self) -> None:
        if self._alarm is None:
            self._alarm = self._call_later(TOGETHER, self._refresh)

    def _refresh(self) -> None:
        self._alarm = None
        now = self._clock()
        are_settled = [self._settles(binding, now) for binding in self._bindings]
        if not all(are_settled):
            self._soon()

    def _settles(self, binding: Binding, now: Seconds) -> bool:
        """Show what a control has to show, and return whether it does; not while it is being moved."""
        source, shown = binding.source, self._shown.get(binding.source)
        wanted = self._wanted(binding)
        if wanted is None or wanted == shown or self._stands_for_what_holds(binding, shown):
            return True
        if self._rests_at.get(source, now) > now:
            return False
        self._put(source, wanted)
        self._shown[source] = wanted
        return True

    def _wanted(self, binding: Binding) -> int | None:
        """Return the place that a control is to show, None where there is nothing to be shown."""
        target = binding.target
        if target.name == "hold":
            return ON if self._is_held else OFF
        value = self._values.get(target.name)
        if value is None or binding.source.kind == "program":
            return None
        match target.verb:
            case "toggle":
                return ON if value else OFF
            case "set":
                return ON if value == target.value else OFF
            case "follow":
                position = position_of(schema()[target.name], value)
                return None if position is None else place_of(position, _places(binding.source))
        return None

    def _stands_for_what_holds(self, binding: Binding, shown: int | None) -> bool:
        """Whether where the player has left it means what holds, though not to the last bit."""
        if binding.target.verb != "follow" or shown is None:
            return False
        setting = schema()[binding.target.name]
        return value_at(setting, position_in(shown, _places(binding.source))) == self._values[setting.dotted]

    def _put(self, source: Source, place: int) -> None:
        channel = self._channels.get(source, source.channel or 1) - 1
        if source.kind == "note":
            self._send(bytes((NOTE_ON | channel, source.number, place)))
        elif source.form == "14bit":
            for number, half in (
                (source.number, place // COARSE),
                (source.number + FINER_HALF, place % COARSE),
            ):
                self._send(bytes((CONTROL_CHANGE | channel, number, half)))
        else:
            self._send(bytes((CONTROL_CHANGE | channel, source.number, place)))


def _places(source: Source) -> int:
    return FINE if source.form == "14bit" else COARSE
