"""What a mode looks at."""

from antiphon.core.player import Player
from antiphon.core.pulse import Pulse
from antiphon.core.scene import Scene
from default_settings import settings


def test_who_touches_something_is_there_and_ends_the_pieces_in_a_row() -> None:
    scene = Scene(Player(), settings(), Pulse(settings().tempo, 0.0), quiet_since=0.0, pieces=5, alone=3)
    scene.touch(7.0)
    assert (scene.quiet_since, scene.alone, scene.pieces) == (7.0, 0, 5)
