"""When each mode begins to play."""

import typing

from antiphon.core.modes import MODES
from antiphon.core.player import Player
from antiphon.core.settings import ModeName
from antiphon.core.units import Pitch, Velocity
from default_settings import settings

CHOSEN = settings(turn={"shortest_pause": 0.5, "longest_pause": 0.5})
C = Pitch(60)


def test_every_mode_that_can_be_chosen_is_there() -> None:
    assert set(MODES) == set(typing.get_args(ModeName))


def test_an_answer_begins_when_a_pause_follows_the_phrase_and_no_key_is_down() -> None:
    player = Player()
    begins_at = MODES["answer"].begins_at
    assert begins_at(player, CHOSEN) is None
    player.press(C, Velocity(80), 1.0)
    assert begins_at(player, CHOSEN) is None
    player.release(C, 2.0)
    assert begins_at(player, CHOSEN) == 2.5
    player.begin_anew()
    assert begins_at(player, CHOSEN) is None


def test_an_answer_is_withheld_by_the_pedal_alone_and_who_listens_withholds_none() -> None:
    player = Player()
    player.pedal(127, 0.0)
    player.press(C, Velocity(80), 1.0)
    assert MODES["answer"].withheld_from(player, CHOSEN) is None
    player.release(C, 2.0)
    assert MODES["answer"].begins_at(player, CHOSEN) is None
    assert MODES["answer"].withheld_from(player, CHOSEN) == 2.5
    assert MODES["listen"].withheld_from(player, CHOSEN) is None


def test_who_listens_never_begins() -> None:
    player = Player()
    player.press(C, Velocity(80), 1.0)
    player.release(C, 2.0)
    assert MODES["listen"].begins_at(player, CHOSEN) is None
