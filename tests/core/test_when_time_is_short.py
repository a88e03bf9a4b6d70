"""What the core does ahead of time, and where there is not enough of it, under a simulated clock."""

import pytest

from antiphon.core.answer import CLOSING_NOTE
from antiphon.core.commands import (
    Command,
    OnsetsDropped,
    PlayNote,
    ReleaseNote,
)
from antiphon.core.engine import Constraints, MusicEvent
from antiphon.core.events import (
    EngineReady,
    Event,
    KeyPressed,
    SettingsChanged,
    Silenced,
    Triggered,
)
from antiphon.core.improviser import Improviser
from antiphon.core.performance import TimedEvent
from antiphon.core.simulated import play_through
from antiphon.core.units import Pitch, Velocity
from default_settings import settings
from hesitant_engine import HesitantEngine
from score import notes, occurrences, onsets, scale
from scripted_engine import ScriptedEngine
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


def test_what_is_due_does_not_wait_for_the_engine() -> None:
    class CountingEngine(ScriptedEngine):
        asked = 0

        def sample(self, constraints: Constraints) -> MusicEvent:
            self.asked += 1
            return super().sample(constraints)

    engine = CountingEngine(THREE_NOTES)
    improviser = Improviser(engine, settings(), 0.0)
    improviser.receive(Triggered(), 0.0)
    while improviser.wake_at() == 0.0:
        improviser.advance(0.0)
    improviser.commands_to_send()
    asked = engine.asked
    improviser.advance(0.25)
    assert [type(command) for command in improviser.commands_to_send()] == [ReleaseNote]
    assert engine.asked == asked
    assert improviser.wake_at() == 0.25
    improviser.advance(0.25)
    assert engine.asked == asked + 1


def test_an_onset_that_comes_too_late_is_left_out_and_its_release_with_it() -> None:
    engine = ScriptedEngine(THREE_NOTES)
    improviser = Improviser(engine, settings(latency={"look_ahead": 2.0}), 0.0)
    begins = 1.2 + settings().turn.patience * 0.25
    commands = list(play_through(improviser, scale(), begins + 0.01))
    stalled_until = begins + 0.45
    improviser.advance(stalled_until)
    late = improviser.commands_to_send()
    [release] = [c for c in late if isinstance(c, ReleaseNote)]
    assert release.due == pytest.approx(begins + 0.25)
    assert release.pitch == 72
    dropped = [o for o in occurrences(late) if isinstance(o, OnsetsDropped)]
    assert [(left_out.onsets, round(left_out.late, 6)) for left_out in dropped] == [(1, 0.15)]
    assert all(c.due >= stalled_until for c in onsets(late))
    commands += late + list(play_through(improviser, [], 30.0))
    notes(commands)


def test_an_engine_that_has_nothing_yet_is_waited_for_without_a_stir_until_it_says_that_it_has() -> None:
    engine = HesitantEngine(ScriptedEngine(THREE_NOTES))
    improviser = Improviser(engine, settings(play={"seconds": 4.0}), 0.0)
    commands = list(play_through(improviser, [TimedEvent(1.0, Triggered())], 2.0))
    assert improviser.wake_at() == 5.0
    assert len(engine.asked) == 1
    engine.hesitates = False
    commands += play_through(improviser, [TimedEvent(2.0, EngineReady())], 60.0)
    assert [(played.onset, played.pitch) for played in notes(commands)][:2] == [(2.0, 72), (2.3, 76)]


def test_the_silence_that_ends_a_turn_is_used_to_look_ahead() -> None:
    """An engine that needs half of it is in time nevertheless, and for all that it had the time for."""
    engine = HesitantEngine(ScriptedEngine(THREE_NOTES))
    improviser = Improviser(engine, settings(latency={"look_ahead": 0.4}), 0.0)
    begins = 1.2 + settings().turn.patience * 0.25
    assert occurrences(play_through(improviser, scale(), begins - 0.2)) == []
    [asked] = engine.asked
    assert asked.within == pytest.approx(0.4)
    assert asked.shortest_dt == asked.longest_dt == pytest.approx(begins - 1.2)
    engine.hesitates = False
    list(play_through(improviser, [TimedEvent(begins - 0.2, EngineReady())], begins - 0.1))
    engine.hesitates = True
    commands = list(play_through(improviser, [], begins + 0.28))
    assert [(round(played.onset - begins, 6), played.pitch) for played in notes(commands)] == [(0.0, 72)]


@pytest.mark.parametrize(
    "event",
    [KeyPressed(Pitch(50), Velocity(70)), SettingsChanged(settings(play={"transpose": 1})), Silenced()],
)
def test_what_was_prepared_for_a_turn_that_does_not_end_was_never_heard_or_told_of(event: Event) -> None:
    engine = UniformEngine()
    improviser = Improviser(engine, settings(latency={"look_ahead": 0.4}), 0.0)
    list(play_through(improviser, scale(), 1.5))
    assert len(engine.heard) > 10
    improviser.receive(event, 1.5)
    assert occurrences(improviser.commands_to_send()) == []
    assert len(engine.heard) == 10 + isinstance(event, KeyPressed)


def test_a_trigger_does_not_wait_for_what_was_prepared_for_later() -> None:
    improviser = Improviser(ScriptedEngine(THREE_NOTES), settings(latency={"look_ahead": 0.4}), 0.0)
    commands = list(play_through(improviser, [*scale(), TimedEvent(1.5, Triggered())], 20.0))
    assert [(round(played.onset, 6), played.pitch) for played in notes(commands)][:1] == [(1.5, 72)]


def test_an_answer_that_could_not_begin_in_time_begins_from_now_and_leaves_nothing_out() -> None:
    improviser = Improviser(ScriptedEngine(THREE_NOTES), settings(latency={"look_ahead": 0.4}), 0.0)
    list(play_through(improviser, scale(), 1.5))
    improviser.advance(2.5)
    commands = [*improviser.commands_to_send(), *play_through(improviser, [], 20.0)]
    assert [(played.onset, played.pitch) for played in notes(commands)][:2] == [(2.5, 72), (2.8, 76)]
    assert not any(isinstance(each, OnsetsDropped) for each in occurrences(commands))


def test_an_engine_that_is_ready_when_nobody_waits_changes_nothing() -> None:
    improviser = Improviser(UniformEngine(), settings(), 0.0)
    assert list(play_through(improviser, [TimedEvent(1.0, EngineReady())], 60.0)) == []
    assert improviser.wake_at() is None


def test_a_machine_on_which_every_step_comes_too_late_falls_no_further_behind() -> None:
    """Each time it is woken it is held up for longer than a note may be late and than most events last."""
    chosen = settings(play={"seconds": 10.0}, latency={"late_onset": 0.05, "look_ahead": 0.3})
    improviser = Improviser(UniformEngine(3), chosen, 0.0)
    improviser.receive(Triggered(), 0.0)
    now, sent = 0.0, list[tuple[float, Command]]()
    while (wake_at := improviser.wake_at()) is not None:
        now = max(now, wake_at) + 0.08
        improviser.advance(now)
        sent += ((now, command) for command in improviser.commands_to_send())
    assert max(at - command.due for at, command in sent if isinstance(command, PlayNote)) <= 0.05
    assert max(at - command.due for at, command in sent) <= 2 * 0.08 + 1e-9
    assert now <= 10.0 + CLOSING_NOTE + 3 * 0.08
    assert len(notes(command for _, command in sent)) > 10
