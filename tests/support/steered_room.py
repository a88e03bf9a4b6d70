"""A daemon without an operating system: pacer, desk, controls and almanac, under a simulated clock.

Whatever doors ask for comes to the real desk, messages from a keyboard pass the real controls, and what is
sent comes out of the real pacer. There are neither ports nor files nor threads: to keep settings writes a
file, and to have the machine looked at asks a thread, so neither is asked for here.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import get_args

from antiphon.adapters.almanac import Almanac
from antiphon.adapters.broadcast import Broadcast
from antiphon.adapters.check_up import CheckUp, unexamined
from antiphon.adapters.controls.hands_on import HandsOn
from antiphon.adapters.desk import Desk
from antiphon.adapters.footing import Footing
from antiphon.adapters.midi.wire import event_of
from antiphon.adapters.pacer import Pacer
from antiphon.adapters.punctuality import Punctuality
from antiphon.adapters.timer import LoopTimer
from antiphon.core.actuator import Actuator
from antiphon.core.commands import Command, Music, PlayNote, ReleaseNote
from antiphon.core.events import EngineChanged, InputLost, OutputLost
from antiphon.core.settings import ModeName
from antiphon.core.transcript import EngineEntered, Entry, Step, TranscribedImproviser
from antiphon.errors import AntiphonError, ModelError
from antiphon.requests import Change, Hold, Learn, Panic, PhraseNote, Reload, Request, Trigger, Unlearn
from default_config import loaded
from desk_scene import BOOK, Keyboard
from drawn_sessions import Account
from engines_at_hand import EnginesAtHand
from kept_objects import kept_by
from simulated_loop import LATEST, SimulatedLoop
from simulated_room import SlowEngine
from witness import Witness

ACTS = 200
"""In a session."""

YEAR = 365 * 86_400.0
"""Seconds."""

MOST_KEPT = 100_000
"""References that the desk keeps at most, the configuration and all that it steers included."""

HAMMERS = '"1:155 40:90 100:0"'

CHANGES = {
    "play.mode": get_args(ModeName),
    "play.polyphony": (1, 2, 4, 99),
    "play.transpose": (-2, 0, 2),
    "play.thru": (True, False),
    "play.temperature": (0.5, 5.0, "warm"),
    "duet.style": ("gaps", "harmonise", "complement", "louder"),
    "tempo.send": ("off", "answers", "always"),
    "tempo.begin": ("free", "beat", "bar"),
    "guide.zone": (0, 60),
    "attract.hours": ("", "9:00-17:00"),
    "engine.kind": ("lstm", "markov"),
    "play.nothing": (1,),
}
"""Values by setting, some of which cannot be followed."""

BINDINGS = '{ "cc 20" = "play.temperature", "note 36" = "hold", "cc 21" = "panic", "cc 22" = "play.mode" }'

SETS = (
    "play.seconds=3",
    "play.lowest=58",
    "play.highest=66",
    "turn.longest_pause=1",
    "turn.absence=5",
    "attract.after=3",
    "attract.rest=1",
    "attract.seconds=4",
    f"controls.bindings={BINDINGS}",
)


class Wire:
    """What hears the instrument: every note of an answer is ended, and none that does not sound.

    None is ended there before the music has ended it, and none is struck that the music does not know.
    """

    def __init__(self) -> None:
        self.sounding: set[tuple[int, str]] = set()
        self._struck: Counter[int] = Counter()
        self._ended: Counter[int] = Counter()

    def expect(self, said: Iterable[Command]) -> None:
        """Hear what the music gives out, before any of that is sent."""
        for command in said:
            match command:
                case PlayNote(_, pitch, _, "it"):
                    self._struck[pitch] += 1
                case ReleaseNote(_, pitch, "it"):
                    self._ended[pitch] += 1

    def carry(self, command: Music) -> None:
        match command:
            case PlayNote(_, pitch, _, part):
                # It has one key for both parts: who ends a note there, ends it for the other one too.
                doubled = {(pitch, "you"), (pitch, "it")} & self.sounding
                assert not doubled, f"{command}: it sounds already, at the instrument"
                self.sounding.add((pitch, part))
                self._keep_to(self._struck, command)
            case ReleaseNote(_, pitch, part):
                # What was passed through may have been taken over since.
                whose = part if (pitch, part) in self.sounding else "you"
                assert (pitch, whose) in self.sounding, f"{command}: it does not sound, at the instrument"
                self.sounding.discard((pitch, whose))
                self._keep_to(self._ended, command)

    def _keep_to(self, given_out: Counter[int], command: PlayNote | ReleaseNote) -> None:
        """Assert that the music has given a command out; what it gave out and was cut off is left over."""
        if command.part == "it":
            given_out[command.pitch] -= 1
            assert given_out[command.pitch] >= 0, f"{command}: the music has not given it out"


class SteeredRoom:
    """Make it on a running loop.

    Args:
        seed: of all that happens.
        loop: on which it does.
    """

    def __init__(self, seed: int, loop: SimulatedLoop) -> None:
        self._draw = random.Random(seed)
        self._loop = loop
        self._wall = 1.7e9
        hammers = (f"actuator.latency={HAMMERS}", "actuator.release=50") if seed % 3 == 0 else ()
        mode, thru = self._draw.choice(get_args(ModeName)), self._draw.choice(["true", "false"])
        self._sets = (*SETS, f"play.mode={mode}", f"play.thru={thru}", *hammers)
        start = loaded(*self._sets)
        self.witness = Witness(start.config.settings, LATEST)
        self.wire = Wire()
        self.engines = EnginesAtHand()
        self.improviser = TranscribedImproviser(
            SlowEngine(seed),
            start.config.settings,
            self._loop.time(),
            seed,
            self._see,
            alone=30.0,
            longest=60.0,
        )
        broadcast = Broadcast()
        self._actuator = Actuator(start.config.actuator)
        self.pacer = Pacer(
            self.improviser,
            self.wire.carry,
            broadcast.tell,
            self._actuator,
            self._loop.time,
            LoopTimer,
        )
        footing = Footing(0, 0, memory_is_locked=False)
        self.desk = Desk(
            start,
            lambda: loaded(*self._sets),
            broadcast,
            self.improviser,
            self.pacer,
            Keyboard(),
            self.engines,
            Punctuality(),
            BOOK,
            CheckUp(unexamined, footing, broadcast.tell),
            self._time_of_day,
        )
        self.hands_on = HandsOn(start.config.controls, 0, self._loop.time)
        self.hands_on.serve(self.desk, lambda message: None)
        now = lambda: datetime.fromtimestamp(0, UTC) + timedelta(seconds=self._time_of_day())  # noqa: E731
        self._almanac = Almanac(lambda told: self.pacer.receive(told, self._loop.time()), now)

    async def live_through(self, acts: int = ACTS) -> Account:
        """Let things happen, and then close everything."""
        for _ in range(acts):
            await asyncio.sleep(self._draw.choice([0.0, 0.01, 0.05, 0.3, 0.3, 2.0]))
            with suppress(AntiphonError):
                self._draw.choice(self._acts)()
            self._look()
            if self._loop.failure is not None:
                raise self._loop.failure
        self._draw_to_a_close()
        kept = kept_by(self.desk)
        assert kept <= MOST_KEPT, f"{kept} references are kept"
        return Account(self.witness.events, self.witness.told, self.witness.notes, kept)

    def _draw_to_a_close(self) -> None:
        self.hands_on.close()
        self.pacer.close()
        assert not self.wire.sounding, f"{sorted(self.wire.sounding)} sound on at the instrument"

    def _see(self, entry: Entry) -> None:
        if isinstance(entry, Step):
            # The engine that enters is no business of whoever listens.
            event = None if isinstance(entry.told, EngineEntered) else entry.told
            self.witness.see(self._loop.time(), event, entry.said, entry.at)
            self.wire.expect(entry.said)

    @property
    def _acts(self) -> list[Callable[[], object]]:
        return [
            *[self._play] * 12,
            self._turn_a_knob,
            self._trigger,
            self._change,
            self._change,
            lambda: self._ask(Panic()),
            lambda: self._ask(Hold(self._draw.random() < 0.4)),
            lambda: self._ask(Reload()),
            lambda: self._ask(Learn("play.polyphony")),
            lambda: self._ask(Unlearn("play.polyphony")),
            self._set_the_clock,
            lambda: self._almanac.look(self.desk.loaded.config.attract.hours),
            self._open_an_engine,
            lambda: self.pacer.receive(InputLost(), self._loop.time()),
            self._lose_the_output,
        ]

    def _play(self) -> None:
        pitch = self._draw.choice([36, 58, 60, 62, 64, 67])
        status = 0x90 if self._draw.random() < 0.6 else 0x80
        self._send(status, pitch, self._draw.randrange(1, 128))

    def _turn_a_knob(self) -> None:
        self._send(0xB0, self._draw.choice([1, 20, 21, 22, 23, 64]), self._draw.choice([0, 30, 64, 127]))

    def _send(self, *message: int) -> None:
        """Have the keyboard send a message: what no control is bound to is music, and may have waited."""
        event = event_of(message, 0)
        if not self.hands_on.take(message) and event is not None:
            waited = self._draw.choice([0.0, 0.0, 0.0, 0.4])
            self.pacer.receive(event, self._loop.time() - waited)

    def _ask(self, request: Request) -> None:
        self.desk.carry_out(request, self._draw.choice(["MQTT", "the page"]))

    def _trigger(self) -> None:
        phrase = (PhraseNote(60, 0.0), PhraseNote(64, 0.2)) if self._draw.random() < 0.3 else ()
        file = self._draw.choice(["", "", "hello", "nobody"])
        at = self._time_of_day() + self._draw.choice([-1.0, 0.5, 1e5])
        self._ask(
            Trigger(
                phrase,
                file,
                self._draw.choice([None, 0.0, 1.0]),
                self._draw.choice([None, 3]),
                self._draw.choice([None, None, at]),
                self._draw.choice([None, None, at]),
            )
        )

    def _change(self) -> None:
        names = self._draw.sample(sorted(CHANGES), self._draw.choice([1, 1, 2]))
        self._ask(Change({name: self._draw.choice(CHANGES[name]) for name in names}))

    def _set_the_clock(self) -> None:
        """Have somebody set the clock of the wall, which nothing is timed by."""
        self._wall += self._draw.choice([-YEAR, -3600.0, -0.5, 0.5, 3600.0, YEAR])

    def _time_of_day(self) -> float:
        return self._wall + self._loop.time()

    def _open_an_engine(self) -> None:
        if not self.engines.is_changing:
            return
        if self._draw.random() < 0.3:
            self.engines.opened(ModelError("the model is not there"))
        else:
            self.pacer.receive(EngineChanged(SlowEngine(self._draw.randrange(1000))), self._loop.time())
            self.engines.opened()

    def _lose_the_output(self) -> None:
        self.wire.sounding.clear()
        self.pacer.receive(OutputLost(), self._loop.time())

    def _look(self) -> None:
        """Look at it as a door does, which changes nothing."""
        state = self.desk.state()
        assert state.answering == self.improviser.is_answering
        self.desk.upcoming()
        self.desk.expectation()
        if self._actuator.next_at is None:
            sounding = {pitch for pitch, _ in self.wire.sounding}
            assert sounding == self.witness.sounding, (
                f"{sounding} sound, at the instrument, and not what is to"
            )


def live_through_steered(seed: int, acts: int = ACTS) -> Account:
    """Let a session of a seed happen.

    Raises:
        AssertionError: a promise is broken.
    """

    loop = SimulatedLoop(seed)

    async def session() -> Account:
        return await SteeredRoom(seed, loop).live_through(acts)

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(session())
