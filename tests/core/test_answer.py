"""One answer by itself: what is planned, given out, cut and taken back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.answer import CLOSING_NOTE, SHORTEST_NOTE, Answer
from antiphon.core.engine import Constraints, Engine, MusicEvent
from antiphon.core.guide import UNGUIDED, Guide
from antiphon.core.keys import Key, key_named
from antiphon.core.memory import Memory
from antiphon.core.terms import Room, Terms
from antiphon.core.units import Pitch, Velocity
from default_settings import settings
from hesitant_engine import HesitantEngine
from scripted_engine import ScriptedEngine
from uniform_engine import UniformEngine

Line = list[tuple[float, int, int]]

WATCHED = {"look_ahead": 0.3, "late_onset": 1.0}
"""Looked after ten times a second, which must not count as late."""

THREE_NOTES: Line = [(0.0, 90, 72), (0.2, 0, 72), (0.1, 80, 74), (0.2, 0, 74), (0.1, 80, 76), (0.2, 0, 76)]


class StubbornEngine(UniformEngine):
    """Implements the engine protocol; plays one pitch again and again, and always at once."""

    def sample(self, constraints: Constraints) -> MusicEvent:
        if constraints.releases:
            return MusicEvent(constraints.shortest_dt, Velocity(0), min(constraints.releases))
        return MusicEvent(constraints.shortest_dt, Velocity(80), min(constraints.onsets - constraints.taken))


def answer_of(
    engine: Engine,
    length: float = 4.0,
    blocked: tuple[int, ...] = (),
    guide: Guide = UNGUIDED,
    **sections: Any,
) -> Answer:
    """An answer that begins at 0, in a room where nothing was heard before."""
    pitches = frozenset(map(Pitch, blocked))
    return Answer(Memory(engine, 0.0), settings(**sections), Terms(guide, length), 0.0, Room(pitches))


def played(answer: Answer, every: float = 0.1, until: float = 60.0) -> list[tuple[float, float, int]]:
    """The notes of an answer that is looked after at an interval: onset, release and pitch of each."""
    now, sounding, notes = 0.0, dict[int, float](), list[tuple[float, float, int]]()
    while not answer.is_over:
        assert now < until, "it never ends"
        plan_all(answer, now)
        for event in answer.take_due(now):
            if event.is_onset:
                assert event.pitch not in sounding
                sounding[event.pitch] = event.due
            else:
                notes.append((sounding.pop(event.pitch), event.due, event.pitch))
        now += every
    assert not sounding
    return sorted(notes)


def even(pitch: int, notes: int = 1, interval: float = 0.25, length: float = 0.25) -> Line:
    """Notes of one pitch, as an engine says them; the first begins where the last thing happened."""
    return [(interval - length, 80, pitch), (length, 0, pitch)] * notes


def plan_all(answer: Answer, now: float = 0.0) -> int:
    """Imagine until enough is planned; return how many steps that took."""
    steps = 0
    while answer.wants_to_imagine(now):
        answer.imagine(now)
        steps += 1
        assert steps < 10_000, "it never has enough"
    return steps


def test_it_imagines_ahead_as_far_as_it_looks_and_no_further() -> None:
    answer = answer_of(ScriptedEngine(THREE_NOTES), latency={"look_ahead": 0.25})
    assert plan_all(answer) == 3
    assert plan_all(answer, now=0.1) == 1


def test_without_looking_ahead_nothing_is_decided_before_all_that_was_is_due() -> None:
    answer = answer_of(ScriptedEngine(THREE_NOTES), latency={"look_ahead": 0.0})
    assert plan_all(answer) == 2
    assert len(answer.take_due(0.0)) == 1
    assert answer.imagines_at == answer.next_due == pytest.approx(0.2)


def test_it_imagines_on_as_soon_as_less_lies_ahead_than_it_looks() -> None:
    answer = answer_of(ScriptedEngine([(0.0, 80, 60), (1.0, 0, 60)]), latency={"look_ahead": 0.3})
    plan_all(answer)
    assert answer.imagines_at == pytest.approx(0.7)
    assert not answer.wants_to_imagine(0.69)


def test_an_engine_that_has_nothing_yet_is_asked_again_when_the_music_runs_out() -> None:
    engine = HesitantEngine(ScriptedEngine(THREE_NOTES))
    engine.hesitates = False
    answer = answer_of(engine, latency={"look_ahead": 0.25})
    plan_all(answer)
    engine.hesitates = True
    assert plan_all(answer, now=0.1) == 1
    assert engine.asked[-1].within == pytest.approx(0.2)
    assert answer.imagines_at == pytest.approx(0.3)
    answer.take_due(0.31)
    answer.imagine(0.31)
    assert engine.asked[-1].within == pytest.approx(-0.01)


def test_an_engine_that_has_something_now_is_asked_at_once() -> None:
    engine = HesitantEngine(ScriptedEngine(THREE_NOTES))
    answer = answer_of(engine)
    answer.imagine(0.0)
    assert not answer.wants_to_imagine(0.01)
    engine.hesitates = False
    answer.ask_again()
    assert answer.wants_to_imagine(0.01)
    answer.imagine(0.01)
    assert [event.due for event in answer.take_due(0.01)] == [0.01]


def test_while_the_engine_has_nothing_the_music_rests_but_no_note_sounds_for_too_long() -> None:
    engine = HesitantEngine(ScriptedEngine([(0.0, 80, 60)]))
    engine.hesitates = False
    answer = answer_of(engine, play={"longest_note": 1.5}, latency={"look_ahead": 0.0})
    answer.imagine(0.0)
    answer.take_due(0.0)
    engine.hesitates = True
    answer.imagine(0.0)
    assert answer.imagines_at == 1.5
    answer.imagine(1.5)
    assert [(event.due, event.velocity) for event in answer.take_due(1.5)] == [(1.5, 0)]


def test_an_answer_ends_at_its_length_though_the_engine_never_has_anything() -> None:
    engine = HesitantEngine(ScriptedEngine(THREE_NOTES))
    answer, now = answer_of(engine, length=2.7), 0.0
    while not answer.is_over:
        assert answer.imagines_at is not None
        now = answer.imagines_at
        answer.imagine(now)
    assert now == 2.7
    assert answer.ending == "length reached"
    assert len(engine.asked) <= 2


def test_what_is_taken_back_is_asked_for_anew_at_once() -> None:
    engine = HesitantEngine(ScriptedEngine(THREE_NOTES))
    answer = answer_of(engine)
    answer.imagine(0.0)
    answer.take_back()
    assert answer.wants_to_imagine(0.0)


def test_only_what_is_due_is_given_out() -> None:
    answer = answer_of(ScriptedEngine(THREE_NOTES), latency={"look_ahead": 2.0, "late_onset": 1.0})
    plan_all(answer)
    assert [(event.due, event.pitch) for event in answer.take_due(0.25)] == [(0.0, 72), (0.2, 72)]
    assert answer.next_due == pytest.approx(0.3)
    assert answer.onsets_played == 1


def test_what_is_taken_back_was_never_heard() -> None:
    engine = ScriptedEngine(THREE_NOTES)
    answer = answer_of(engine, latency={"look_ahead": 2.0})
    plan_all(answer)
    answer.take_due(0.0)
    answer.take_back()
    assert engine.heard == (MusicEvent(0.0, Velocity(90), Pitch(72)),)
    assert answer.next_due is None


def test_stopped_it_hears_its_sounding_notes_end() -> None:
    engine = ScriptedEngine(THREE_NOTES)
    answer = answer_of(engine, latency={"look_ahead": 2.0})
    plan_all(answer)
    answer.take_due(0.0)
    answer.stop(0.1)
    assert engine.heard == (MusicEvent(0.0, Velocity(90), Pitch(72)), MusicEvent(0.1, Velocity(0), Pitch(72)))


def test_a_release_that_belongs_to_a_dropped_onset_is_dropped_with_it() -> None:
    """Though the pitch sounded before: its own release was due meanwhile, too, and that one counts."""
    restruck: Line = [(0.0, 80, 60), (0.1, 80, 61), (0.1, 0, 60), (0.1, 80, 60), (0.1, 0, 60)]
    engine = ScriptedEngine(restruck)
    answer = answer_of(engine, latency={"look_ahead": 0.4, "late_onset": 0.01})
    plan_all(answer)
    answer.take_due(0.0)
    made_up = answer.make_up_time(2.0)
    assert made_up is not None
    releases, cut = made_up
    assert [event.pitch for event in releases] == [60]
    assert releases[0].due == pytest.approx(0.2)
    assert cut.onsets == 2
    assert cut.late == pytest.approx(1.9)
    assert [event.velocity for event in engine.heard] == [80, 0]


def test_nothing_is_made_up_for_while_all_is_in_time() -> None:
    answer = answer_of(ScriptedEngine(THREE_NOTES), latency={"look_ahead": 2.0})
    plan_all(answer)
    assert answer.make_up_time(0.0) is None


def test_no_engine_can_play_for_ever_in_a_single_moment() -> None:
    answer = answer_of(StubbornEngine(), latency={"look_ahead": 1.0})
    assert plan_all(answer) <= 2 * 1.0 / SHORTEST_NOTE + 2
    lengths = [event.due for event in answer.take_due(0.0)]
    assert lengths == [0.0]
    assert answer.next_due == pytest.approx(SHORTEST_NOTE)


def test_no_note_begins_once_the_length_is_reached() -> None:
    late_note: Line = [(0.0, 80, 60), (0.9, 0, 60), (0.8, 80, 62), (0.8, 0, 62)]
    answer = answer_of(ScriptedEngine(late_note), length=1.5, latency={"look_ahead": 5.0})
    plan_all(answer)
    assert [event.velocity for event in answer.take_due(0.0)] == [80]
    assert [event.pitch for event in answer.take_due(9.0)] == [60]
    assert answer.is_over
    assert answer.ending == "length reached"


def test_a_last_note_may_still_close() -> None:
    answer = answer_of(ScriptedEngine([(0.0, 80, 60)]), length=1.0, latency={"look_ahead": 5.0})
    plan_all(answer)
    answer.take_due(0.0)
    assert answer.next_due == pytest.approx(1.0 + CLOSING_NOTE)


def test_the_phrase_closes_at_a_long_wait_once_it_has_come_far_enough() -> None:
    early = [*even(60, 6), (1.0, 80, 60), (0.2, 0, 60), *even(60, 100)]
    late = [*even(60, 14), (1.0, 80, 60), (0.2, 0, 60), *even(60, 100)]
    answer = answer_of(ScriptedEngine(early), length=5.0, latency=WATCHED)
    assert played(answer)[-1][0] > 4.5
    assert answer.ending == "length reached"
    answer = answer_of(ScriptedEngine(late), length=5.0, latency=WATCHED)
    assert [onset for onset, _, _ in played(answer)][-2:] == pytest.approx([3.0, 3.25])
    assert answer.ending == "phrase ended"


def test_a_wait_closes_the_phrase_though_a_note_still_sounds() -> None:
    over_a_bass: Line = [(0.0, 80, 40), *even(60, 14), (1.2, 80, 62), (0.5, 0, 40)]
    answer = answer_of(ScriptedEngine(over_a_bass), length=5.0, latency=WATCHED, play={"longest_note": 4.0})
    notes = played(answer)
    assert max(onset for onset, _, _ in notes) == pytest.approx(3.25)
    assert (0.0, 4.0, 40) in notes
    assert answer.ending == "phrase ended"


def test_the_last_note_is_held_though_its_end_was_already_planned() -> None:
    notes = played(answer_of(ScriptedEngine(even(60, 100)), length=3.1, latency=WATCHED))
    assert [release - onset for onset, release, _ in notes] == pytest.approx([0.25] * 12 + [0.5])


def test_a_last_note_that_is_short_stays_short() -> None:
    notes = played(answer_of(ScriptedEngine(even(60, 100, length=0.05)), length=3.1, latency=WATCHED))
    assert notes[-1][1] - notes[-1][0] == pytest.approx(0.1)


def test_the_last_note_is_held_no_longer_than_a_note_may_be() -> None:
    slow = answer_of(
        ScriptedEngine(even(60, 9, 0.5, 0.5)), length=3.1, latency=WATCHED, play={"longest_note": 0.7}
    )
    assert max(release - onset for onset, release, _ in played(slow)) == pytest.approx(0.7)


def test_even_notes_end_at_home_when_the_length_is_near() -> None:
    tune: Line = [event for pitch in (62, 60, 69) for event in even(pitch)] * 20
    in_c = Guide(pitch_classes=Key(0, is_minor=False).shares)
    answer = answer_of(ScriptedEngine(tune), length=8.2, guide=in_c, latency=WATCHED)
    notes = played(answer)
    assert notes[-1][2] == 60
    assert notes[-1][0] > 6.0
    assert answer.ending == "phrase ended"


def test_taken_back_after_its_close_it_goes_on() -> None:
    """As it does when other settings come while its last note sounds, and the time is not over yet."""
    long_wait = [*even(60, 14), (1.0, 80, 60), (0.2, 0, 60), *even(64, 2)]
    engine = ScriptedEngine(long_wait)
    answer = answer_of(engine, length=5.0, latency=WATCHED)
    now = 0.0
    while answer.ending is None:
        answer.take_due(now)
        plan_all(answer, now)
        now += 0.1
    assert answer.ending == "phrase ended"
    assert not engine.heard[-1].velocity
    assert engine.heard[-1].dt == pytest.approx(0.5)
    answer.take_back()
    assert answer.ending is None
    assert engine.heard[-1].velocity
    assert answer.wants_to_imagine(now)


@given(
    seed=st.integers(0, 1000),
    length=st.floats(0.5, 20.0),
    polyphony=st.integers(1, 8),
    look_ahead=st.sampled_from([0.0, 0.3, 2.0]),
    key=st.sampled_from(["free", "C major", "F# minor"]),
    tempo=st.sampled_from([0.25, 1 / 1.4, 1.0, 4.0]),
)
def test_whatever_the_engine_says_an_answer_ends_in_time_and_releases_all(
    seed: int, length: float, polyphony: int, look_ahead: float, key: str, tempo: float
) -> None:
    named = key_named(key)
    answer = answer_of(
        UniformEngine(seed),
        length=length,
        guide=Guide(pitch_classes=None if named is None else named.shares, tempo=tempo),
        play={"polyphony": polyphony},
        latency={"look_ahead": look_ahead, "late_onset": 1.0},
    )
    notes = played(answer, every=0.05, until=length + CLOSING_NOTE + 0.1)
    assert all(onset < length and release > onset for onset, release, _ in notes)


def test_what_the_player_holds_is_left_to_the_player() -> None:
    answer = answer_of(UniformEngine(), blocked=(60,), play={"lowest": 60, "highest": 61})
    plan_all(answer)
    assert {event.pitch for event in answer.take_due(0.0)} <= {61}


def test_where_no_note_is_possible_it_is_over_at_once() -> None:
    answer = answer_of(UniformEngine(), blocked=tuple(range(128)))
    assert plan_all(answer) == 1
    assert answer.is_over


def test_with_one_voice_each_note_ends_before_the_next() -> None:
    answer = answer_of(UniformEngine(), play={"polyphony": 1}, latency={"look_ahead": 5.0, "late_onset": 1.0})
    now, sounding = 0.0, 0
    while not answer.is_over:
        plan_all(answer, now)
        for event in answer.take_due(now):
            sounding += 1 if event.is_onset else -1
            assert sounding in (0, 1)
        now += 0.1


def test_in_another_tempo_everything_is_as_much_shorter() -> None:
    answer = answer_of(ScriptedEngine(THREE_NOTES), guide=Guide(tempo=2.0), latency=WATCHED)
    as_it_was = answer_of(ScriptedEngine(THREE_NOTES), latency=WATCHED)
    fast, slow = played(answer)[:3], played(as_it_was)[:3]
    assert [note[0] for note in fast] == pytest.approx([note[0] / 2 for note in slow])
    assert fast[0][1] - fast[0][0] == pytest.approx((slow[0][1] - slow[0][0]) / 2)


def test_the_engine_hears_its_own_music_in_its_own_tempo_and_loudness() -> None:
    engine = ScriptedEngine(THREE_NOTES)
    answer = answer_of(engine, guide=Guide(tempo=1.5, louder=-20), latency=WATCHED)
    plan_all(answer)
    told = [(event.dt, event.velocity, event.pitch) for event in engine.heard]
    assert told[1:] == [pytest.approx(event) for event in THREE_NOTES[1 : len(told)]]
    assert told[0][1:] == THREE_NOTES[0][1:]


@given(louder=st.integers(-127, 127))
def test_what_is_louder_or_softer_is_still_a_note_and_a_release_a_release(louder: int) -> None:
    answer = answer_of(ScriptedEngine(THREE_NOTES), guide=Guide(louder=louder), latency=WATCHED)
    plan_all(answer)
    events = answer.take_due(10.0)
    for event, (_, velocity, _) in zip(events, THREE_NOTES, strict=False):
        assert event.velocity == (min(max(velocity + louder, 1), 127) if velocity else 0)


C_MINOR = frozenset({0, 2, 3, 5, 7, 8, 10})


def onsets_under_lock(lock: float, seed: int, scale: frozenset[int] = C_MINOR) -> list[int]:
    guide = Guide(scale=scale, lock=lock)
    answer = answer_of(UniformEngine(seed), length=10.0, guide=guide, latency=WATCHED)
    return [pitch for _, _, pitch in played(answer)]


@given(seed=st.integers(0, 1000), scale=st.frozensets(st.integers(0, 11), min_size=1))
def test_a_full_lock_lets_no_note_out_of_the_scale(seed: int, scale: frozenset[int]) -> None:
    assert {pitch % 12 for pitch in onsets_under_lock(1.0, seed, scale)} <= scale


def test_half_a_lock_holds_every_other_note() -> None:
    outside = [pitch % 12 not in C_MINOR for seed in range(20) for pitch in onsets_under_lock(0.5, seed)]
    free = [pitch % 12 not in C_MINOR for seed in range(20) for pitch in onsets_under_lock(0.0, seed)]
    assert 0.15 < sum(outside) / len(outside) < 0.26
    assert 0.35 < sum(free) / len(free) < 0.48


def test_a_range_without_a_note_of_the_scale_is_silent() -> None:
    guide = Guide(scale=C_MINOR, lock=1.0)
    answer = answer_of(UniformEngine(), guide=guide, play={"lowest": 61, "highest": 61})
    assert plan_all(answer) == 1
    assert answer.is_over


def test_a_lock_that_comes_meanwhile_holds_from_the_next_note() -> None:
    answer = answer_of(UniformEngine(), length=20.0, latency=WATCHED)
    plan_all(answer)
    before = len(answer.take_due(0.2))
    answer.follow(settings(latency=WATCHED), Guide(scale=C_MINOR, lock=1.0))
    plan_all(answer, 5.0)
    later = [event for event in answer.take_due(6.0) if event.is_onset]
    assert before
    assert later
    assert {event.pitch % 12 for event in later} <= C_MINOR
