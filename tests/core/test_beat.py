"""Pieces that are played freely, and the beat that is heard in them."""

import random
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.beat import FORGOTTEN_AFTER, BeatTracker
from antiphon.core.beat_lengths import LONGEST, SHORTEST
from antiphon.core.metre import Metre
from antiphon.core.units import Pitch, Velocity

Onset = tuple[float, int, int]
"""When, which pitch, how loud."""

PLENTY = 1.0
"""Seconds after the last chord, when all of it has been taken in."""


def heard_in(onsets: Iterable[Onset]) -> Metre | None:
    tracker, now = BeatTracker(), 0.0
    for now, pitch, velocity in onsets:
        if tracker.due is not None and tracker.due <= now:
            tracker.advance(tracker.due)
        tracker.hear(Pitch(pitch), Velocity(velocity), now)
    tracker.advance(now + PLENTY)
    return tracker.metre(now + PLENTY)


def oom_pah(bpm: float, bar: int, bars: int, jitter: float = 0.0, seed: int = 1) -> list[Onset]:
    """A bass on the first beat, chords on the others, and a melody of eighths; each early or late."""
    drawn, beat = random.Random(seed), 60.0 / bpm
    onsets: list[Onset] = []
    for number in range(bar * bars):
        at = number * beat
        struck = [(40, 90)] if number % bar == 0 else [(55, 60), (60, 60), (64, 60)]
        onsets += [(at + drawn.uniform(0.0, 2 * jitter), pitch, velocity) for pitch, velocity in struck]
        melody = [(at, 76 + number % 5, 75), (at + beat / 2, 79, 60)]
        onsets += [(when + drawn.uniform(0.0, 2 * jitter), pitch, loud) for when, pitch, loud in melody]
    return sorted(onsets)


@pytest.mark.parametrize("bpm", [90.0, 100.0, 110.0, 126.0, 140.0])
def test_the_beat_of_an_accompanied_tune_is_heard(bpm: float) -> None:
    metre = heard_in(oom_pah(bpm, 4, 6))
    assert metre is not None
    assert metre.bpm == pytest.approx(bpm, rel=0.01)
    assert metre.source == "playing"
    last = metre.beat_at(23 * 60.0 / bpm)
    assert abs(last - round(last)) * metre.period < 0.03


@pytest.mark.parametrize("seed", range(4))
def test_fingers_that_are_early_and_late_change_little(seed: int) -> None:
    metre = heard_in(oom_pah(110.0, 4, 6, jitter=0.02, seed=seed))
    assert metre is not None
    assert metre.bpm == pytest.approx(110.0, rel=0.03)


@pytest.mark.parametrize("bar", [3, 4])
def test_bars_begin_with_the_bass(bar: int) -> None:
    metre = heard_in(oom_pah(120.0, bar, 8))
    assert metre is not None
    assert metre.bar == bar
    assert round(metre.beat_at(7 * bar * 0.5)) % bar == 0


def test_a_new_tempo_is_followed() -> None:
    slow = oom_pah(90.0, 4, 4)
    begins = 16 * 60.0 / 90.0
    quick = [(begins + at, pitch, velocity) for at, pitch, velocity in oom_pah(130.0, 4, 8)]
    metre = heard_in([*slow, *quick])
    assert metre is not None
    assert metre.bpm == pytest.approx(130.0, rel=0.02)


def test_a_few_notes_tell_no_beat() -> None:
    assert heard_in([]) is None
    assert heard_in([(0.5 * note, 60, 80) for note in range(5)]) is None
    assert heard_in([(0.001 * note, 40 + note, 80) for note in range(40)]) is None


def test_nobody_keeps_a_beat_for_ever() -> None:
    tracker = BeatTracker()
    for number in range(16):
        tracker.hear(Pitch(60), Velocity(80), 0.5 * number)
    tracker.advance(9.0)
    assert tracker.metre(9.0) is not None
    assert tracker.metre(8.0 + FORGOTTEN_AFTER) is None
    tracker.hear(Pitch(60), Velocity(80), 10.0 + FORGOTTEN_AFTER)
    tracker.advance(11.0 + FORGOTTEN_AFTER)
    assert tracker.metre(11.0 + FORGOTTEN_AFTER) is None


def test_the_work_is_done_once_a_chord_is_complete() -> None:
    tracker = BeatTracker()
    assert tracker.due is None
    tracker.hear(Pitch(60), Velocity(80), 1.0)
    due = tracker.due
    assert due is not None
    tracker.hear(Pitch(64), Velocity(80), 1.02)
    assert tracker.due == due
    tracker.advance(due - 0.001)
    assert tracker.due == due
    tracker.advance(due)
    assert tracker.due is None


@given(
    st.lists(
        st.tuples(st.floats(0.0, 40.0), st.integers(0, 127), st.integers(1, 127)), min_size=1, max_size=30
    )
)
def test_whatever_is_played_a_beat_is_of_a_possible_length(notes: list[tuple[float, int, int]]) -> None:
    tracker, now = BeatTracker(), 0.0
    for wait, pitch, velocity in notes:
        now += wait
        tracker.hear(Pitch(pitch), Velocity(velocity), now)
        tracker.advance(now + 0.05)
        metre = tracker.metre(now)
        if metre is not None:
            assert 0.9 * SHORTEST < metre.period < 1.1 * LONGEST
            assert abs(metre.at - now) <= metre.period
            assert metre.bar in (3, 4)
