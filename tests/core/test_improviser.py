"""The improviser as its players meet it: who plays when, under a simulated clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.commands import (
    KeysHeld,
    PedalHeld,
    PlayNote,
    Publish,
    ReleaseNote,
    SendControl,
    SendMessage,
    TurnGivenBack,
    TurnTaken,
)
from antiphon.core.engine import Timing
from antiphon.core.events import (
    ControlMoved,
    Event,
    InputLost,
    KeyPressed,
    KeyReleased,
    OtherMessage,
    OutputLost,
    SettingsChanged,
    Silenced,
    Triggered,
)
from antiphon.core.improviser import Improviser
from antiphon.core.modes import LEEWAY
from antiphon.core.performance import TimedEvent
from antiphon.core.simulated import play_through
from antiphon.core.turn import LESS_SURE
from antiphon.core.units import Pitch, Velocity
from antiphon.core.watch import PEDAL_HELD_LONG
from default_settings import settings
from exhausted_engine import ExhaustedEngine
from expectant_engine import ExpectantEngine
from score import note, notes, occurrences, onsets, pedal, scale, score
from scripted_engine import ScriptedEngine
from timing_engine import LATE, SOON, TimingEngine, expecting
from uniform_engine import UniformEngine

THREE_NOTES = [
    (0.0, 90, 72),
    (0.25, 0, 72),
    (0.05, 70, 76),
    (0.2, 0, 76),
    (0.05, 50, 79),
    (0.4, 0, 79),
    (3.0, 60, 60),
]


def test_an_answer_begins_when_the_pause_follows_the_players_pace() -> None:
    improviser = Improviser(ScriptedEngine(THREE_NOTES), settings(turn={"patience": 2.5}), 0.0)
    commands = list(play_through(improviser, scale(interval=0.3), 20.0))
    last_release = 4 * 0.3 + 0.2
    assert onsets(commands)[0].due == pytest.approx(last_release + 2.5 * 0.3)


def test_a_slow_player_is_waited_for_longer() -> None:
    def first_onset(interval: float) -> float:
        improviser = Improviser(ScriptedEngine(THREE_NOTES), settings(), 0.0)
        phrase = scale(interval=interval, length=0.9 * interval)
        return onsets(play_through(improviser, phrase, 30.0))[0].due - phrase[-1].at

    assert first_onset(0.2) < first_onset(0.4) < first_onset(0.6)
    assert first_onset(0.05) == pytest.approx(LESS_SURE * settings().turn.shortest_pause)
    assert first_onset(3.0) == pytest.approx(settings().turn.longest_pause)


def test_a_cadence_is_answered_sooner_than_a_phrase_that_breaks_off() -> None:
    def first_onset(timing: Timing, *last_chord: int) -> float:
        engine = TimingEngine(timing, THREE_NOTES)
        improviser = Improviser(engine, settings(), 0.0)
        even = scale(interval=0.3, pitches=(60, 62, 64, 65, 67, 69, 71, 67, 65, 62))
        cadence = [note(3.3, pitch, length=1.2, velocity=95) for pitch in last_chord]
        return onsets(play_through(improviser, score(even, *cadence), 30.0))[0].due - 4.5

    closed, broken_off = first_onset(LATE, 48, 60, 64, 67), first_onset(SOON, 47, 65)
    assert closed == pytest.approx(settings().turn.shortest_pause)
    assert closed < broken_off <= settings().turn.longest_pause


def test_a_player_who_rests_in_mid_phrase_is_let_finish_the_next_time() -> None:
    timing = expecting((0.3, 0.7), (0.9, 0.25), (4.0, 0.05))
    improviser = Improviser(TimingEngine(timing, THREE_NOTES), settings(), 0.0)
    halting = score(*(note(1.2 * number, 60 + 7 * (number % 2), length=0.4) for number in range(12)))
    taken = [
        each.due
        for each in play_through(improviser, halting, 30.0)
        if isinstance(each, Publish) and isinstance(each.occurrence, TurnTaken)
    ]
    assert [moment for moment in taken if 6.0 < moment < 13.6] == []
    assert len([moment for moment in taken if moment > 13.6]) == 1


def test_the_engine_is_asked_once_for_each_silence_and_not_while_it_plays() -> None:
    engine = TimingEngine(SOON, THREE_NOTES)
    improviser = Improviser(engine, settings(), 0.0)
    commands = list(play_through(improviser, [*scale(), *pedal(1.25, 1), *pedal(1.3, 2)], 20.0))
    assert onsets(commands)
    assert engine.times_asked == 5


def test_a_release_that_is_passed_on_does_not_wait_for_the_engine_to_judge() -> None:
    engine = TimingEngine(SOON, THREE_NOTES)
    improviser = Improviser(engine, settings(play={"thru": True}), 0.0)
    improviser.receive(KeyPressed(Pitch(60), Velocity(64)), 1.0)
    improviser.receive(KeyReleased(Pitch(60)), 1.2)
    passed_on = [type(each) for each in improviser.commands_to_send() if not isinstance(each, Publish)]
    assert passed_on == [PlayNote, ReleaseNote]
    assert engine.times_asked == 0
    assert improviser.wake_at() == 1.2
    improviser.advance(1.2)
    assert engine.times_asked == 1
    later = improviser.wake_at()
    assert later is not None
    assert later > 1.2


def test_of_keys_let_go_in_the_same_moment_one_silence_is_judged() -> None:
    engine = TimingEngine(SOON, THREE_NOTES)
    improviser = Improviser(engine, settings(), 0.0)
    for pitch in (60, 64, 67):
        improviser.receive(KeyPressed(Pitch(pitch), Velocity(64)), 1.0)
        improviser.receive(KeyReleased(Pitch(pitch)), 1.0)
    improviser.advance(1.0)
    assert engine.times_asked == 1


def test_the_memory_is_not_disturbed_by_the_question() -> None:
    engines = TimingEngine(SOON, THREE_NOTES), ScriptedEngine(THREE_NOTES)
    for engine in engines:
        list(play_through(Improviser(engine, settings(), 0.0), scale(), 1.25))
    assert engines[0].heard == engines[1].heard


def test_by_the_pace_alone_the_engine_is_not_asked() -> None:
    engine = TimingEngine(LATE, THREE_NOTES)
    improviser = Improviser(engine, settings(turn={"judge": "pace"}), 0.0)
    commands = list(play_through(improviser, scale(interval=0.3), 20.0))
    assert onsets(commands)[0].due == pytest.approx(4 * 0.3 + 0.2 + 2.5 * 0.3)
    assert engine.times_asked == 0


def test_who_asks_for_an_answer_need_not_wait_for_the_judge() -> None:
    engine = TimingEngine(SOON, THREE_NOTES)
    improviser = Improviser(engine, settings(), 0.0)
    asks = TimedEvent(1.25, Triggered())
    assert onsets(play_through(improviser, [*scale(), asks], 20.0))[0].due == pytest.approx(1.25)


def test_the_answer_is_what_the_engine_says_note_for_note_and_its_last_is_held() -> None:
    improviser = Improviser(ScriptedEngine(THREE_NOTES), settings(), 0.0)
    played = notes(play_through(improviser, scale(), 20.0))
    start = played[0].onset
    assert [
        (round(p.onset - start, 3), round(p.release - start, 3), p.pitch, p.velocity) for p in played
    ] == [
        (0.0, 0.25, 72, 90),
        (0.3, 0.5, 76, 70),
        (0.55, 1.1, 79, 50),
    ]


def test_the_turn_is_taken_and_given_back() -> None:
    improviser = Improviser(ScriptedEngine(THREE_NOTES), settings(), 0.0)
    taken, given_back = occurrences(play_through(improviser, scale(), 20.0))
    assert isinstance(taken, TurnTaken)
    assert (taken.onsets, round(taken.seconds, 6)) == (5, 1.2)
    assert isinstance(given_back, TurnGivenBack)
    assert (given_back.reason, given_back.onsets) == ("phrase ended", 3)


def test_no_turn_is_taken_while_a_key_or_the_pedal_is_down() -> None:
    improviser = Improviser(ScriptedEngine(THREE_NOTES), settings(), 0.0)
    held = score(note(0.0, 60, length=5.0), note(0.5, 64), pedal(4.0, 127), pedal(9.0, 0))
    commands = list(play_through(improviser, held, 20.0))
    assert onsets(commands)[0].due > 9.0


def test_a_pedal_that_withholds_an_answer_for_long_is_told_once_each_time() -> None:
    improviser = Improviser(ScriptedEngine(THREE_NOTES), settings(), 0.0)
    held = score(pedal(0.0, 127), scale(1.0), pedal(30.0, 126), note(60.0, 60))
    pause = settings().turn.patience * 0.25
    commands = [each for each in play_through(improviser, held, 89.0) if isinstance(each, Publish)]
    told = [each for each in commands if isinstance(each.occurrence, PedalHeld)]
    assert len(told) == 2
    assert [each.due - pause - PEDAL_HELD_LONG for each in told] == pytest.approx([2.2, 60.2])
    assert improviser.wake_at() is None


def test_a_pedal_that_comes_up_in_time_is_not_worth_telling() -> None:
    improviser = Improviser(ScriptedEngine(THREE_NOTES), settings(), 0.0)
    held = score(pedal(0.0, 127), scale(1.0), pedal(11.0, 0))
    told = occurrences(play_through(improviser, held, 40.0))
    assert [type(each) for each in told] == [TurnTaken, TurnGivenBack]


def test_it_knows_when_nothing_but_the_pedal_withholds_an_answer() -> None:
    improviser = Improviser(ScriptedEngine(THREE_NOTES), settings(), 0.0)
    list(play_through(improviser, score(pedal(0.0, 127), scale(1.0)), 3.0))
    assert not improviser.is_withheld_by_pedal(2.3)
    assert improviser.is_withheld_by_pedal(3.0)
    improviser.receive(Triggered(), 3.0)
    assert not improviser.is_withheld_by_pedal(3.0)


def test_the_engine_hears_notes_end_when_key_and_pedal_are_up() -> None:
    engine = UniformEngine()
    improviser = Improviser(engine, settings(play={"mode": "listen"}), 0.0)
    heard = score(pedal(0.0, 100), note(1.0, 60, length=0.1), note(2.0, 60, length=0.1), pedal(3.0, 0))
    list(play_through(improviser, heard, 4.0))
    assert [(round(event.dt, 3), event.velocity, event.pitch) for event in engine.heard] == [
        (1.0, 80, 60),
        (1.0, 0, 60),
        (0.0, 80, 60),
        (1.0, 0, 60),
    ]


def test_a_touched_key_silences_the_answer_at_once_and_rolls_the_engine_back() -> None:
    engine = ScriptedEngine(THREE_NOTES)
    improviser = Improviser(engine, settings(), 0.0)
    begins = 1.2 + settings().turn.patience * 0.25
    commands = list(play_through(improviser, [*scale(), *note(begins + 0.1, 50)], begins + 0.15))
    [played] = notes([c for c in commands if c.due <= begins + 0.1])
    assert (played.onset, played.release) == pytest.approx((begins, begins + 0.1))
    assert (played.pitch, played.velocity) == (72, 90)
    assert [(round(event.dt, 3), event.velocity, event.pitch) for event in engine.heard[-4:-1]] == [
        (round(begins - 1.2, 3), 90, 72),
        (0.1, 0, 72),
        (0.0, 80, 50),
    ]
    assert isinstance(occurrences(commands)[-1], TurnGivenBack)


def test_after_an_interruption_the_player_is_answered_again() -> None:
    improviser = Improviser(UniformEngine(), settings(), 0.0)
    commands = list(play_through(improviser, [*scale(), *scale(start=2.5)], 60.0))
    reasons = [o.reason for o in occurrences(commands) if isinstance(o, TurnGivenBack)]
    assert reasons[0] == "interrupted"
    assert len(reasons) == 2
    notes(commands)


def test_an_answer_of_notes_that_are_all_alike_is_as_long_as_it_is_asked_to_be() -> None:
    endless = [(0.1, 80, 60), (0.1, 0, 60)] * 500
    improviser = Improviser(ScriptedEngine(endless), settings(play={"seconds": 4.0}), 0.0)
    commands = list(play_through(improviser, scale(), 60.0))
    played = notes(commands)
    assert 3.8 <= played[-1].onset - played[0].onset <= 4.0
    assert occurrences(commands)[-1].reason == "length reached"  # type: ignore[attr-defined]


CHROMATIC = scale(interval=0.5, pitches=range(60, 70))
"""4.7 seconds in no key."""


def test_without_a_length_asked_for_it_may_be_a_little_longer_than_the_question() -> None:
    endless = [(0.1, 80, 66), (0.1, 0, 66)] * 500
    free = settings(guide={"key": "C major"})
    played = notes(play_through(Improviser(ScriptedEngine(endless), free, 0.0), CHROMATIC, 60.0))
    assert played[-1].onset - played[0].onset == pytest.approx(LEEWAY * 4.7, abs=0.2)


def test_it_ends_on_a_note_of_the_chord_on_the_tonic_rather_than_on_any_other() -> None:
    endless = [(0.1, 80, 62), (0.1, 0, 62), (0.1, 80, 60), (0.1, 0, 60), (0.1, 80, 66), (0.1, 0, 66)] * 100
    in_c = settings(guide={"key": "C major"})
    commands = list(play_through(Improviser(ScriptedEngine(endless), in_c, 0.0), CHROMATIC, 60.0))
    played = notes(commands)
    assert played[-1].pitch == 60
    assert played[-1].onset - played[0].onset == pytest.approx(4.7, abs=0.5)
    assert occurrences(commands)[-1].reason == "phrase ended"  # type: ignore[attr-defined]


@pytest.mark.parametrize("seconds", [2.0, 12.0])
def test_no_note_begins_later_than_was_asked_for(seconds: float) -> None:
    chosen = settings(play={"seconds": seconds})
    for seed in range(10):
        played = notes(play_through(Improviser(UniformEngine(seed), chosen, 0.0), scale(), 60.0))
        asked_from = 1.2 + settings().turn.patience * 0.25
        assert played[-1].onset - asked_from <= seconds


def test_no_note_is_held_beyond_the_limit() -> None:
    hanging = [(0.1, 80, 60), (0.1, 80, 64), (3.0, 80, 67), (3.0, 80, 72), (3.0, 80, 76)]
    chosen = settings(play={"longest_note": 1.5, "seconds": 6.0})
    played = notes(play_through(Improviser(ScriptedEngine(hanging), chosen, 0.0), scale(), 60.0))
    assert len(played) == 5
    assert max(p.release - p.onset for p in played) <= 1.5 + 1e-9


def test_transposition_moves_what_is_sent_and_not_what_is_heard() -> None:
    engine = ScriptedEngine(THREE_NOTES)
    improviser = Improviser(engine, settings(play={"transpose": -12}), 0.0)
    played = notes(play_through(improviser, scale(), 20.0))
    assert [p.pitch for p in played] == [60, 64, 67]
    assert 72 in {event.pitch for event in engine.heard}


def test_thru_passes_keys_pedal_and_the_rest_and_stops_cleanly_when_switched_off() -> None:
    improviser = Improviser(UniformEngine(), settings(play={"thru": True, "mode": "listen"}), 0.0)
    heard = [
        TimedEvent(0.0, KeyPressed(Pitch(60), Velocity(70))),
        TimedEvent(0.1, ControlMoved(64, 127)),
        TimedEvent(0.2, OtherMessage(b"\xe0\x00\x50")),
        TimedEvent(0.3, SettingsChanged(settings(play={"mode": "listen"}))),
        TimedEvent(0.4, KeyPressed(Pitch(61), Velocity(70))),
        TimedEvent(0.5, KeyReleased(Pitch(60))),
    ]
    commands = [each for each in play_through(improviser, heard, 1.0) if not isinstance(each, Publish)]
    assert commands == [
        PlayNote(0.0, Pitch(60), Velocity(70), "you"),
        SendControl(0.1, 64, 127, "you"),
        SendMessage(0.2, b"\xe0\x00\x50"),
        ReleaseNote(0.3, Pitch(60), "you"),
        SendControl(0.3, 64, 0, "you"),
    ]


def test_a_trigger_is_answered_without_a_question() -> None:
    improviser = Improviser(UniformEngine(), settings(), 0.0)
    commands = list(play_through(improviser, [TimedEvent(1.0, Triggered())], 60.0))
    assert onsets(commands)[0].due == 1.0
    notes(commands)


def test_a_lost_input_counts_as_hands_off_the_keys() -> None:
    engine = UniformEngine()
    improviser = Improviser(engine, settings(), 0.0)
    heard = [TimedEvent(0.0, KeyPressed(Pitch(60), Velocity(70))), TimedEvent(0.5, InputLost())]
    commands = list(play_through(improviser, heard, 60.0))
    assert occurrences(commands)[0] == TurnTaken(1, 0.5)


def test_a_lost_output_ends_the_answer_without_sending_anything() -> None:
    improviser = Improviser(ScriptedEngine([(0.0, 80, 72), (9.0, 0, 72)]), settings(), 0.0)
    commands = list(play_through(improviser, [*scale(), TimedEvent(2.5, OutputLost())], 10.0))
    assert [type(c) for c in commands if c.due >= 2.5 and not occurrences([c])] == []
    assert occurrences(commands)[-1].reason == "output lost"  # type: ignore[attr-defined]


def test_a_trigger_long_after_the_last_touch_is_not_taken_for_a_long_question() -> None:
    improviser = Improviser(UniformEngine(), settings(), 50_000.0)
    heard = [TimedEvent(50_001.0, ControlMoved(64, 127)), TimedEvent(50_002.0, Triggered())]
    assert occurrences(play_through(improviser, heard, 50_002.0)) == [TurnTaken(0, 0.0)]


def test_a_pedal_at_rest_that_reports_noise_does_not_put_off_the_answer() -> None:
    noise = [timed for tenth in range(100) for timed in pedal(1.25 + tenth / 10, tenth % 3)]
    commands = list(play_through(Improviser(UniformEngine(), settings(), 0.0), score(scale(), noise), 8.0))
    assert onsets(commands)[0].due < 2.5


def test_a_change_of_transposition_ends_what_was_sent_in_the_former_one() -> None:
    def transposed(by: int) -> SettingsChanged:
        return SettingsChanged(settings(play={"thru": True, "transpose": by}))

    engine = ScriptedEngine([(0.0, 80, 65), (0.5, 80, 60), (1.0, 0, 60), (0.0, 0, 65)])
    improviser = Improviser(engine, settings(play={"thru": True}), 0.0)
    held = [
        TimedEvent(0.0, KeyPressed(Pitch(60), Velocity(70))),
        TimedEvent(0.5, transposed(-5)),
        TimedEvent(1.0, Triggered()),
        TimedEvent(1.2, transposed(0)),
        TimedEvent(1.3, KeyReleased(Pitch(60))),
    ]
    commands = list(play_through(improviser, held, 60.0))
    assert [(played.onset, played.release, played.pitch) for played in notes(commands)][:2] == [
        (0.0, 0.5, 60),
        (1.0, 1.2, 60),
    ]
    assert [(event.velocity, event.pitch) for event in engine.heard[:4]] == [
        (70, 60),
        (80, 65),
        (0, 65),
        (0, 60),
    ]


def test_all_is_released_even_when_the_engine_has_broken_down() -> None:
    engine = ExhaustedEngine()
    improviser = Improviser(engine, settings(play={"thru": True, "seconds": 9.0}), 0.0)
    held = [TimedEvent(0.0, KeyPressed(Pitch(60), Velocity(70))), TimedEvent(1.0, Triggered())]
    commands = list(play_through(improviser, held, 1.0))
    engine.breaks_down()
    with pytest.raises(RuntimeError):
        improviser.receive(Silenced(), 1.1)
    commands += improviser.commands_to_send()
    assert len(notes(commands)) >= 2
    assert commands[-1] == SendControl(1.1, 64, 0)


def test_what_was_played_long_before_the_mode_was_answer_is_no_question() -> None:
    improviser = Improviser(UniformEngine(), settings(play={"mode": "listen"}), 0.0)
    late = TimedEvent(30.0, SettingsChanged(settings()))
    assert onsets(play_through(improviser, [*scale(), late], 60.0)) == []


@pytest.mark.parametrize("mode", ["answer", "listen"])
def test_the_player_is_active_until_the_pause_that_ends_a_turn_is_over(mode: str) -> None:
    half_a_second = {"shortest_pause": 0.5, "longest_pause": 0.5}
    chosen = settings(play={"mode": mode}, turn=half_a_second)
    improviser = Improviser(ScriptedEngine(THREE_NOTES), chosen, 0.0)
    assert not improviser.player_is_active(0.0)
    for timed in note(1.0, 60, length=2.0):
        improviser.receive(timed.event, timed.at)
        assert improviser.player_is_active(timed.at)
    assert improviser.player_is_active(3.4)
    assert not improviser.player_is_active(3.6)
    improviser.advance(3.6)
    assert not improviser.player_is_active(3.6)
    improviser.receive(ControlMoved(64, 127), 3.7)
    assert improviser.player_is_active(9.0)


def test_what_sounds_of_an_answer_is_known_as_the_music_knows_it() -> None:
    improviser = Improviser(ScriptedEngine(THREE_NOTES), settings(play={"transpose": 12}), 0.0)
    assert improviser.sounding == frozenset()
    improviser.receive(Triggered(), 0.0)
    improviser.advance(0.0)
    assert improviser.sounding == {72}
    improviser.receive(KeyPressed(Pitch(50), Velocity(80)), 0.1)
    assert improviser.sounding == frozenset()


def test_same_seed_same_music() -> None:
    def play() -> list[object]:
        return list(play_through(Improviser(UniformEngine(7), settings(), 0.0), scale(), 60.0))

    assert play() == play()


KEYS = st.integers(40, 80).map(Pitch)
EVENTS = st.one_of(
    st.builds(KeyPressed, KEYS, st.integers(1, 127).map(Velocity)),
    st.builds(KeyReleased, KEYS),
    st.builds(ControlMoved, st.sampled_from([1, 64]), st.integers(0, 127)),
    st.sampled_from([InputLost(), Triggered(), Silenced(), OtherMessage(b"\xd0\x10")]),
    st.builds(
        lambda thru, transpose, polyphony: SettingsChanged(
            settings(play={"thru": thru, "transpose": transpose, "polyphony": polyphony, "seconds": 3.0})
        ),
        st.booleans(),
        st.sampled_from([-48, -5, 0, 48]),
        st.integers(1, 4),
    ),
)


@given(
    events=st.lists(st.tuples(st.floats(0.0, 3.0), EVENTS), max_size=40),
    stalls=st.lists(st.floats(0.0, 0.5), min_size=1, max_size=10),
    seed=st.integers(0, 3),
)
def test_whatever_happens_every_onset_is_released_and_silence_is_silence(
    events: list[tuple[float, Event]], stalls: list[float], seed: int
) -> None:
    """Also when the one who advances it is late by up to half a second, again and again."""
    improviser = Improviser(UniformEngine(seed), settings(), 0.0)
    now, commands, turn = 0.0, [], 0
    for wait, event in events:
        until = now + wait
        while (wake_at := improviser.wake_at()) is not None and wake_at <= until:
            turn += 1
            now = max(now, wake_at + stalls[turn % len(stalls)] * (turn % 7 == 0))
            improviser.advance(now)
            commands += improviser.commands_to_send()
        now = max(now, until)
        improviser.receive(event, now)
        commands += improviser.commands_to_send()
        if isinstance(event, Silenced):
            notes(commands)
    improviser.receive(Silenced(), now)
    commands += improviser.commands_to_send()
    for played in notes(commands):
        assert 0 <= played.pitch <= 127
        assert played.release >= played.onset
    assert improviser.wake_at() is None


def test_it_is_at_rest_while_nobody_plays_nothing_sounds_and_no_answer_is_on_its_way() -> None:
    improviser = Improviser(ScriptedEngine(THREE_NOTES), settings(), 0.0)
    assert improviser.is_at_rest(0.0)
    [press, release] = note(0.0, 60)
    improviser.receive(press.event, press.at)
    assert not improviser.is_at_rest(press.at)
    improviser.receive(release.event, release.at)
    assert not improviser.is_at_rest(release.at)
    for command in play_through(improviser, [], 1.0):
        assert not improviser.is_at_rest(command.due)
    list(play_through(improviser, [], 60.0))
    assert improviser.is_at_rest(60.0)


def test_who_only_listens_is_at_rest_between_the_notes_and_not_during_one() -> None:
    improviser = Improviser(UniformEngine(), settings(play={"mode": "listen"}), 0.0)
    [press, release] = note(0.0, 60)
    improviser.receive(press.event, press.at)
    assert not improviser.is_at_rest(press.at)
    improviser.receive(release.event, release.at)
    assert improviser.is_at_rest(release.at)


def test_what_is_planned_is_told_as_it_will_be_sent() -> None:
    improviser = Improviser(ScriptedEngine(THREE_NOTES), settings(play={"transpose": 12}), 0.0)
    for timed in scale():
        improviser.receive(timed.event, timed.at)

    def go_on() -> None:
        at = improviser.wake_at()
        assert at is not None
        improviser.advance(at)

    while not (planned := improviser.upcoming()):
        go_on()
    assert planned[0].pitch == 72 + 12
    while not (sent := onsets(improviser.commands_to_send())):
        go_on()
    assert sent[0] == planned[0]


def test_where_nothing_is_planned_nothing_is_upcoming() -> None:
    assert Improviser(ScriptedEngine(THREE_NOTES), settings(), 0.0).upcoming() == []


def test_what_is_expected_is_told_unless_the_engine_has_gone_ahead() -> None:
    improviser = Improviser(ExpectantEngine({Pitch(60): 1.0}, THREE_NOTES), settings(), 0.0)
    for timed in scale():
        improviser.receive(timed.event, timed.at)
    assert improviser.expectation() == {Pitch(60): 1.0}
    improviser.receive(Triggered(), 2.0)
    improviser.advance(2.0)
    assert improviser.expectation() is None


def test_an_engine_that_does_not_say_what_it_expects_is_not_asked() -> None:
    assert Improviser(ScriptedEngine(THREE_NOTES), settings(), 0.0).expectation() is None


def test_the_key_is_that_of_the_player() -> None:
    improviser = Improviser(ScriptedEngine([]), settings(), 0.0)
    assert improviser.key_heard is None
    for timed in scale(interval=0.25, pitches=(60, 62, 64, 65, 67, 69, 71, 72)):
        improviser.receive(timed.event, timed.at)
    assert improviser.key_heard == "C major"


def test_a_key_whose_release_got_lost_withholds_an_answer_for_a_while_and_not_for_ever() -> None:
    improviser = Improviser(UniformEngine(), settings(turn={"longest_hold": 30.0}), 0.0)
    lost = [note(0.0, 36)[0]]
    commands = list(play_through(improviser, score(lost, scale(1.0), scale(60.0)), 90.0))
    told = [each for each in commands if isinstance(each, Publish)]
    last = 1.0 + 4 * 0.25 + 0.2
    assert Publish(last + 30.0, KeysHeld(1)) in told
    first, second = [each.due for each in told if isinstance(each.occurrence, TurnTaken)]
    assert last + 30.0 < first < last + 33.0
    assert 61.0 < second < 64.0
    notes(commands)


def test_a_key_that_is_held_while_others_are_played_is_held() -> None:
    improviser = Improviser(UniformEngine(), settings(turn={"longest_hold": 30.0}), 0.0)
    drone, bars = note(0.0, 36, length=100.0), (scale(10.0 * bar) for bar in range(1, 10))
    assert occurrences(play_through(improviser, score(drone, *bars), 99.0)) == []


def test_with_thru_such_a_key_does_not_sound_for_ever() -> None:
    chosen = settings(play={"thru": True}, turn={"longest_hold": 30.0})
    commands = list(play_through(Improviser(UniformEngine(), chosen, 0.0), [note(0.0, 60)[0]], 60.0))
    assert notes(commands)[0].release == 30.0
