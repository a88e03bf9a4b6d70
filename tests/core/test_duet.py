"""Playing along, as two people at one keyboard hear it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.commands import Command, TurnGivenBack, TurnTaken
from antiphon.core.duet import APART, IMPRESSION, SPARSEST, beside_the, complement_of
from antiphon.core.events import SettingsChanged
from antiphon.core.guide import Guide
from antiphon.core.improviser import Improviser
from antiphon.core.performance import TimedEvent, notes_heard
from antiphon.core.settings import Settings
from antiphon.core.simulated import play_through
from antiphon.core.units import Pitch
from default_settings import settings
from score import note, notes, occurrences, scale, score
from scripted_engine import ScriptedEngine
from uniform_engine import UniformEngine

HIGH = [60, 62, 64, 65, 67, 69, 71, 72] * 4
"""Eight seconds of quavers in the right hand."""


def duet(**chosen: object) -> Settings:
    return settings(play={"mode": "duet"}, duet=chosen)


def played(phrase: list[TimedEvent], chosen: Settings, seed: int = 0) -> list[Command]:
    return list(play_through(Improviser(UniformEngine(seed), chosen, 0.0), phrase, 60.0))


def test_it_joins_in_a_moment_after_the_player_has_begun_and_plays_while_they_play() -> None:
    ours = notes(played(scale(2.0, pitches=HIGH), duet()))
    assert ours[0].onset >= 2.0 + IMPRESSION
    assert sum(2.0 + IMPRESSION < each.onset < 10.0 for each in ours) >= 8


def test_it_keeps_to_the_other_side_of_the_players_hands() -> None:
    assert max(each.pitch for each in notes(played(scale(pitches=HIGH), duet()))) <= 60 - APART
    low = [pitch - 24 for pitch in HIGH]
    ours = notes(played(scale(pitches=low), duet()))
    assert min(each.pitch for each in ours) >= 41 + APART  # before it has heard more than four notes
    assert min(each.pitch for each in ours if each.onset > 2.5) >= 48 + APART


def test_it_never_begins_a_note_sooner_after_one_of_the_players_than_the_gap() -> None:
    phrase = scale(pitches=HIGH)
    theirs = [each.onset for each in notes_heard(phrase)]
    for style in ("complement", "gaps"):
        for ours in notes(played(phrase, duet(style=style, gap=0.12))):
            before = max((onset for onset in theirs if onset < ours.onset), default=-1.0)
            assert ours.onset - before >= 0.12 - 1e-9


@given(st.integers(0, 2**16))
def test_it_never_doubles_a_note_that_the_player_holds(seed: int) -> None:
    phrase = score(*(note(0.3 * index, 50 + (7 * index) % 24, length=0.9) for index in range(20)))
    ours = notes(played(phrase, duet(style="gaps"), seed))
    for theirs in notes_heard(phrase):
        for each in ours:
            if each.pitch == theirs.pitch:
                assert each.release <= theirs.onset or each.onset >= theirs.release


def test_a_key_that_the_player_wants_is_let_go_at_once() -> None:
    long_note = ScriptedEngine([(0.3, 80, 40), (9.0, 0, 40)])
    phrase = score(note(0.0, 72), note(2.0, 40))
    ours = notes(play_through(Improviser(long_note, duet(style="gaps"), 0.0), phrase, 30.0))
    assert (ours[0].pitch, ours[0].release) == (40, 2.0)


def test_it_lingers_when_the_player_stops_and_joins_in_again_when_they_come_back() -> None:
    phrase = score(scale(pitches=HIGH), scale(30.0, pitches=HIGH))
    commands = played(phrase, duet(lingers=3.0))
    ours = notes(commands)
    assert max(each.onset for each in ours if each.onset < 30.0) <= phrase[63].at + 3.0
    assert [type(each) for each in occurrences(commands)] == [TurnTaken, TurnGivenBack] * 2
    assert any(each.onset > 31.0 for each in ours)


def test_the_engine_hears_two_parts_and_is_asked_for_its_own() -> None:
    engine = UniformEngine()
    list(play_through(Improviser(engine, duet(), 0.0), scale(pitches=HIGH), 60.0))
    assert {event.part for event in engine.heard} == {"you", "it"}
    theirs = [event.pitch for event in engine.heard if event.part == "you" and event.velocity]
    assert theirs == HIGH


def test_another_style_is_followed_in_the_middle_and_nothing_is_left_sounding() -> None:
    phrase = scale(pitches=HIGH)
    changes = [
        TimedEvent(1.0 + 2.0 * index, SettingsChanged(duet(style=style)))
        for index, style in enumerate(("harmonise", "gaps", "harmonise", "complement"))
    ]
    notes(played(score(phrase, changes), duet()))


def test_beside_a_busy_player_it_is_sparse_and_in_the_middle_of_what_is_left() -> None:
    chosen = duet(density=8.0).duet
    heard = Guide(density=6.0, loudness=70.0, register=72.0)
    room = frozenset(map(Pitch, range(40, 61)))
    beside = complement_of(heard, 6.0, room, chosen)
    assert (beside.density, beside.register, beside.loudness) == (2.0, 50.0, 70.0)
    assert complement_of(heard, 20.0, room, chosen).density == SPARSEST
    assert complement_of(heard, None, None, chosen) == Guide(loudness=70.0, register=72.0)


@pytest.mark.parametrize(
    ("struck", "room"),
    [
        ((60, 64, 72), range(38, 58)),
        ((44, 47, 50), range(53, 73)),
        ((60,), range(38, 58)),
        ((36, 43, 72, 76), range(46, 70)),
        ((0, 15, 127), range(18, 125)),
    ],
)
def test_there_is_room_on_one_side_of_the_hands_or_between_them(struck: tuple[int, ...], room: range) -> None:
    assert beside_the(frozenset(map(Pitch, struck))) == frozenset(map(Pitch, room))


def test_where_nobody_has_played_there_is_room_everywhere() -> None:
    assert beside_the(frozenset()) is None
