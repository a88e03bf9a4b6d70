"""An instrument that nobody plays."""

import pytest

from antiphon.core.attract import LOUDNESSES
from antiphon.core.commands import Command, PlayNote, Publish, TurnGivenBack, TurnTaken
from antiphon.core.events import HoursTold
from antiphon.core.improviser import Improviser
from antiphon.core.performance import TimedEvent
from antiphon.core.settings import Settings
from antiphon.core.simulated import play_through
from default_settings import settings
from score import note, notes, occurrences, onsets, scale, score
from uniform_engine import UniformEngine

ALONE = {"after": 60.0, "rest": 20.0, "seconds": 30.0, "fade": 2.0}


def attract(**play: object) -> Settings:
    return settings(play={"mode": "attract", **play}, attract=ALONE)


def told(at: float, is_open: bool, day: int = 0) -> list[TimedEvent]:
    return [TimedEvent(at, HoursTold(is_open, day))]


def played(
    *lines: list[TimedEvent], chosen: Settings | None = None, until: float = 300.0, seed: int = 0
) -> list[Command]:
    improviser = Improviser(UniformEngine(seed), chosen or attract(), 0.0)
    return list(play_through(improviser, score(*lines), until))


def test_when_nobody_has_played_for_long_it_begins_by_itself_and_rests_between_the_pieces() -> None:
    turns = [each for each in played() if isinstance(each, Publish)]
    begun = [each.due for each in turns if isinstance(each.occurrence, TurnTaken)]
    ended = [each.due for each in turns if isinstance(each.occurrence, TurnGivenBack)]
    assert begun[0] == 60.0
    assert len(begun) >= 4
    rests = [after - before for before, after in zip(ended, begun[1:], strict=False)]
    assert rests == pytest.approx([20.0] * len(rests))


def test_a_piece_is_soft_and_lasts_about_as_long_as_it_may() -> None:
    ended = [each for each in occurrences(played()) if isinstance(each, TurnGivenBack)]
    assert all(0.3 * 30 <= each.seconds <= 30 + 2 for each in ended)
    assert LOUDNESSES[1] < 66


def test_no_piece_is_like_the_one_before_nor_a_night_like_another_and_each_can_be_had_again() -> None:
    first, again, other = (
        [(each.due, each.pitch) for each in onsets(played(told(0.0, True, day)))] for day in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_a_seed_that_is_fixed_makes_every_night_the_same() -> None:
    nights = [
        [(each.due, each.pitch) for each in onsets(played(told(0.0, True, day), chosen=attract(seed=7)))]
        for day in (1, 2)
    ]
    assert nights[0] == nights[1]


def test_when_somebody_plays_it_fades_out_and_then_answers_them() -> None:
    commands = played(scale(70.0, pitches=[60, 62, 64, 65, 67] * 3), until=100.0)
    turns = [each for each in occurrences(commands) if isinstance(each, TurnGivenBack)]
    assert turns[0].reason == "faded"
    before = [each.velocity for each in onsets(commands) if 68.0 < each.due < 70.0]
    fading = [each for each in onsets(commands) if 70.0 < each.due < 72.0]
    assert all(each.velocity <= max(before) * (72.0 - each.due) / 2.0 + 1 for each in fading)
    assert not [each for each in onsets(commands) if 72.0 < each.due < 73.7]
    assert [each for each in onsets(commands) if each.due > 73.7]


def test_what_the_player_strikes_while_it_fades_is_theirs() -> None:
    commands = played(*(note(70.0 + 0.1 * pitch, pitch) for pitch in range(40, 60)), until=90.0)
    sounding: set[int] = set()
    for command in commands:
        if isinstance(command, PlayNote):
            sounding.add(command.pitch)
    notes(commands)
    assert sounding


def test_at_quiet_hours_it_does_not_begin_but_answers_whoever_plays() -> None:
    commands = played(told(0.0, False), scale(100.0))
    assert [each.due >= 100.0 for each in onsets(commands)]
    assert min(each.due for each in onsets(commands)) > 101.0


def test_a_piece_that_is_played_when_quiet_hours_begin_fades_out() -> None:
    commands = played(told(70.0, False))
    assert max(each.due for each in onsets(commands)) <= 72.0
    [ended] = [each for each in occurrences(commands) if isinstance(each, TurnGivenBack)]
    assert ended.reason == "faded"


def test_when_a_visitor_has_left_nothing_is_remembered_of_them() -> None:
    engine = UniformEngine()
    improviser = Improviser(engine, attract(), 0.0)
    list(play_through(improviser, scale(), 10.0))
    assert any(event.is_players for event in engine.heard)
    list(play_through(improviser, [], 59.0 + 12.0))
    assert improviser.key_heard is None
    assert engine.heard
    assert not any(event.is_players for event in engine.heard)


def test_where_the_settings_say_what_it_is_like_it_is_like_that() -> None:
    chosen = settings(
        play={"mode": "attract"}, attract=ALONE, guide={"key": "D major", "lock": 1.0, "loudness": 100}
    )
    commands = played(chosen=chosen)
    assert {each.pitch % 12 for each in onsets(commands)} <= {2, 4, 6, 7, 9, 11, 1}
