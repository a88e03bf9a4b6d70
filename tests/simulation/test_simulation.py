"""Anything may happen, in any order and at any time; the promises hold.

``make soak-sim`` does the same for as long as it is let, and prints the seed of what it finds.
"""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from antiphon.core.commands import (
    Command,
    HeldLong,
    PlayNote,
    Publish,
    ReleaseNote,
    SendClock,
    TurnGivenBack,
    TurnTaken,
)
from antiphon.core.events import (
    Event,
    HoldPressed,
    HoldReleased,
    HoursTold,
    KeyPressed,
    KeyReleased,
    OutputLost,
    SettingsChanged,
    Silenced,
)
from antiphon.core.settings import ModeName, Settings
from antiphon.core.units import Pitch, Velocity
from drawn_sessions import DrawnSession, drawn, live_through, shrunk
from drawn_settings import ALL_MODES
from shipped_network import shipped_network
from simulated_room import LATEST, WAITS, Happening, Room, chosen, events, happenings, settings_to_choose
from witness import Witness


def seen(seed: int, first: Settings, happenings: list[Happening]) -> Witness:
    """Let a session happen before a witness."""
    witness = Witness(first, LATEST)
    Room(seed, None, first, witness.see).live_through(happenings)
    return witness


@given(happenings(ALL_MODES), settings_to_choose(ALL_MODES), st.integers(0, 1000))
@hypothesis_settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_happens_the_promises_hold(happenings: list[Happening], first: Settings, seed: int) -> None:
    seen(seed, first, happenings)


class Sessions(RuleBasedStateMachine):
    """A session that goes on, event by event, for as long as it is let."""

    @initialize(seed=st.integers(0, 1000), first=settings_to_choose(ALL_MODES))
    def begin(self, seed: int, first: Settings) -> None:
        self.witness = Witness(first, LATEST)
        self.room = Room(seed, None, first, self.witness.see)

    @rule(wait=WAITS, event=events(ALL_MODES))
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
A_PIECE = Publish(0.0, TurnTaken(0, 0.0))
STRUCK = KeyPressed(Pitch(60), Velocity(80))
SILENT = KeyReleased(Pitch(60))


def a_witness(mode: ModeName = "answer") -> Witness:
    return Witness(chosen(mode), LATEST)


def onset(at: float, pitch: int = 60) -> PlayNote:
    return PlayNote(at, Pitch(pitch), Velocity(80))


def release(at: float, pitch: int = 60) -> ReleaseNote:
    return ReleaseNote(at, Pitch(pitch))


BROKEN: dict[str, list[Shown]] = {
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
    "taken the floor": [(0.0, STRUCK, []), (0.1, None, [onset(0.1, 62)])],
    "which the player holds": [(0.0, OutputLost(), []), (0.0, STRUCK, []), (0.1, None, [onset(0.1)])],
    "its time was up": [(3.1, None, [onset(3.1)])],
    "nobody played": [(0.0, None, [PlayNote(0.0, Pitch(60), Velocity(80), "you")])],
    "a turn is taken that it had already": [(0.1, None, [TAKEN])],
    "nobody holds it": [(0.1, None, [Publish(0.1, HeldLong())])],
    "and was not started": [(0.1, None, [SendClock(0.1, "tick")])],
    "and is not silenced": [(0.1, HoldPressed(), []), (2.7, None, [])],
}
"""By what is to be said of each: promises that are broken, in a turn that was taken."""


@pytest.mark.parametrize("sentence", BROKEN)
def test_a_witness_sees_what_is_wrong(sentence: str) -> None:
    """Without these it might see nothing at all."""
    with pytest.raises(AssertionError, match=sentence):
        shown(a_witness(), [(0.0, None, [TAKEN]), *BROKEN[sentence]])


IN_OTHER_MODES: dict[str, tuple[ModeName, list[Shown]]] = {
    "only to listen": ("listen", [(0.0, None, [TAKEN])]),
    "it takes over, and nobody holds it": ("takeover", [(0.0, None, [TAKEN])]),
    "it joins in, and nobody plays": ("duet", [(0.0, None, [TAKEN])]),
    "after the player has begun": ("duet", [(0.0, STRUCK, []), (0.9, None, [TAKEN])]),
    "s after the player's note": (
        "duet",
        [(0.0, STRUCK, []), (1.0, None, [TAKEN]), (1.1, STRUCK, []), (1.15, None, [onset(1.15, 62)])],
    ),
    "and nobody has played": ("answer", [(1.0, None, [A_PIECE])]),
    "at an hour at which it is not to": (
        "attract",
        [(0.0, HoursTold(is_open=False, day=1), []), (90.0, None, [A_PIECE])],
    ),
    "after the last touch": ("attract", [(1.0, None, [A_PIECE])]),
    "after a pause of": ("answer", [(0.0, STRUCK, []), (0.05, SILENT, []), (0.1, None, [TAKEN])]),
    "while the player holds something": ("attract", [(0.0, STRUCK, []), (1.0, None, [TAKEN])]),
    "has struck that key": (
        "takeover",
        [(0.0, HoldPressed(), [TAKEN]), (0.1, None, [onset(0.1)]), (0.2, STRUCK, [])],
    ),
    "after it was silenced": (
        "takeover",
        [(0.0, HoldPressed(), [TAKEN]), (0.1, None, [onset(0.1)]), (0.2, HoldReleased(), [])],
    ),
}


@pytest.mark.parametrize("sentence", IN_OTHER_MODES)
def test_a_witness_sees_what_is_wrong_in_each_mode(sentence: str) -> None:
    mode, steps = IN_OTHER_MODES[sentence]
    with pytest.raises(AssertionError, match=sentence):
        shown(a_witness(mode), steps)


def shown(witness: Witness, steps: list[Shown]) -> None:
    for now, event, said in steps:
        witness.see(now, event, said)


def test_a_witness_has_nothing_against_what_is_right() -> None:
    shown(
        a_witness(),
        [
            (0.0, None, [TAKEN]),
            (0.0, None, [onset(0.0), onset(0.0, 62)]),
            (0.5, None, [release(0.5), onset(0.5)]),
            (0.6, OutputLost(), [Publish(0.6, TurnGivenBack("output lost", 3, 0.6))]),
            (0.7, SettingsChanged(FIRST), []),
            (0.8, Silenced(), []),
        ],
    )


def test_what_is_let_go_in_the_very_step_in_which_it_is_taken_over_is_not_inherited() -> None:
    """A key counts as up that is held for too long, and a late wake-up may find both at once."""
    first = chosen("takeover", thru=True)
    passed_on = PlayNote(0.0, Pitch(60), Velocity(80), "you")
    let_go = ReleaseNote(2.3, Pitch(60), "you")
    witness = Witness(first, LATEST)
    shown(
        witness,
        [
            (0.0, STRUCK, [passed_on]),
            (2.0, HoldPressed(), []),
            (2.3, None, [let_go, Publish(2.0, TurnTaken(1, 2.3))]),
        ],
    )


@pytest.mark.parametrize("seed", range(1, 40))
def test_sessions_that_are_drawn_hold_their_promises(seed: int) -> None:
    """The first of those that ``make soak-sim`` goes on with."""
    assert live_through(drawn(seed)).steps > 100


@pytest.mark.parametrize("mode", ALL_MODES)
def test_so_do_those_of_a_single_mode(mode: ModeName) -> None:
    account = sum(
        (live_through(drawn(seed, (mode,))) for seed in range(100, 112)), start=live_through(drawn(99))
    )
    assert account.notes > 20


@pytest.mark.parametrize("seed", range(7000, 7012))
def test_so_they_do_with_the_network_that_ships(seed: int) -> None:
    """Where nothing is wished for, its state in the end is, to the bit, that of one that heard the same."""
    assert live_through(drawn(seed), shipped_network()).steps > 100


def test_however_long_a_session_is_it_keeps_no_more() -> None:
    assert live_through(drawn(1, seconds=2400.0)).steps > 10_000


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
