"""What was played lately."""

from antiphon.adapters.broadcast import PortLost, Sent
from antiphon.adapters.files.recollection import LONGEST, Recollection
from antiphon.core.commands import PlayNote, Publish, TurnTaken
from antiphon.core.events import KeyPressed
from antiphon.core.units import Pitch, Velocity
from news import heard

PRESSED = KeyPressed(Pitch(60), Velocity(80))


def test_what_both_did_since_a_moment_is_remembered_in_order() -> None:
    recollection = Recollection()
    recollection.take_down(heard(PRESSED, 10.0))
    recollection.take_down(Sent(PlayNote(11.0, Pitch(64), Velocity(70)), 11.0))
    recollection.take_down(heard(PRESSED, 12.0))
    assert [(entry.at, entry.part) for entry in recollection.since(10.5)] == [(11.0, "it"), (12.0, "you")]


def test_what_a_recording_would_not_keep_is_not_remembered() -> None:
    recollection = Recollection()
    recollection.take_down(PortLost("in", "Keystation"))
    recollection.take_down(Sent(Publish(1.0, TurnTaken(1, 1.0)), 1.0))
    recollection.take_down(Sent(PlayNote(1.0, Pitch(64), Velocity(70), "you"), 1.0))
    assert recollection.since(0.0) == []


def test_what_is_long_ago_is_forgotten() -> None:
    recollection = Recollection()
    for number in range(100):
        recollection.take_down(heard(PRESSED, 100.0 * number))
    oldest, *_, newest = recollection.since(0.0)
    assert newest.at == 9900.0
    assert newest.at - oldest.at <= LONGEST
