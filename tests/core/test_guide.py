"""What the music to come is asked to be like, out of what the player has played."""

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
)
from antiphon.core.improviser import Improviser
from antiphon.core.keys import Key
from antiphon.core.performance import TimedEvent
from antiphon.core.simulated import play_through
from antiphon.core.units import Pitch, Velocity
from default_settings import settings
from uniform_engine import UniformEngine


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
    guide = impression_of(60, 64, 67, 72, 60, 64, 67, 72).guide()
    assert guide.density == pytest.approx(4.0)
    assert guide.loudness == 70
    assert guide.register == pytest.approx(65.75)
    assert guide.pitch_classes == (0.5, 0, 0, 0, 0.25, 0, 0, 0.25, 0, 0, 0, 0)


def test_a_few_notes_say_how_loud_and_how_high_and_nothing_more() -> None:
    assert Impression().guide() == UNGUIDED
    assert impression_of(*[60] * (FEWEST - 1)).guide() == Guide(loudness=70.0, register=60.0)
    assert impression_of(*[60] * FEWEST).guide() != UNGUIDED


def test_the_silence_between_phrases_is_no_part_of_the_music() -> None:
    impression = impression_of(60, 62, 64, 65)
    impression.begin_phrase()
    for index in range(4):
        impression.hear(Pitch(60), Velocity(70), 100.0 + 0.25 * index)
    assert impression.guide().density == pytest.approx(4.0)


def test_a_single_chord_is_as_lively_as_can_be_and_no_more() -> None:
    assert impression_of(*range(60, 60 + FEWEST), every=0.0).guide().density == LIVELIEST


def test_what_was_played_long_ago_is_forgotten() -> None:
    guide = impression_of(*[60] * 50, *[66] * REMEMBERED).guide()
    assert guide.pitch_classes is not None
    assert guide.pitch_classes[6] == 1.0


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
    guide = impression.guide()
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


def test_a_key_is_heard_in_what_was_played() -> None:
    assert impression_of(60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60).key == Key(0, is_minor=False)
    assert impression_of(57, 60, 64).key == Key(9, is_minor=True)
    assert Impression().key is None


def test_of_a_few_notes_the_key_is_a_guess_and_has_no_name_yet() -> None:
    assert impression_of(*[57, 60, 64] * 3).key_name == "A minor"
    assert impression_of(57, 60, 64).key_name is None
    assert Impression().key_name is None
