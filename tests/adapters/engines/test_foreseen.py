"""Music that was imagined in one piece: how it is given out, and what other music does to it."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from antiphon.adapters.engines.foreseen import NOTHING, Foreseen, ForeseenNote, foreseen, is_allowed
from antiphon.core.engine import Constraints, MusicEvent
from antiphon.core.units import Pitch, Velocity

pitches = st.integers(48, 72).map(Pitch)
few_pitches = st.frozensets(pitches, max_size=20)
seconds = st.integers(0, 16).map(lambda steps: steps / 8)
events = st.builds(MusicEvent, dt=seconds, velocity=st.sampled_from([0, 64]).map(Velocity), pitch=pitches)
futures = st.builds(Foreseen, st.lists(events, max_size=12).map(tuple), rest=seconds)
constraints = st.builds(
    Constraints,
    shortest_dt=st.just(0.25),
    longest_dt=seconds.map(lambda span: 0.25 + span),
    onsets=few_pitches,
    releases=few_pitches,
    temperature=st.just(1.0),
    min_p=st.just(0.0),
    taken=few_pitches,
)


def onset(dt: float, pitch: int) -> MusicEvent:
    return MusicEvent(dt, Velocity(64), Pitch(pitch))


def release(dt: float, pitch: int) -> MusicEvent:
    return MusicEvent(dt, Velocity(0), Pitch(pitch))


def note(pitch: int, begins: float | None, ends: float | None) -> ForeseenNote:
    return ForeseenNote(Pitch(pitch), Velocity(64), begins, ends)


CHORD = foreseen([note(60, 0.0, 0.5), note(64, 0.0, 0.5), note(67, 0.5, None), note(50, None, 0.25)], 1.0)


def test_notes_become_events_in_order_and_the_releases_come_first() -> None:
    assert CHORD.events == (
        onset(0, 60), onset(0, 64), release(0.25, 50), release(0.25, 60), release(0, 64), onset(0, 67),
    )  # fmt: skip
    assert CHORD.rest == 0.5
    assert CHORD.lasts == 1.0


def test_no_notes_are_a_rest() -> None:
    assert foreseen([], 0.75) == Foreseen((), 0.75)


@given(futures, constraints)
def test_what_is_given_is_allowed_and_the_first_that_is(future: Foreseen, asked: Constraints) -> None:
    event = future.next_allowed(asked)
    allowed = [each for each in future.events if is_allowed(each, asked)]
    if event is None:
        assert not allowed
    else:
        assert (event.velocity, event.pitch) == (allowed[0].velocity, allowed[0].pitch)
        assert asked.shortest_dt <= event.dt <= asked.longest_dt
        assert event.pitch in (asked.onsets - asked.taken if event.velocity else asked.releases)


@given(futures)
def test_to_hear_each_event_as_it_was_foreseen_leaves_the_rest_until_nothing_is_left(
    future: Foreseen,
) -> None:
    rest = future
    for number, event in enumerate(future.events, start=1):
        rest = rest.after(event)
        assert rest.events == future.events[number:]


@given(futures, seconds)
def test_time_that_passes_is_taken_off_and_no_event_is_lost(future: Foreseen, passed: float) -> None:
    before = list(accumulate(event.dt for event in future.events))
    later = future.later(passed)
    after = list(accumulate(event.dt for event in later.events))
    assert after == [max(at - passed, 0.0) for at in before]
    assert later.lasts == max(future.lasts - passed, 0.0)


def test_an_onset_that_was_not_foreseen_overthrows_everything() -> None:
    assert CHORD.after(onset(0.1, 61)) == NOTHING


def test_a_foreseen_onset_that_comes_too_soon_overthrows_everything_unless_it_is_the_next() -> None:
    assert CHORD.after(onset(0.1, 67)) == NOTHING
    assert Foreseen((onset(1.2, 67), release(0.1, 67))).after(onset(0.3, 67)).events == (release(0.1, 67),)


def test_a_release_that_was_not_foreseen_lets_time_pass() -> None:
    began = CHORD.after(onset(0.0, 60)).after(onset(0.0, 64))
    assert began.after(release(0.1, 40)) == began.later(0.1)


def test_what_is_not_allowed_is_passed_over_and_the_rest_follows_in_its_time() -> None:
    asked = Constraints(0.0, 4.0, frozenset({Pitch(67)}), frozenset({Pitch(67)}), 1.0, 0.0)
    future = Foreseen((onset(0.0, 60), release(0.5, 60), onset(0.0, 67), release(0.25, 67)))
    event = future.next_allowed(asked)
    assert event is not None
    assert event == onset(0.5, 67)
    assert future.after(event).events == (release(0.25, 67),)


def test_an_event_is_played_for_whom_it_was_asked() -> None:
    asked = Constraints(0.0, 4.0, frozenset({Pitch(60)}), frozenset(), 1.0, 0.0, asked="it")
    assert CHORD.next_allowed(asked) == replace(onset(0.0, 60), part="it")
