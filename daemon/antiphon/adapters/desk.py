"""The desk: where a daemon that plays is steered and looked at, whichever door somebody comes by.

A door turns what it receives into requests, and what it is told into whatever it speaks. It needs nothing
else of the daemon than this.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, Protocol, TypeAlias, assert_never

from msgspec import Struct
from msgspec.structs import replace

from antiphon.adapters.broadcast import Broadcast, ChangeFailed, News, Sent, SettingsFollowed
from antiphon.adapters.check_up import CheckUp
from antiphon.adapters.engines.kinds import model_of
from antiphon.adapters.files.phrase_book import PhraseBook
from antiphon.adapters.histogram import Histogram
from antiphon.adapters.midi.connection import Direction
from antiphon.adapters.pacer import Pacer, wall_clock
from antiphon.adapters.punctuality import Punctuality
from antiphon.adapters.state import State
from antiphon.adapters.tally import Tally
from antiphon.config import Loaded, changed
from antiphon.core.actuator import lead_of
from antiphon.core.commands import HeldLong, PlayNote, Publish, ReleaseNote
from antiphon.core.cue import phrase_of
from antiphon.core.engine import Expectation
from antiphon.core.events import (
    ControlMoved,
    HoldPressed,
    HoldReleased,
    KeyPressed,
    KeyReleased,
    SettingsChanged,
    Silenced,
    Triggered,
)
from antiphon.core.improviser import Improviser
from antiphon.core.performance import TimedEvent
from antiphon.core.units import Part, Pitch, Seconds, Velocity
from antiphon.errors import AntiphonError, RequestError
from antiphon.requests import (
    Change,
    Examine,
    Hold,
    Learn,
    Panic,
    PhraseNote,
    Reload,
    Request,
    Save,
    Trigger,
    Unlearn,
)
from antiphon.saving import save
from antiphon.schema import OF_THE_ENGINE, schema, values_of
from antiphon.settings import Config
from antiphon_models.shelf import shipped_names

DoorState: TypeAlias = Literal["off", "on", "connected", "not connected"]
"""How a door is: those that need somebody on the other side are connected or not."""

Touch: TypeAlias = KeyPressed | KeyReleased | ControlMoved | HoldPressed | HoldReleased
"""What a player does who plays by way of a door."""

OF_ALL = (Panic, Save, Reload)
"""What is done by all partners when the main one is asked for it."""

FARTHEST_AHEAD: Seconds = 3600.0
"""How far ahead an answer may be asked for."""


class Ports(Protocol):
    """What is shown of the ports."""

    @property
    def input_name(self) -> str: ...
    @property
    def output_name(self) -> str: ...
    @property
    def lost(self) -> frozenset[Direction]: ...


class Engines(Protocol):
    """The engine that plays, for which another may be asked."""

    @property
    def is_changing(self) -> bool: ...

    @property
    def plays(self) -> Config:
        """The configuration of the one that plays, which need not be the one that was asked for."""
        ...

    def change(self, config: Config, then: Callable[[AntiphonError | None], None]) -> None:
        """Open another in a while, and say then why it does not play, if it does not."""
        ...


class Controls(Protocol):
    """Knobs and buttons of the player's, which learn what they are to do."""

    def learn(self, target: str, source: str) -> None:
        """Bind the next one that is moved. Raises ConfigurationError."""
        ...

    def unlearn(self, target: str, source: str) -> None:
        """Free those that do something. Raises ConfigurationError, RequestError."""
        ...


class Impression(Struct, frozen=True):
    """What the player's music is taken for.

    Attributes:
        key: the key that it is in, such as ``A minor``; None while too little was heard.
        chord: the last one that they played or meant, such as ``Am7``; None where there was none.
    """

    key: str | None
    chord: str | None


class Desk:
    """Everything is called on the thread of the loop.

    Args:
        loaded: the configuration that it was started with.
        load: reads the configuration anew.
        broadcast: where everything that happens is told.
        check_up: has the machine looked at.
        time_of_day: seconds since 1970, on a clock that somebody may set.
        controls: what learns; None where there is no MIDI that one could be moved on.
    """

    def __init__(
        self,
        loaded: Loaded,
        load: Callable[[], Loaded],
        broadcast: Broadcast,
        improviser: Improviser,
        pacer: Pacer,
        ports: Ports,
        engines: Engines,
        punctuality: Punctuality,
        phrases: PhraseBook,
        check_up: CheckUp,
        time_of_day: Callable[[], Seconds] = wall_clock,
        controls: Controls | None = None,
    ) -> None:
        self._controls = controls
        self._time_of_day = time_of_day
        self.broadcast = broadcast
        self._at_the_start = loaded.config
        self._loaded = loaded
        self._load = load
        self._improviser = improviser
        self._pacer = pacer
        self._ports = ports
        self._engines = engines
        self._model = model_of(engines.plays)
        self._punctuality = punctuality
        self._phrases = phrases
        self._check_up = check_up
        self._doors: dict[str, DoorState] = {}
        self._partners: dict[str, Desk] = {}
        self._tally = Tally()
        broadcast.listen(self._tally.take_down)
        broadcast.listen(self._silence_partners)

    @property
    def loaded(self) -> Loaded:
        """The configuration that holds now."""
        return self._loaded

    @property
    def partners(self) -> Mapping[str, "Desk"]:
        """The desks of further partners, by their names."""
        return self._partners

    def lead(self, name: str, partner: "Desk") -> None:
        """Have another partner follow when this one is silenced, keeps its settings, or reads them again."""
        self._partners[name] = partner

    def carry_out(self, request: Request, source: str) -> None:
        """Do what is asked for, at once and in full, or not at all.

        Another engine is opened first; if that cannot be done, a ChangeFailed tells why. What an examination
        finds is told by Examined.

        Args:
            request: what is to be done.
            source: who asks for it, in words, such as "MQTT".

        Raises:
            ConfigurationError: it asks for settings that cannot be followed; a sentence for each.
            RequestError: it cannot be done now, or not by somebody who is late.
        """
        match request:
            case Trigger():
                self._pacer.receive(self._triggered(request), self._pacer.clock())
            case Panic():
                self._pacer.receive(Silenced(), self._pacer.clock())
            case Hold(on):
                self._pacer.receive(HoldPressed() if on else HoldReleased(), self._pacer.clock())
            case Change(settings):
                self._check_the_model(settings)
                self._follow(lambda: changed(self._loaded, settings, source), source)
            case Save():
                self._loaded = save(self._loaded)
            case Reload():
                loaded = self._load()
                self._follow(lambda: loaded, source)
            case Examine():
                self._examine()
            case Learn(what):
                self._those_that_learn.learn(what, source)
            case Unlearn(what):
                self._those_that_learn.unlearn(what, source)
            case _:
                assert_never(request)
        if isinstance(request, OF_ALL):
            for partner in self._partners.values():
                partner.carry_out(request, source)

    @property
    def is_changing_engine(self) -> bool:
        """Whether another engine is being opened, so that none can be asked for."""
        return self._engines.is_changing

    @property
    def turn(self) -> Part | None:
        """Whose turn it is: it answers, the player is in the middle of a phrase, or neither."""
        if self._improviser.is_answering:
            return "it"
        return "you" if self._improviser.player_is_active(self._pacer.clock()) else None

    def hear(self, event: Touch) -> None:
        """Let the player play by way of a door: what a MIDI keyboard would send, at this moment."""
        self._pacer.receive(event, self._pacer.clock())

    def upcoming(self) -> list[PlayNote | ReleaseNote]:
        """Return what is planned to sound and may yet be taken back."""
        return self._improviser.upcoming()

    def expectation(self) -> Expectation | None:
        """Return which pitch is expected next of the player, None where that is not known.

        It takes the loop about as long as a note of an answer does.
        """
        return self._improviser.expectation()

    def impression(self) -> Impression:
        """Return what the player's music is taken for."""
        return Impression(self._improviser.key_heard, self._improviser.chord_heard)

    def lateness(self) -> Histogram:
        """Return how late the onsets and releases of all answers were."""
        return self._punctuality.sent

    def door_is(self, name: str, state: DoorState) -> None:
        """Take down how a door is, for whoever looks at it by another."""
        self._doors[name] = state

    def door(self, name: str) -> DoorState:
        """Return how a door is; one that nobody has opened is off."""
        return self._doors.get(name, "off")

    def beat(self, every: Seconds, beat: Callable[[], None]) -> None:
        """Call back every so often, as long as what plays the notes is alive; see :meth:`Pacer.beat`."""
        self._pacer.beat(every, beat)

    def state(self) -> State:
        """Return what it is doing now."""
        now = self._pacer.clock()
        metre = self._improviser.metre(now)
        return State(
            mode=self._loaded.config.play.mode,
            engine=self._engines.plays.engine.kind,
            model=self._model,
            input=self._ports.input_name,
            output=self._ports.output_name,
            lost=tuple(sorted(self._ports.lost)),
            player_active=self._improviser.player_is_active(now),
            pedal_withholds=self._improviser.is_withheld_by_pedal(now),
            answering=self._improviser.is_answering,
            sounding=tuple(sorted(self._improviser.sounding)),
            notes_heard=self._tally.heard,
            notes_played=self._tally.played,
            tempo=None if metre is None else round(metre.bpm, 1),
            tempo_from=None if metre is None else metre.source,
            delays=self._punctuality.delays(),
            held=self._improviser.is_held,
        )

    def _silence_partners(self, news: News) -> None:
        match news:
            case Sent(Publish(_, HeldLong())):
                for partner in self._partners.values():
                    partner.carry_out(Panic(), "a long press")

    def _examine(self) -> None:
        if self._check_up.is_going_on:
            raise RequestError("doctor: it is being looked at already; what is found is told in a moment")
        self._check_up.begin(self.state(), self._doors)

    @property
    def _those_that_learn(self) -> Controls:
        if self._controls is None:
            raise RequestError("there is no MIDI here, and so no control to be learnt; set midi.api")
        return self._controls

    def _triggered(self, request: Trigger) -> Triggered:
        """Return the event that a trigger stands for, its moment on our own clock."""
        if self._improviser.is_answering:
            raise RequestError("trigger: it is answering already; wait for its end, or panic first")
        if request.expires is not None and self._time_of_day() > request.expires:
            raise RequestError(f"trigger: it came {self._time_of_day() - request.expires:.1f} s too late")
        if request.phrase and request.file:
            raise RequestError("trigger: it has both a phrase and a file; leave one of them out")
        phrase = self._phrases.phrase(request.file) if request.file else phrase_of(played(request.phrase))
        return Triggered(phrase, request.seconds, request.seed, at=self._moment(request.at))

    def _moment(self, at: Seconds | None) -> Seconds | None:
        """Return when to give out what is to sound at a moment of the wall clock, on the monotonic one.

        Nobody sets that back and forth.
        """
        if at is None:
            return None
        ahead = at - self._time_of_day()
        if ahead > FARTHEST_AHEAD:
            raise RequestError(f"trigger.at is {ahead:.0f} s ahead; {FARTHEST_AHEAD:.0f} s is the most")
        return self._pacer.clock() + ahead - lead_of(self._loaded.config.actuator)

    def _follow(self, wanted: Callable[[], Loaded], source: str) -> None:
        """Let other settings hold: at once, or where they name another engine, as soon as that is there."""
        loaded = wanted()
        if is_same_engine(loaded.config, self._loaded.config):
            self._settle(loaded, source)
        elif self._engines.is_changing:
            raise RequestError("the engine is being changed already; ask again in a moment")
        else:
            start = self._at_the_start
            engine = replace(loaded.config.engine, accelerator=start.engine.accelerator)
            model = replace(loaded.config.model, file=start.model.file)
            config = replace(loaded.config, engine=engine, model=model)
            # By then other settings may have changed.
            self._engines.change(config, lambda error: self._engine_changed(error, wanted, source))

    def _check_the_model(self, settings: Mapping[str, object]) -> None:
        """Refuse a name that means no shipped model, or nothing at all where the configuration has a file."""
        name = settings.get("model.name", "")
        if name and self._at_the_start.model.file:
            raise RequestError("model.name means nothing while model.file is set; take that out, and restart")
        if name and name not in shipped_names():
            raise RequestError(
                f"model.name: {name} is no shipped model; there are: {', '.join(shipped_names())}"
            )

    def _engine_changed(self, error: AntiphonError | None, wanted: Callable[[], Loaded], source: str) -> None:
        if error is None:
            self._settle(wanted(), source)
            self._model = model_of(self._engines.plays)
        else:
            self.broadcast.tell(ChangeFailed(str(error), source))

    def _settle(self, loaded: Loaded, source: str) -> None:
        changes = differences(self._loaded.config, loaded.config)
        came_or_went = sorted(loaded.partners.keys() ^ self._loaded.partners.keys())
        self._loaded = loaded
        if changes:
            # What is planned is imagined anew then, which takes its time.
            self._pacer.receive(SettingsChanged(loaded.config.settings), self._pacer.clock())
        unlike_the_start = differences(self._at_the_start, loaded.config)
        waiting = [name for name in changes if name in unlike_the_start and not schema()[name].live]
        waiting += [f"partner.{name}" for name in came_or_went]
        self.broadcast.tell(SettingsFollowed(changes, tuple(waiting), source))


def played(notes: Iterable[PhraseNote]) -> list[TimedEvent]:
    """Return notes as what a keyboard sends, in order of time; at one time releases come first."""
    releases = [TimedEvent(note.at + note.length, KeyReleased(Pitch(note.pitch))) for note in notes]
    onsets = [TimedEvent(note.at, KeyPressed(Pitch(note.pitch), Velocity(note.velocity))) for note in notes]
    return sorted(releases + onsets, key=lambda timed: timed.at)


def is_same_engine(before: Config, after: Config) -> bool:
    return not OF_THE_ENGINE & differences(before, after).keys()


def differences(before: Config, after: Config) -> dict[str, object]:
    """Return what differs in the second, by its full name, such as ``play.temperature``."""
    former = values_of(before)
    return {name: value for name, value in values_of(after).items() if value != former[name]}
