"""A second part, note against note."""

from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.commands import Command
from antiphon.core.events import InputLost, SettingsChanged, Silenced
from antiphon.core.harmony import CONSONANCES, consonant_with
from antiphon.core.improviser import Improviser
from antiphon.core.keys import key_named, scale_in
from antiphon.core.performance import TimedEvent, notes_heard
from antiphon.core.simulated import play_through
from antiphon.core.units import Pitch
from default_settings import settings
from hesitant_engine import HesitantEngine
from score import note, notes, scale, score
from uniform_engine import UniformEngine

TUNE = [72, 74, 76, 77, 79, 76, 72, 71]
HARMONISED = settings(play={"mode": "duet"}, duet={"style": "harmonise"}, guide={"key": "C major"})


def played(phrase: list[TimedEvent], seed: int = 0) -> list[Command]:
    return list(play_through(Improviser(UniformEngine(seed), HARMONISED, 0.0), phrase, 60.0))


def test_each_note_is_joined_at_once_and_parted_from_when_it_ends() -> None:
    phrase = scale(pitches=TUNE)
    ours, theirs = notes(played(phrase)), notes_heard(phrase)
    assert [(each.onset, each.release) for each in ours] == [(each.onset, each.release) for each in theirs]


def test_what_joins_is_consonant_below_it_and_in_the_key() -> None:
    phrase = scale(pitches=TUNE)
    key = key_named("C major")
    assert key is not None
    for ours, theirs in zip(notes(played(phrase)), notes_heard(phrase), strict=True):
        assert theirs.pitch - ours.pitch in CONSONANCES
        assert ours.pitch % 12 in scale_in(key, "major")


@given(st.integers(0, 2**16), st.sampled_from([InputLost(), Silenced(), SettingsChanged(settings())]))
def test_whatever_happens_nothing_is_left_sounding_or_doubled(
    seed: int, event: InputLost | Silenced | SettingsChanged
) -> None:
    chords = score(*(note(0.2 * index, 48 + (5 * index) % 20, length=0.7) for index in range(12)))
    happening = [TimedEvent(1.45, event)]
    ours = notes(played(score(chords, happening), seed))
    for each in ours:
        held = [one for one in notes_heard(chords) if one.onset <= each.onset < one.release]
        assert each.pitch not in {one.pitch for one in held}


def test_a_key_that_joins_is_let_go_when_the_player_strikes_it() -> None:
    only_one = settings(play={"mode": "duet", "lowest": 57, "highest": 57}, duet={"style": "harmonise"})
    improviser = Improviser(UniformEngine(), only_one, 0.0)
    [ours] = notes(play_through(improviser, score(note(0.0, 60, length=3.0), note(1.0, 57)), 10.0))
    assert (ours.pitch, ours.onset, ours.release) == (57, 0.0, 1.0)


def test_an_engine_that_has_nothing_yet_joins_nothing() -> None:
    improviser = Improviser(HesitantEngine(UniformEngine()), HARMONISED, 0.0)
    assert notes(play_through(improviser, scale(pitches=TUNE), 10.0)) == []


def test_where_there_is_no_room_below_it_joins_above() -> None:
    play = settings(play={"lowest": 60, "highest": 80}).play
    assert consonant_with(Pitch(60), play, None) == {60 + interval for interval in CONSONANCES}
    assert consonant_with(Pitch(72), play, None) == {72 - interval for interval in (3, 4, 8, 9)}
    assert consonant_with(Pitch(30), settings(play={"lowest": 60, "highest": 60}).play, None) == frozenset()
