"""What was given out, and what of it an instrument with hammers has struck."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.actuator import Actuator, Outgoing
from antiphon.core.commands import PlayNote
from antiphon.core.events import KeyPressed, Triggered
from antiphon.core.given_out import GivenOut
from antiphon.core.improviser import Improviser
from antiphon.core.memory import Past
from antiphon.core.plan import Planned
from antiphon.core.settings import Actuator as ActuatorSettings
from antiphon.core.units import Pitch, Velocity
from default_settings import settings
from scripted_engine import ScriptedEngine

DISKLAVIER = ActuatorSettings(latency="1:160 127:0", release=30.0)
AT_ONCE = ActuatorSettings(latency="", release=0.0)
NOTHING = Past((), (), (), 0.0)


def event(due: float, velocity: int, pitch: int) -> Planned:
    return Planned(due, Velocity(velocity), Pitch(pitch), NOTHING)


def given_out(*events: Planned, actuator: ActuatorSettings = DISKLAVIER) -> GivenOut:
    latest = GivenOut(actuator)
    for each in events:
        latest.add(each)
    return latest


def test_what_sounds_as_soon_as_it_is_told_to_has_always_sounded() -> None:
    latest = given_out(event(1.0, 80, 60), event(1.0, 80, 62), actuator=AT_ONCE)
    assert latest.parted(1.0) == ([], [])


def test_a_loud_note_is_not_struck_yet_where_a_soft_one_after_it_is() -> None:
    loud, soft, end = event(1.0, 127, 60), event(1.01, 1, 62), event(1.05, 0, 60)
    assert given_out(loud, soft, end).parted(1.1) == ([soft], [loud, end])
    assert given_out(loud, soft, end).parted(1.2) == ([], [])


def test_the_end_of_a_note_that_was_struck_has_been_heard() -> None:
    end, loud = event(1.01, 0, 62), event(1.0, 127, 60)
    assert given_out(event(0.9, 1, 62), loud, end).parted(1.02) == ([end], [loud])


def test_nothing_is_taken_back_any_more_once_something_else_was_heard() -> None:
    latest = given_out(event(1.0, 127, 60))
    latest.clear()
    assert latest.parted(1.0) == ([], [])


notes = st.lists(st.tuples(st.integers(0, 10), st.integers(1, 127), st.booleans()), min_size=1, max_size=12)


@given(notes, st.integers(0, 50))
def test_who_is_interrupted_remembers_the_notes_that_were_struck_and_no_others(
    played: Sequence[tuple[int, int, bool]], hundredths: int
) -> None:
    """What was on its way to the hammers counted as heard."""
    engine = ScriptedEngine(rising(played))
    struck = struck_until_a_key_is_touched(engine, 1.0 + hundredths / 100)
    of_the_answer = [each for each in engine.heard if each.pitch != TOUCHED]
    assert [each.pitch for each in of_the_answer if each.velocity] == struck
    assert sorted(each.pitch for each in of_the_answer if not each.velocity) == struck


TOUCHED = Pitch(30)


def rising(played: Sequence[tuple[int, int, bool]]) -> list[tuple[float, int, int]]:
    """Return a score of notes each on a key of its own, some of which end at once."""
    score = []
    for pitch, (hundredths, velocity, is_brief) in enumerate(played, 60):
        score += [(hundredths / 100, velocity, pitch), *[(0.0, 0, pitch)] * is_brief]
    return score


def struck_until_a_key_is_touched(engine: ScriptedEngine, at: float) -> list[Pitch]:
    """Have it play from 1.0 on until a moment; return the keys that were struck, as the music has them."""
    chosen = settings(play={"polyphony": 16}, actuator={"latency": DISKLAVIER.latency, "release": 30.0})
    improviser, actuator = Improviser(engine, chosen, 0.0), Actuator(chosen.actuator)
    sent: list[Outgoing] = []
    now = 1.0
    improviser.receive(Triggered(seconds=5.0), now)
    while now <= at:
        improviser.advance(now)
        sent += actuator.take(improviser.commands_to_send(), now)
        moments = (improviser.wake_at(), actuator.next_at)
        now = min(moment for moment in moments if moment is not None)
    improviser.receive(KeyPressed(TOUCHED, Velocity(80)), at)
    sent += actuator.take(improviser.commands_to_send(), at)
    onsets = [each.command for each in sent if isinstance(each.command, PlayNote)]
    return [onset.pitch for onset in sorted(onsets, key=lambda onset: (onset.due, onset.pitch))]
