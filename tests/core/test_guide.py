"""What the music to come is asked to be like, out of what the player has played."""

import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.engine import Constraints, MusicEvent
from antiphon.core.events import KeyPressed, KeyReleased, SettingsChanged
from antiphon.core.guide import (
    FEWEST,
    LIVELIEST,
    REMEMBERED,
    UNGUIDED,
    Guide,
    Impression,
    home_of,
    pitch_classes_of,
)
from antiphon.core.improviser import Improviser
from antiphon.core.performance import TimedEvent
from antiphon.core.settings import Key
from antiphon.core.simulated import play_through
from antiphon.core.units import Pitch, Velocity
from default_settings import settings
from uniform_engine import UniformEngine

FOLLOWING = settings().guide


class GuidedEngine(UniformEngine):
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.guides: list[Guide] = []

    def sample(self, constraints: Constraints) -> MusicEvent:
        self.guides.append(constraints.guide)
        return super().sample(constraints)


def impression_of(*pitches: int, every: float = 0.25, velocity: int = 70) -> Impression:
    impression = Impression()
    for index, pitch in enumerate(pitches):
        impression.hear(Pitch(pitch), Velocity(velocity), index * every)
    return impression


def played(*pitches: int) -> list[TimedEvent]:
    performance: list[TimedEvent] = []
    for index, pitch in enumerate(pitches):
        performance.append(TimedEvent(0.2 * index, KeyPressed(Pitch(pitch), Velocity(90))))
        performance.append(TimedEvent(0.2 * index + 0.1, KeyReleased(Pitch(pitch))))
    return performance


def test_a_guide_is_what_the_player_has_played() -> None:
    guide = impression_of(60, 64, 67, 72, 60, 64, 67, 72).guide(FOLLOWING)
    assert guide.density == pytest.approx(4.0)
    assert guide.loudness == 70
    assert guide.register == pytest.approx(65.75)
    assert guide.pitch_classes == (0.5, 0, 0, 0, 0.25, 0, 0, 0.25, 0, 0, 0, 0)


def test_a_few_notes_say_how_loud_and_how_high_and_nothing_more() -> None:
    assert Impression().guide(FOLLOWING) == UNGUIDED
    assert impression_of(*[60] * (FEWEST - 1)).guide(FOLLOWING) == Guide(loudness=70.0, register=60.0)
    assert impression_of(*[60] * FEWEST).guide(FOLLOWING) != UNGUIDED


def test_the_silence_between_phrases_is_no_part_of_the_music() -> None:
    impression = impression_of(60, 62, 64, 65)
    impression.begin_phrase()
    for index in range(4):
        impression.hear(Pitch(60), Velocity(70), 100.0 + 0.25 * index)
    assert impression.guide(FOLLOWING).density == pytest.approx(4.0)


def test_a_single_chord_is_as_lively_as_can_be_and_no_more() -> None:
    assert impression_of(*range(60, 60 + FEWEST), every=0.0).guide(FOLLOWING).density == LIVELIEST


def test_what_was_played_long_ago_is_forgotten() -> None:
    guide = impression_of(*[60] * 50, *[66] * REMEMBERED).guide(FOLLOWING)
    assert guide.pitch_classes is not None
    assert guide.pitch_classes[6] == 1.0


def test_settings_go_before_what_was_heard_and_can_leave_the_music_free() -> None:
    impression = impression_of(*range(60, 72))
    wanted = settings(guide={"density": 2.0, "loudness": -1, "register": 48, "key": "free"}).guide
    assert impression.guide(wanted) == Guide(density=2.0, loudness=None, register=48, pitch_classes=None)
    assert Impression().guide(wanted) == Guide(density=2.0, loudness=None, register=48, pitch_classes=None)


@pytest.mark.parametrize("mode", ["major", "minor"])
def test_a_key_is_its_profile_moved_to_its_tonic(mode: str) -> None:
    in_c = pitch_classes_of(f"C {mode}")
    in_d = pitch_classes_of(f"D {mode}")
    assert in_c is not None
    assert in_d is not None
    assert max(in_c) == in_c[0]
    assert in_d == (*in_c[-2:], *in_c[:-2])
    assert sum(in_c) == pytest.approx(1.0, abs=0.003)
    third, wrong_third = (4, 3) if mode == "major" else (3, 4)
    assert in_c[third] > in_c[wrong_third]


@pytest.mark.parametrize("mode", ["major", "minor"])
def test_a_flat_is_the_sharp_below_it(mode: str) -> None:
    for flat, sharp in (("Db", "C#"), ("Eb", "D#"), ("Gb", "F#"), ("Ab", "G#"), ("Bb", "A#"), ("Cb", "B")):
        assert pitch_classes_of(f"{flat} {mode}") == pitch_classes_of(f"{sharp} {mode}")


def test_every_key_that_can_be_chosen_is_known() -> None:
    keys = set(typing.get_args(Key)) - {"heard", "free"}
    assert len(keys) == 36
    assert all(pitch_classes_of(key) is not None for key in keys)


@given(
    onsets=st.lists(st.tuples(st.floats(0.0, 3.0), st.integers(0, 127), st.integers(1, 127)), max_size=200)
)
def test_whatever_is_played_the_guide_is_within_the_range_of_music(
    onsets: list[tuple[float, int, int]],
) -> None:
    impression, now = Impression(), 0.0
    for after, pitch, velocity in onsets:
        now += after
        impression.hear(Pitch(pitch), Velocity(velocity), now)
    guide = impression.guide(FOLLOWING)
    if guide.density is not None:
        assert 0.0 < guide.density <= LIVELIEST
    if guide.pitch_classes is not None:
        assert guide.loudness is not None
        assert guide.register is not None
        assert sum(guide.pitch_classes) == pytest.approx(1.0)
        assert 1 <= guide.loudness <= 127
        assert 0 <= guide.register <= 127


def test_an_answer_is_asked_to_be_like_the_question() -> None:
    engine = GuidedEngine()
    question = played(*[60, 64, 67, 72] * 3)
    list(play_through(Improviser(engine, settings(), now=0.0), question, until=30.0))
    assert {guide.loudness for guide in engine.guides} == {90}
    assert [guide.density for guide in engine.guides] == pytest.approx([5.0] * len(engine.guides))


def test_a_wish_that_changes_meanwhile_holds_from_the_next_note() -> None:
    engine = GuidedEngine()
    wish = TimedEvent(4.0, SettingsChanged(settings(guide={"register": 40.0})))
    question = played(*[60, 64, 67, 72] * 3)
    improviser = Improviser(engine, settings(), now=0.0)
    list(play_through(improviser, [*question, wish], until=30.0))
    registers = [guide.register for guide in engine.guides]
    assert registers[0] == pytest.approx(65.75)
    assert registers[-1] == 40.0
    assert len(set(registers)) == 2


@pytest.mark.parametrize(
    ("key", "chord"), [("C major", {0, 4, 7}), ("A minor", {9, 0, 4}), ("Bb major", {10, 2, 5})]
)
def test_home_is_the_chord_on_the_tonic(key: str, chord: set[int]) -> None:
    assert home_of(pitch_classes_of(key)) == chord


def test_home_is_found_in_what_was_played() -> None:
    heard = impression_of(60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60).guide(FOLLOWING)
    assert home_of(heard.pitch_classes) == {0, 4, 7}


def test_without_a_key_nothing_is_home() -> None:
    assert home_of(None) == frozenset()


def test_all_pitches_alike_are_no_reason_to_stop() -> None:
    assert len(home_of((1 / 12,) * 12)) == 3
