"""Sessions drawn by a seed, many of them, each before a witness; and the least of one that breaks a promise.

For runs of an hour, where Hypothesis would remember too much. A seed is a session: the same, event by event,
wherever it is drawn.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from msgspec.structs import replace as changed

from antiphon.core.commands import Command
from antiphon.core.engine import Engine
from antiphon.core.events import EngineChanged, Event, SettingsChanged, Triggered
from antiphon.core.settings import ModeName, Settings
from drawn_settings import ALL_MODES, drawn_settings
from drawn_streams import Arrival, Draw, doors, midi_clock, player, through_a_bad_cable
from kept_objects import kept_by
from remembered_engine import MOST, RememberedEngine, assert_same_state
from seen_turns import is_free
from simulated_room import LATEST, Happening, Room, SlowEngine
from sounding_room import Sameness, SoundingRoom, assert_heard
from witness import Witness

SECONDS = 40.0
"""That a session lasts, but for what is waited for at its end."""

BETWEEN_LOOKS = 500
"""Steps after which it is looked at how much is kept."""

MOST_KEPT = 50_000
"""References that an improviser keeps at most, with its engine, however long it plays."""

OpenEngine = Callable[[int], Engine]
"""Opens an engine, which has heard nothing, by a seed."""


@dataclass(frozen=True, slots=True)
class DrawnSession:
    """All that a session is.

    Attributes:
        seed: of the engine and of all lateness.
        first: the settings that it begins with.
        happenings: what happens.
        is_written_down: whether a transcript is kept of it.
    """

    seed: int
    first: Settings
    happenings: Sequence[Happening]
    is_written_down: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """What became of a session, or of several.

    Attributes:
        steps: in which something happened, or time passed.
        told: those of them in which something happened.
        notes: that were played.
        most_kept: references that were kept, at most.
    """

    steps: int = 0
    told: int = 0
    notes: int = 0
    most_kept: int = 0

    def __add__(self, other: "Account") -> "Account":
        most_kept = max(self.most_kept, other.most_kept)
        return Account(self.steps + other.steps, self.told + other.told, self.notes + other.notes, most_kept)

    def __str__(self) -> str:
        return (
            f"{self.steps} steps in {self.told} of which something happened, {self.notes} notes played and "
            f"{self.most_kept} references kept at most"
        )


def drawn(seed: int, modes: Sequence[ModeName] = ALL_MODES, seconds: float = SECONDS) -> DrawnSession:
    """Return the session of a seed."""
    draw = random.Random(seed)
    first = drawn_settings(draw, modes)
    happenings = in_order(drawn_arrivals(draw, modes, seconds))
    if draw.random() < 0.5:
        # So that what it remembers can be compared in the end.
        first = kept_simple(first)
        happenings = [*simplified(happenings)]
    return DrawnSession(seed, first, happenings, draw.random() < 0.2)


def drawn_arrivals(draw: Draw, modes: Sequence[ModeName], seconds: float) -> list[Arrival]:
    """Return all that arrives in a session, from each side."""
    arrivals = [*player(draw, 0.0, seconds)]
    if draw.random() < 0.3:
        arrivals += player(draw, draw.uniform(0.0, seconds), seconds)
    if draw.random() < 0.3:
        arrivals = [*through_a_bad_cable(draw, arrivals)]
    if draw.random() < 0.25:
        begin = draw.uniform(0.0, seconds)
        arrivals += midi_clock(draw, begin, min(begin + draw.choice([0.3, 4.0]), seconds))
    arrivals += doors(draw, modes, 0.0, seconds)
    return arrivals


def in_order(arrivals: Sequence[Arrival]) -> list[Happening]:
    """Return what happens, one thing after another."""
    happenings: list[Happening] = []
    now = 0.0
    for each in sorted(arrivals, key=lambda each: each.arrives):
        happenings.append(Happening(each.arrives - now, each.event, each.arrives - each.at))
        now = each.arrives
    return happenings


def live_through(session: DrawnSession, open_engine: OpenEngine = SlowEngine) -> Account:
    """Let a session happen before a witness.

    Raises:
        AssertionError: a promise is broken.
    """
    witness = Witness(session.first, LATEST)
    sounding = SoundingRoom(session.first.play.transpose)
    engine = RememberedEngine(open_engine(session.seed))
    sameness, kept = what_can_be_compared(session), 0

    def look(now: float, event: Event | None, said: list[Command], at: float) -> None:
        nonlocal kept
        witness.see(now, event, said, at)
        if sameness is not None and witness.has_begun_anew:
            sounding.forget()
        if sameness is not None:
            sounding.see(at, event, said)
        if witness.events % BETWEEN_LOOKS == 0:
            kept = max(kept, bounded(room))

    keep = (lambda entry: None) if session.is_written_down else None
    room = Room(session.seed, keep, session.first, look, engine)
    room.live_through(session.happenings)
    assert not room.improviser.is_answering, "it answers on after it was silenced"
    if sameness is not None:
        assert len(engine.heard) == min(len(sounding.sounds), MOST), "it has not heard what sounded"
        assert_heard(engine.heard, sounding.sounds, sameness)
        if wishes_for_nothing(session):
            assert_same_state(engine, open_engine(session.seed))
    return Account(witness.events, witness.told, witness.notes, max(kept, bounded(room)))


def bounded(room: Room) -> int:
    """Return how much is kept, and assert that it is not too much."""
    kept = kept_by(room.improviser)
    assert kept <= MOST_KEPT, f"{kept} references are kept"
    return kept


def shrunk(session: DrawnSession, breaks: Callable[[DrawnSession], bool]) -> DrawnSession:
    """Return a session with as little happening in it as still breaks the promise.

    What is left happens when it did, and where that does no harm, sooner.
    """
    for without in (without_those_between, without_those_and_their_time):
        size = max(len(session.happenings) // 2, 1)
        while size:
            begin = 0
            while begin < len(session.happenings):
                smaller = replace(session, happenings=without(session.happenings, begin, begin + size))
                if breaks(smaller):
                    session = smaller
                else:
                    begin += size
            size //= 2
    return session


def without_those_between(happenings: Sequence[Happening], begin: int, end: int) -> list[Happening]:
    left = [*happenings[:begin], *happenings[end:]]
    if begin < len(left):
        waited = sum(each.wait for each in happenings[begin:end])
        left[begin] = left[begin]._replace(wait=waited + left[begin].wait)
    return left


def without_those_and_their_time(happenings: Sequence[Happening], begin: int, end: int) -> list[Happening]:
    return [*happenings[:begin], *happenings[end:]]


def what_can_be_compared(session: DrawnSession) -> Sameness | None:
    """Return how alike what the engine has heard in the end is to what sounded; None where it is not defined.

    Another engine in the midst, or a phrase that somebody brought, is told of in other tests. By a grid, or
    in another tempo, notes sound at other moments than they were imagined for. Whoever takes over what is
    passed through also takes over what a pedal holds, of which no release is ever sent.
    """
    held_to = settings_of(session)
    if any(is_another_memory(each.event) for each in session.happenings):
        return None
    if not all(is_heard_as_sent(settings) for settings in held_to):
        return None
    # The pieces that it plays by itself are quicker or slower than it imagined them, and fade.
    return "in order" if any(each.play.mode == "attract" for each in held_to) else "to the moment"


def wishes_for_nothing(session: DrawnSession) -> bool:
    """Whether the engine is asked for no kind of music, and for neither part: both would be in its state."""
    return all(each.guide.key == "free" and each.play.mode != "duet" for each in settings_of(session))


def settings_of(session: DrawnSession) -> list[Settings]:
    """Return all that hold in a session, one after another."""
    changes = [each.event.settings for each in session.happenings if isinstance(each.event, SettingsChanged)]
    return [session.first, *changes]


def is_another_memory(event: Event) -> bool:
    return isinstance(event, EngineChanged) or (isinstance(event, Triggered) and bool(event.phrase))


def is_heard_as_sent(settings: Settings) -> bool:
    takes_over = settings.play.mode == "takeover" and settings.play.thru
    as_imagined = settings.guide.tempo == 1.0 and settings.play.mood == "none" and is_free(settings.tempo)
    return as_imagined and not takes_over and settings.guide.zone == 0


def simplified(happenings: Sequence[Happening]) -> Iterator[Happening]:
    """Yield what happens, such that what is heard can be compared with what sounds."""
    for each in happenings:
        if isinstance(each.event, SettingsChanged):
            yield each._replace(event=SettingsChanged(kept_simple(each.event.settings)))
        elif not is_another_memory(each.event):
            yield each


def kept_simple(settings: Settings) -> Settings:
    """Return settings by which what is sent is what was imagined, and mostly nothing is wished for."""
    thru = settings.play.thru and settings.play.mode != "takeover"
    return changed(
        settings,
        play=changed(settings.play, mood="none", thru=thru),
        guide=changed(
            settings.guide, tempo=1.0, zone=0, density=-1.0, loudness=-1.0, register=-1.0, key="free"
        ),
        tempo=changed(settings.tempo, quantise=0.0, swing=0.5),
    )
