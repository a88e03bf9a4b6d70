"""Anything may happen, in any order and at any time; the promises hold.

``make soak-sim`` does the same for as long as it is let, and prints the seed of what it finds.
"""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from antiphon.core.commands import Command, PlayNote, Publish, ReleaseNote, TurnTaken
from antiphon.core.events import Event, KeyPressed, OutputLost, SettingsChanged, Silenced
from antiphon.core.settings import Settings
from antiphon.core.units import Pitch, Velocity
from drawn_sessions import DrawnSession, drawn, live_through, shrunk
from simulated_room import LATEST, WAITS, Happening, Room, chosen, events, happenings, settings_to_choose
from witness import Witness


def seen(seed: int, first: Settings, happenings: list[Happening]) -> Witness:
    """Let a session happen before a witness."""
    witness = Witness(first, LATEST)
    Room(seed, lambda entry: None, first, witness.see).live_through(happenings)
    return witness


@given(happenings(), settings_to_choose(), st.integers(0, 1000))
@hypothesis_settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_happens_the_promises_hold(happenings: list[Happening], first: Settings, seed: int) -> None:
    seen(seed, first, happenings)


class Sessions(RuleBasedStateMachine):
    """A session that goes on, event by event, for as long as it is let."""

    @initialize(seed=st.integers(0, 1000), first=settings_to_choose())
    def begin(self, seed: int, first: Settings) -> None:
        self.witness = Witness(first, LATEST)
        self.room = Room(seed, lambda entry: None, first, self.witness.see)

    @rule(wait=WAITS, event=events())
    def happens(self, wait: float, event: Event) -> None:
        self.room.happen(event, self.room.now + wait)

    @rule()
    def a_phrase_is_played(self) -> None:
        self.room.play_a_phrase()

    @rule()
    def nobody_does_anything(self) -> None:
        self.room.pass_time(self.room.now + 30.0)

    def teardown(self) -> None:
        if hasattr(self, "room"):
            self.room.happen(Silenced(), self.room.now)


Sessions.TestCase.settings = hypothesis_settings(
    max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestSessions = Sessions.TestCase


Shown = tuple[float, Event | None, list[Command]]
"""When, what happened, and what followed."""

FIRST = chosen()
TAKEN = Publish(0.0, TurnTaken(1, 1.0))


def a_witness() -> Witness:
    witness = Witness(FIRST, LATEST)
    witness.see(0.0, None, [TAKEN])
    return witness


def onset(at: float, pitch: int = 60) -> PlayNote:
    return PlayNote(at, Pitch(pitch), Velocity(80))


def release(at: float, pitch: int = 60) -> ReleaseNote:
    return ReleaseNote(at, Pitch(pitch))


def test_a_witness_sees_what_is_wrong() -> None:
    """Each of these is a promise that is broken; without them it might see nothing at all."""
    broken: dict[str, list[Shown]] = {
        "does not sound": [(0.0, None, [release(0.0)])],
        "while it sounds": [(0.0, None, [onset(0.0), onset(0.0)])],
        "outside the range": [(0.0, None, [onset(0.0, 57)])],
        "4th note": [(0.0, None, [onset(0.0, pitch) for pitch in (58, 59, 60, 61)])],
        "before its time": [(0.0, None, [onset(0.1)])],
        "too late": [(1.0, None, [onset(0.9)])],
        "due before what was sent before": [(0.0, None, [onset(0.0)]), (0.1, None, [release(-0.01)])],
        "time went back": [(1.0, None, []), (0.9, None, [])],
        "sound on after it was silenced": [(0.0, None, [onset(0.0)]), (0.1, Silenced(), [])],
        "has sounded for": [(0.0, None, [onset(0.0)]), (2.1, None, [])],
        "taken the floor": [(0.0, KeyPressed(Pitch(60), Velocity(80)), []), (0.1, None, [onset(0.1)])],
        "only to listen": [(0.0, SettingsChanged(chosen("listen")), []), (0.1, None, [onset(0.1)])],
        "nobody played": [(0.0, None, [PlayNote(0.0, Pitch(60), Velocity(80), "you")])],
    }
    for sentence, steps in broken.items():
        with pytest.raises(AssertionError, match=sentence):
            shown(a_witness(), steps)


def shown(witness: Witness, steps: list[Shown]) -> None:
    for now, event, said in steps:
        witness.see(now, event, said)


def test_a_witness_has_nothing_against_what_is_right() -> None:
    shown(
        a_witness(),
        [
            (0.0, None, [onset(0.0), onset(0.0, 62)]),
            (0.5, None, [release(0.5), onset(0.5)]),
            (0.6, OutputLost(), []),
            (0.7, Silenced(), []),
        ],
    )


@pytest.mark.parametrize("seed", range(1, 40))
def test_sessions_that_are_drawn_hold_their_promises(seed: int) -> None:
    """The first of those that ``make soak-sim`` goes on with."""
    assert live_through(drawn(seed)) > 20


def test_the_session_of_a_seed_is_always_the_same() -> None:
    assert [drawn(3).first, len(drawn(3).happenings)] == [drawn(3).first, len(drawn(3).happenings)]
    assert live_through(drawn(3)) == live_through(drawn(3))
    assert [each.wait for each in drawn(3).happenings] != [each.wait for each in drawn(4).happenings]


def test_of_a_session_that_breaks_a_promise_as_little_is_left_as_breaks_it() -> None:
    def breaks(session: DrawnSession) -> bool:
        pressed = [each for each in session.happenings if isinstance(each.event, KeyPressed)]
        return len(pressed) >= 2

    small = shrunk(drawn(3), breaks)
    assert [type(each.event) for each in small.happenings] == [KeyPressed, KeyPressed]
