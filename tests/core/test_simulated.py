from antiphon.core.commands import PlayNote
from antiphon.core.improviser import Improviser
from antiphon.core.simulated import play_through
from default_settings import settings
from score import note, notes, onsets, scale
from scripted_engine import ScriptedEngine
from uniform_engine import UniformEngine

HALF_A_MINUTE = [(0.1, 80, 72), (0.2, 0, 72)] * 100


def test_every_command_comes_when_it_is_due() -> None:
    improviser = Improviser(UniformEngine(), settings(), 0.0)
    due = [command.due for command in play_through(improviser, [*scale(), *scale(start=4.0)], 60.0)]
    assert due == sorted(due)
    assert len(due) > 10


def test_it_ends_when_nothing_is_left_to_happen() -> None:
    improviser = Improviser(UniformEngine(), settings(), 0.0)
    notes(play_through(improviser, scale(), 1e9))
    assert improviser.wake_at() is None


def test_nothing_happens_after_its_end() -> None:
    improviser = Improviser(ScriptedEngine(HALF_A_MINUTE), settings(play={"seconds": 30}), 0.0)
    assert max(played.due for played in onsets(play_through(improviser, scale(), 10.0))) <= 10.0
    assert improviser.is_answering


def test_what_is_not_asked_for_does_not_happen() -> None:
    improviser = Improviser(UniformEngine(), settings(), 0.0)
    commands = play_through(improviser, note(0.0, 60), 60.0)
    onset = next(command for command in commands if isinstance(command, PlayNote))
    assert onset.due < 5.0
    assert improviser.is_answering


def test_half_an_hour_of_jamming_leaves_nothing_sounding() -> None:
    improviser = Improviser(UniformEngine(), settings(play={"seconds": 1.0, "polyphony": 2}), 0.0)
    jamming = [timed for phrase in range(300) for timed in note(phrase * 6.0, 60)]
    assert len(notes(play_through(improviser, jamming, 1801.0))) > 500
