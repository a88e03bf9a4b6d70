"""The player's hand on the desk: what bound controls do is asked for, as whoever comes by a door would.

It stands between the ports and the music: a message that belongs to it goes no further. A knob that moves is
followed some twenty times a second, by its latest value; another engine is opened when the knob has come to
rest.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence

from antiphon.adapters.broadcast import Heard, News, SettingsFollowed
from antiphon.adapters.controls.learning import PATIENCE, QUIET, Lesson
from antiphon.adapters.controls.lights import Lights
from antiphon.adapters.controls.surface import Gesture, Nudged, Pressed, Released, Surface, Turned
from antiphon.adapters.controls.travel import detent, position_of, stepped, value_at
from antiphon.adapters.desk import Desk
from antiphon.adapters.faders import Alarm, Faders
from antiphon.adapters.midi.hand_off import Take
from antiphon.bindings import BINDINGS, Source, Target, bindings_of, without
from antiphon.core.events import HoldPressed, HoldReleased, InputLost
from antiphon.core.units import Seconds
from antiphon.errors import AntiphonError, RequestError
from antiphon.requests import Change, Hold, Panic, Request, Save, Trigger
from antiphon.schema import OF_THE_ENGINE, schema, values_of
from antiphon.settings import Controls

logger = logging.getLogger(__name__)

SOURCE = "a control"
"""What sentences call whoever asks by a knob or a button."""

BETWEEN_MOVES: Seconds = 0.05
"""How long passes between two changes by a knob that moves."""

REST: Seconds = 0.5
"""How long a knob that chooses an engine has to rest before that is opened."""

Move = tuple[str, object]
"""A setting by its full name, and its value."""


class HandsOn:
    """Make it before the ports, which show it each message; then let it :meth:`serve` a desk.

    Everything is called on the thread of the loop.

    Args:
        controls: what is bound.
        channel: the one that is listened to, 1 to 16; 0 is all of them.
        clock: monotonic seconds.
    """

    def __init__(self, controls: Controls, channel: int, clock: Callable[[], Seconds]) -> None:
        self._loop = asyncio.get_running_loop()
        self._desk: Desk | None = None
        self._channel = channel
        self._bound = bindings_of(controls.bindings)
        self._surface = Surface(self._bound, channel)
        self._beside: list[Surface] = []
        self._faders: Faders[Move] = Faders(self._follow, self._loop.call_later, BETWEEN_MOVES)
        self._resting: dict[str, object] = {}
        self._rest: Alarm | None = None
        self._encoders: dict[str, float] = {}
        self._holding: set[Source] = set()
        self._lesson: Lesson | None = None
        self._learner = ""
        self._bell: Alarm | None = None
        self._complaint = ""
        self._send: Callable[[bytes], None] = lambda message: None
        self._lights = Lights(lambda message: self._send(message), self._loop.call_later, clock)

    def serve(self, desk: Desk, send: Callable[[bytes], None] | None = None) -> None:
        """Ask this desk from now on, and show on the controller what holds.

        Args:
            send: sends a message to the controller; None where it has nothing to show.
        """
        self._desk = desk
        desk.broadcast.listen(self._notice)
        if send is not None:
            self._send = send
            self._lights.follow(bindings_of(desk.loaded.config.controls.bindings))
            self._lights.show(values_of(desk.loaded.config))

    def show_again(self) -> None:
        """Show everything anew on a controller that was plugged in again."""
        self._lights.show_again()

    def close(self) -> None:
        """Ask for nothing more."""
        self._lights.close()
        self._faders.clear()
        self._end_lesson()
        if self._rest is not None:
            self._rest.cancel()
        self._desk = None

    def take(self, message: Sequence[int]) -> bool:
        """Do what a message is bound to; tell whether it is ours, and so nobody else's."""
        if self._desk is None:
            return False
        gestures = self._surface.hear(message)
        if gestures is not None:
            for gesture in gestures:
                self._do(gesture, (message[0] & 0x0F) + 1)
            return True
        if self._lesson is None or not self._lesson.hear(message):
            return False
        self._surface.swallow(message)
        self._go_on_with_the_lesson()
        return True

    def beside(self) -> Take:
        """Return what keeps from another partner's music what is bound, on a keyboard that both hear."""
        surface = Surface(self._bound, self._channel)
        self._beside.append(surface)
        return lambda message: surface.hear(message) is not None

    def learn(self, target: str, source: str) -> None:
        """Bind the next control that is moved and not bound yet; in its stead whatever did the same is free.

        Args:
            target: what it is to do, such as ``play.temperature`` or ``hold``.
            source: who asks for it, in words.

        Raises:
            ConfigurationError: there is no such thing to do.
        """
        lesson = Lesson(target)
        self._end_lesson()
        self._lesson, self._learner = lesson, source
        self._bell = self._loop.call_later(PATIENCE, self._end_lesson)
        logger.info("move a control within %.0f s, and it is %s from then on", PATIENCE, lesson.target)

    def unlearn(self, target: str, source: str) -> None:
        """Free the controls that do something, or end the lesson in it.

        Raises:
            ConfigurationError: there is no such thing to do.
            RequestError: no control does it.
        """
        table = self._bindings
        left = without(table, target)
        if self._lesson is not None and self._lesson.target == target:
            self._end_lesson()
        elif left == table:
            raise RequestError(f"no control is bound to {target}; controls.bindings says which are to what")
        if left != table:
            self._asked_desk.carry_out(Change({BINDINGS: left}), source)

    @property
    def _asked_desk(self) -> Desk:
        assert self._desk is not None
        return self._desk

    @property
    def _bindings(self) -> dict[str, str]:
        return self._asked_desk.loaded.config.controls.bindings

    def _value(self, name: str) -> object:
        return values_of(self._asked_desk.loaded.config)[name]

    def _do(self, gesture: Gesture, channel: int) -> None:
        binding = gesture.binding
        match gesture:
            case Turned(_, position):
                self._lights.moved(binding.source, channel, position)
                self._turn(binding.target.name, position)
            case Nudged(_, clicks):
                self._lights.moved(binding.source, channel, None)
                self._nudge(binding.target.name, clicks)
            case Pressed():
                self._lights.moved(binding.source, channel, None)
                self._press(binding.source, binding.target)
            case Released():
                self._lights.moved(binding.source, channel, None)
                self._release(binding.source)

    def _turn(self, name: str, position: float) -> None:
        value = value_at(schema()[name], position)
        if name in OF_THE_ENGINE:
            self._resting[name] = value
            self._await_rest()
        else:
            self._faders.move(name, (name, value))

    def _nudge(self, name: str, clicks: int) -> None:
        setting = schema()[name]
        before = self._encoders.get(name)
        if before is None:
            before = position_of(setting, self._value(name)) or 0.0
        self._encoders[name] = min(max(before + clicks * detent(setting), 0.0), 1.0)
        self._turn(name, self._encoders[name])

    def _press(self, source: Source, target: Target) -> None:
        self._faders.settle()
        match target.verb:
            case "set":
                self._change({target.name: target.value})
            case "toggle" | "next":
                self._change({target.name: stepped(schema()[target.name], self._value(target.name), 1)})
            case "previous":
                self._change({target.name: stepped(schema()[target.name], self._value(target.name), -1)})
            case "do":
                self._act(source, target.name)

    def _act(self, source: Source, action: str) -> None:
        match action:
            case "panic":
                self._ask(Panic())
            case "trigger":
                self._ask(Trigger())
            case "save":
                self._ask(Save())
            case "hold":
                self._holding.add(source)
                if len(self._holding) == 1:
                    self._ask(Hold(True))

    def _release(self, source: Source) -> None:
        if source in self._holding:
            self._holding.discard(source)
            if not self._holding:
                self._ask(Hold(False))

    def _follow(self, moves: Sequence[Move]) -> None:
        """Follow the moves of several knobs as one change; where that is mistaken, one by one."""
        if len(moves) == 1 or not self._change(dict(moves), is_told=False):
            for name, value in moves:
                if not self._change({name: value}):
                    self._encoders.pop(name, None)

    def _change(self, settings: dict[str, object], is_told: bool = True) -> bool:
        """Have settings followed that are different; tell whether they are."""
        different = {name: value for name, value in settings.items() if value != self._value(name)}
        return not different or self._ask(Change(different), is_told)

    def _await_rest(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        self._rest = self._loop.call_later(REST, self._come_to_rest)

    def _come_to_rest(self) -> None:
        self._rest = None
        if self._asked_desk.is_changing_engine:
            self._await_rest()
            return
        settings, self._resting = self._resting, {}
        self._change(settings)

    def _ask(self, request: Request, is_told: bool = True) -> bool:
        try:
            self._asked_desk.carry_out(request, SOURCE)
        except AntiphonError as error:
            if is_told:
                self._complain(str(error))
            return False
        self._complaint = ""
        return True

    def _complain(self, sentence: str) -> None:
        """Say what cannot be, once, and not for each step of a knob."""
        if sentence != self._complaint:
            logger.warning("what a control asks for cannot be: %s", sentence)
        self._complaint = sentence

    def _notice(self, news: News) -> None:
        match news:
            case SettingsFollowed(changes):
                self._forget_encoders()
                bindings = bindings_of(self._bindings)
                if BINDINGS in changes:
                    self._bound = bindings
                    for surface in (self._surface, *self._beside):
                        surface.follow(bindings)
                self._lights.follow(bindings)
                self._lights.show(values_of(self._asked_desk.loaded.config))
            case Heard(InputLost()):
                # Not at once: whoever tells this is in the middle of it.
                self._loop.call_soon(self._let_go)
            case Heard(HoldPressed() | HoldReleased() as event):
                self._lights.show_hold(isinstance(event, HoldPressed))

    def _forget_encoders(self) -> None:
        """Let encoders begin at what holds, where that is not where they left it."""
        for name in [*self._encoders]:
            if value_at(schema()[name], self._encoders[name]) != self._value(name):
                del self._encoders[name]

    def _let_go(self) -> None:
        if self._desk is not None:
            for surface in self._beside:
                surface.let_go()
            for gesture in self._surface.let_go():
                self._do(gesture, 1)

    def _go_on_with_the_lesson(self) -> None:
        assert self._lesson is not None
        if self._bell is not None:
            self._bell.cancel()
        if self._lesson.learnt is None:
            self._bell = self._loop.call_later(QUIET, self._conclude)
        else:
            self._bind()

    def _conclude(self) -> None:
        if self._lesson is not None:
            self._lesson.conclude()
            self._bind()

    def _bind(self) -> None:
        assert self._lesson is not None
        lesson, learner = self._lesson, self._learner
        self._end_lesson()
        if lesson.learnt is not None:
            table = without(self._bindings, lesson.target)
            table[str(lesson.learnt.source)] = lesson.learnt.target
            logger.info('learnt: "%s" is %s', lesson.learnt.source, lesson.learnt.target)
            self._asked_desk.carry_out(Change({BINDINGS: table}), learner)

    def _end_lesson(self) -> None:
        self._lesson = None
        if self._bell is not None:
            self._bell.cancel()
        self._bell = None
