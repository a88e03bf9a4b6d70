"""Who has the floor, and when it changes hands."""

from antiphon.core.commands import CueDropped, Publish, TurnTaken
from antiphon.core.events import Triggered
from antiphon.core.floor import Floor
from antiphon.core.memory import Memory
from antiphon.core.player import Player
from antiphon.core.pulse import Pulse
from antiphon.core.scene import Scene
from antiphon.core.settings import Settings
from antiphon.core.units import Pitch, Velocity
from default_settings import settings
from uniform_engine import UniformEngine

C = Pitch(60)


def floor(chosen: Settings | None = None) -> tuple[Floor, Scene, UniformEngine]:
    engine = UniformEngine()
    wanted = chosen or settings()
    scene = Scene(Player(), wanted, Pulse(wanted.tempo, 0.0), quiet_since=0.0)
    return Floor(Memory(engine, 0.0), scene), scene, engine


def test_it_is_the_players_until_a_turn_is_over() -> None:
    empty, scene, _ = floor()
    assert empty.plays_at(0.0) is None
    scene.player.press(C, Velocity(80), 1.0)
    assert empty.plays_at(1.0) is None
    scene.player.release(C, 1.2)
    plays_at = empty.plays_at(1.2)
    assert plays_at is not None
    assert plays_at > 1.2
    taken = empty.await_the_turn(10.0)
    assert taken is not None
    assert taken.occurrence == TurnTaken(1, 1.2 - 1.0)
    assert empty.answer is not None


def test_in_the_silence_before_it_prepares_and_what_was_prepared_is_forgotten_again() -> None:
    ours, scene, engine = floor(settings(latency={"look_ahead": 5.0}))
    scene.player.press(C, Velocity(80), 1.0)
    scene.player.release(C, 1.2)
    for _ in range(5):
        ours.await_the_turn(1.3)
    assert ours.has_plans
    assert engine.heard
    assert ours.upcoming(transpose=12)[0].due >= 1.3
    ours.drop_what_is_prepared()
    assert engine.heard == ()
    assert not ours.has_plans


def test_an_answer_that_was_asked_for_comes_at_its_time_and_a_key_takes_it_back() -> None:
    ours, _, _ = floor()
    assert ours.take_cue(Triggered(at=5.0), 1.0) is None
    assert ours.plays_at(1.0) == 5.0 - settings().latency.look_ahead
    assert ours.drop_cue(2.0) == Publish(2.0, CueDropped())
    assert ours.plays_at(2.0) is None
    assert ours.drop_cue(3.0) is None


def test_who_has_given_it_back_was_quiet_since() -> None:
    ours, scene, _ = floor()
    ours.take_the_turn(3.0, 3.0)
    ours.give_back(9.0)
    assert ours.answer is None
    assert scene.quiet_since == 9.0


def test_only_a_mode_in_which_one_plays_by_itself_forgets_who_leaves() -> None:
    for mode, forgets in (("answer", False), ("attract", True)):
        ours, scene, engine = floor(settings(play={"mode": mode}))
        scene.player.press(C, Velocity(80), 1.0)
        ours.take_the_turn(1.0, 1.0)
        assert ours.answer is not None
        ours.answer.imagine(1.0)
        ours.answer.take_due(1.0)
        heard = engine.heard
        ours.say_goodbye(100.0)
        assert (engine.heard == ()) is forgets
        assert heard
