"""How many notes were heard and played: keys of the player, and notes of answers."""

from antiphon.adapters.broadcast import Heard, Sent
from antiphon.adapters.tally import Tally
from antiphon.core.commands import PlayNote, ReleaseNote
from antiphon.core.events import KeyPressed, KeyReleased
from antiphon.core.units import Pitch, Velocity

C4 = Pitch(60)


def test_onsets_are_counted_and_nothing_else() -> None:
    tally = Tally()
    for _ in range(3):
        tally.take_down(Heard(KeyPressed(C4, Velocity(80)), 1.0, 1.0))
        tally.take_down(Heard(KeyReleased(C4), 1.5, 1.5))
    tally.take_down(Sent(PlayNote(2.0, C4, Velocity(80)), 2.0))
    tally.take_down(Sent(ReleaseNote(3.0, C4), 3.0))
    assert (tally.heard, tally.played) == (3, 1)


def test_what_is_passed_through_was_not_played_by_us() -> None:
    tally = Tally()
    tally.take_down(Sent(PlayNote(2.0, C4, Velocity(80), "you"), 2.0))
    assert tally.played == 0
