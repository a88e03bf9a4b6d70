"""A page that goes leaves nothing down."""

from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.desk import Touch
from antiphon.adapters.doors.web.hands import PageHands
from antiphon.core.events import ControlMoved, HoldPressed, HoldReleased, KeyPressed, KeyReleased
from antiphon.core.hands import Hands
from antiphon.core.units import Pitch, Velocity

pitches = st.integers(0, 127).map(Pitch)
touches = st.one_of(
    st.builds(KeyPressed, pitches, st.integers(1, 127).map(Velocity)),
    st.builds(KeyReleased, pitches),
    st.builds(ControlMoved, st.just(64), st.integers(0, 127)),
    st.builds(HoldPressed),
    st.builds(HoldReleased),
)


@given(st.lists(touches))
def test_whatever_was_done_nothing_is_down_in_the_end(done: list[Touch]) -> None:
    player = Hands()
    held: list[Touch] = []

    def play(touch: Touch) -> None:
        match touch:
            case KeyPressed(pitch, velocity):
                player.press(pitch, velocity, 0.0)
            case KeyReleased(pitch):
                player.release(pitch)
            case ControlMoved(_, value):
                player.pedal(value)
            case HoldPressed():
                held.append(touch)
            case HoldReleased():
                held.clear()

    hands = PageHands(play)
    for touch in done:
        hands.do(touch)
    hands.leave()
    assert player.are_still
    assert player.sounding == frozenset()
    assert held == []


def test_what_somebody_else_holds_is_not_released() -> None:
    played: list[Touch] = []
    hands = PageHands(played.append)
    hands.do(KeyReleased(Pitch(60)))
    hands.do(HoldReleased())
    hands.leave()
    assert played == []
