"""Of a setting that is moved many times, the latest value counts."""

from collections.abc import Callable, Sequence

from antiphon.adapters.faders import BETWEEN_MOVES, Faders


class Loop:
    """The timer of a loop whose time does not pass by itself, and what was followed."""

    def __init__(self) -> None:
        self.followed: list[list[float]] = []
        self.seconds: list[float] = []
        self._waiting: list[Callable[[], None]] = []
        self.faders: Faders[float] = Faders(self._follow, self._call_later)

    def _follow(self, moves: Sequence[float]) -> None:
        self.followed.append([*moves])

    def _call_later(self, seconds: float, act: Callable[[], None]) -> "Loop":
        self.seconds.append(seconds)
        self._waiting.append(act)
        return self

    def cancel(self) -> None:
        self._waiting.clear()

    def ring(self) -> bool:
        """Call what is due, if anything is."""
        waiting, self._waiting = self._waiting, []
        for act in waiting:
            act()
        return bool(waiting)


def test_what_comes_together_is_followed_together() -> None:
    loop = Loop()
    loop.faders.move("play.lowest", 40.0)
    loop.faders.move("play.highest", 60.0)
    assert loop.followed == []
    loop.ring()
    assert loop.followed == [[40.0, 60.0]]
    assert loop.seconds[0] == 0.0


def test_a_fader_is_followed_now_and_then_and_where_it_stops() -> None:
    loop = Loop()
    loop.faders.move("play.temperature", 0.1)
    loop.ring()
    for value in (0.2, 0.3, 0.4):
        loop.faders.move("play.temperature", value)
    loop.ring()
    assert loop.followed == [[0.1], [0.4]]
    assert loop.seconds == [0.0, BETWEEN_MOVES, BETWEEN_MOVES]
    assert loop.ring()
    assert not loop.ring()
    assert loop.followed == [[0.1], [0.4]]


def test_what_waits_is_followed_before_something_else_is_done() -> None:
    loop = Loop()
    loop.faders.move("play.temperature", 0.1)
    loop.faders.settle()
    loop.faders.settle()
    loop.ring()
    assert loop.followed == [[0.1]]


def test_what_is_cleared_is_not_followed() -> None:
    loop = Loop()
    loop.faders.move("play.temperature", 0.1)
    loop.faders.clear()
    loop.faders.clear()
    assert not loop.ring()
    assert loop.followed == []
