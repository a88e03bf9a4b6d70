"""The improviser with a beat, by a clock or by ear: what is played when, under a simulated clock."""

import random
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from antiphon.core.commands import ClockCame, ClockWent, Command, Publish, SendClock
from antiphon.core.events import ClockStarted, ClockTicked, Silenced, Triggered
from antiphon.core.improviser import Improviser
from antiphon.core.performance import TimedEvent
from antiphon.core.settings import Settings
from antiphon.core.simulated import play_through
from default_settings import settings
from score import note, notes, occurrences, onsets, scale, score
from scripted_engine import ScriptedEngine
from uniform_engine import UniformEngine

BEAT = 0.5
"""Seconds of a beat at 120 in a minute."""

A_LITTLE_LATE = [
    (0.0, 90, 72),
    (0.45, 0, 72),
    (0.08, 80, 74),
    (0.4, 0, 74),
    (0.09, 70, 76),
    (0.43, 0, 76),
    (0.02, 60, 77),
    (0.5, 0, 77),
]
"""Quarter notes at 120, the second 30 ms late, the third 50."""


def clock(bpm: float, until: float, jitter: float = 0.0, begins: float = 0.0) -> list[TimedEvent]:
    """A song from beat 0 on, whose ticks come that much early or late."""
    drawn, tick = random.Random(5), 60.0 / bpm / 24
    ticks = [
        TimedEvent(begins + number * tick + drawn.uniform(0.0, 2 * jitter), ClockTicked())
        for number in range(int((until - begins) / tick))
    ]
    return [TimedEvent(begins, ClockStarted()), *ticks]


def played(
    heard: Iterable[TimedEvent], chosen: Settings, until: float = 20.0, engine: object = None
) -> list[Command]:
    player = ScriptedEngine(A_LITTLE_LATE) if engine is None else engine
    return list(play_through(Improviser(player, chosen, 0.0), heard, until))  # type: ignore[arg-type]


def beats_of(commands: Iterable[Command], beat: float = BEAT) -> list[float]:
    return [onset.due / beat for onset in onsets(commands)]


def test_an_answer_begins_on_the_next_beat_of_the_clock() -> None:
    heard = score(clock(120.0, 20.0), scale(1.03))
    free = onsets(played(heard, settings()))[0].due
    on_beat = onsets(played(heard, settings(tempo={"begin": "beat"})))[0].due
    assert free <= on_beat <= free + BEAT
    assert on_beat / BEAT == pytest.approx(round(on_beat / BEAT), abs=0.001)


def test_an_answer_begins_on_the_next_bar_of_the_clock_however_unsteady_that_is() -> None:
    heard = score(clock(120.0, 20.0, jitter=0.002), scale(1.03))
    begun = onsets(played(heard, settings(tempo={"begin": "bar", "bar": 3})))[0].due
    assert begun % (3 * BEAT) == pytest.approx(0.002, abs=0.001)


def test_a_player_who_begins_again_before_the_bar_is_heard_first() -> None:
    heard = score(clock(120.0, 20.0), scale(1.03), note(3.6, 60))
    commands = played(heard, settings(tempo={"begin": "bar"}))
    assert onsets(commands)[0].due > 4.0


def test_the_notes_are_put_on_the_beat_and_held_as_long_as_they_were_meant() -> None:
    heard = score(clock(120.0, 20.0), scale(1.03))
    chosen = settings(tempo={"begin": "beat", "quantise": 1.0, "grid": "1/4"})
    commands = played(heard, chosen)
    assert [beat - beats_of(commands)[0] for beat in beats_of(commands)] == pytest.approx(
        [0.0, 1.0, 2.0, 3.0], abs=0.002
    )
    assert all(each.release - each.onset > 0.35 for each in notes(commands))


def test_half_the_strength_puts_them_half_the_way_there() -> None:
    heard = score(clock(120.0, 20.0), scale(1.03))
    free = played(heard, settings(tempo={"begin": "beat"}))
    half = played(heard, settings(tempo={"begin": "beat", "quantise": 0.5, "grid": "1/4"}))
    late = [beat - round(beat) for beat in beats_of(free)]
    less_late = [beat - round(beat) for beat in beats_of(half)]
    assert less_late == pytest.approx([each / 2 for each in late], abs=0.005)


def test_even_eighths_are_swung() -> None:
    eighths = [event for pitch in range(72, 78) for event in ((0.05, 80, pitch), (0.2, 0, pitch))]
    heard = score(clock(120.0, 20.0), scale(1.03))
    chosen = settings(tempo={"begin": "beat", "quantise": 1.0, "grid": "1/8", "swing": 2 / 3})
    swung = beats_of(played(heard, chosen, engine=ScriptedEngine([(0.0, 80, 72), *eighths[1:]])))
    parts = [(beat - swung[0]) for beat in swung]
    assert parts == pytest.approx([0.0, 2 / 3, 1.0, 5 / 3, 2.0, 8 / 3], abs=0.003)


def test_a_trigger_is_answered_on_the_beat_unless_it_names_a_moment() -> None:
    triggered = score(clock(120.0, 20.0), [TimedEvent(5.2, Triggered(seconds=2.0))])
    assert onsets(played(triggered, settings(tempo={"begin": "beat"})))[0].due == pytest.approx(
        5.5, abs=0.002
    )
    named = score(clock(120.0, 20.0), [TimedEvent(5.2, Triggered(seconds=2.0, at=6.1))])
    assert onsets(played(named, settings(tempo={"begin": "beat"})))[0].due == pytest.approx(6.1)


def test_without_a_clock_the_answer_begins_on_the_players_own_beat() -> None:
    interval = 0.31
    bass = [note(1.0 + 2 * number * interval, 40, 0.25, velocity=90) for number in range(8)]
    off_beats = [note(1.0 + (2 * number + 1) * interval, 67, 0.25, velocity=60) for number in range(8)]
    marked = score(*bass, *off_beats)
    begun = onsets(played(marked, settings(tempo={"begin": "beat"})))[0].due
    beats = (begun - 1.0) / (2 * interval)
    assert beats == pytest.approx(round(beats), abs=0.06)


def test_a_clock_that_comes_and_vanishes_is_told() -> None:
    told = occurrences(played(clock(120.0, 4.0, begins=1.0), settings(), until=9.0))
    assert [type(each) for each in told if isinstance(each, ClockCame | ClockWent)] == [ClockCame, ClockWent]


def test_ticks_go_out_in_order_with_the_notes_and_begin_with_the_answer() -> None:
    commands = played(
        scale(), settings(tempo={"send": "answers", "bpm": 120.0, "source": "fixed", "begin": "beat"})
    )
    sent = [each for each in commands if not isinstance(each, Publish)]
    assert [each.due for each in sent] == sorted(each.due for each in sent)
    start = next(at for at, each in enumerate(sent) if isinstance(each, SendClock))
    assert sent[start] == SendClock(sent[start].due, "start")
    assert isinstance(sent[start + 1], SendClock)
    assert onsets(sent[start:])[0].due == pytest.approx(sent[start].due, abs=0.001)
    assert SendClock(sent[-1].due, "stop") in sent


def test_a_silenced_clock_is_stopped() -> None:
    improviser = Improviser(ScriptedEngine([]), settings(tempo={"send": "always"}), 0.0)
    list(play_through(improviser, [], 2.0))
    improviser.receive(Silenced(), 2.0)
    assert SendClock(2.0, "stop") in improviser.commands_to_send()


def test_the_beat_changes_nothing_of_what_is_imagined() -> None:
    """It sounds elsewhere, but the engine hears what it would have heard."""

    def heard_by_the_engine(tempo: dict[str, object]) -> list[int]:
        engine = ScriptedEngine(A_LITTLE_LATE)
        played(score(clock(120.0, 20.0), scale(1.03)), settings(tempo=tempo), engine=engine)
        return [event.pitch for event in engine.heard if event.velocity]

    placed = {"quantise": 1.0, "grid": "1/8 triplet", "swing": 0.6}
    assert heard_by_the_engine(placed) == heard_by_the_engine({})


@given(
    bpm=st.floats(40.0, 240.0),
    begin=st.sampled_from(["free", "beat", "bar"]),
    quantise=st.floats(0.0, 1.0),
    grid=st.sampled_from(["1/4", "1/8", "1/8 triplet", "1/16", "1/32"]),
    swing=st.floats(0.5, 0.75),
    send=st.sampled_from(["off", "answers", "always"]),
    seed=st.integers(0, 1000),
)
@hypothesis_settings(max_examples=25)
def test_however_it_is_placed_every_note_ends_after_it_began_and_all_comes_in_order(
    bpm: float, begin: str, quantise: float, grid: str, swing: float, send: str, seed: int
) -> None:
    tempo = {"begin": begin, "quantise": quantise, "grid": grid, "swing": swing, "send": send}
    heard = score(clock(bpm, 9.0, jitter=0.002), scale(0.5))
    improviser = Improviser(UniformEngine(seed), settings(tempo=tempo, play={"seconds": 4.0}), 0.0)
    commands = list(play_through(improviser, heard, 9.0))
    music = [each.due for each in commands if not isinstance(each, Publish)]
    assert music == sorted(music)
    improviser.receive(Silenced(), 9.0)
    for each in notes([*commands, *improviser.commands_to_send()]):
        assert each.release >= each.onset
