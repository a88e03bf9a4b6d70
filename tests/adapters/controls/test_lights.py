"""What a controller shows: what holds, but never against the hand that moves it."""

from collections.abc import Callable

from antiphon.adapters.controls.lights import REST, TOGETHER, Lights
from antiphon.adapters.controls.surface import position_in
from antiphon.bindings import bindings_of, source_of

CC, NOTE = 0xB0, 0x90
KNOB = source_of("cc 20")


class Controller:
    """A controller with lights, and a clock that goes as the test says."""

    def __init__(self, **table: str) -> None:
        self.now = 0.0
        self.sent: list[tuple[int, ...]] = []
        self._alarms: list[tuple[float, Callable[[], None]]] = []
        self.lights = Lights(
            lambda message: self.sent.append(tuple(message)), self._call_later, lambda: self.now
        )
        self.bind(**table)

    def bind(self, **table: str) -> None:
        self.lights.follow(
            bindings_of({source.replace("_", " "): target for source, target in table.items()})
        )

    def _call_later(self, seconds: float, act: Callable[[], None]) -> "Controller":
        self._alarms.append((self.now + seconds, act))
        return self

    def cancel(self) -> None:
        self._alarms.clear()

    def after(self, seconds: float) -> list[tuple[int, ...]]:
        """Let time pass, and return what was sent in it."""
        until, before = self.now + seconds, len(self.sent)
        while due := [each for each in self._alarms if each[0] <= until]:
            self._alarms.remove(due[0])
            self.now, act = due[0]
            act()
        self.now = until
        return self.sent[before:]

    def shows(self, **values: object) -> list[tuple[int, ...]]:
        """Let settings hold, and return what is sent of it."""
        self.lights.show({name.replace("__", "."): value for name, value in values.items()})
        return self.after(2 * TOGETHER)


def test_a_ring_shows_what_holds() -> None:
    controller = Controller(cc_20="play.temperature")
    assert controller.shows(play__temperature=1.0) == [(CC, 20, 64)]
    assert controller.shows(play__temperature=1.0) == []
    assert controller.shows(play__temperature=2.0) == [(CC, 20, 127)]


def test_a_pair_is_shown_by_both_halves() -> None:
    controller = Controller(cc_7_14bit="play.temperature")
    assert controller.shows(play__temperature=1.0) == [(CC, 7, 64), (CC, 39, 0)]


def test_a_key_or_a_button_is_lit_where_its_value_holds() -> None:
    controller = Controller(
        note_36="play.thru", note_37="play.mode listen", cc_23="play.mode next", cc_67="hold"
    )
    controller.after(1.0)
    sent = controller.shows(play__thru=True, play__mode="answer")
    assert sent == [(NOTE, 36, 127), (NOTE, 37, 0)]
    assert controller.shows(play__thru=False, play__mode="listen") == [(NOTE, 36, 0), (NOTE, 37, 127)]
    controller.lights.show_hold(True)
    assert controller.after(1.0) == [(CC, 67, 127)]


def test_a_control_is_shown_on_the_channel_that_it_came_from_or_is_bound_to() -> None:
    controller = Controller(cc_20="play.temperature", cc_21_ch_3="guide.lock")
    controller.lights.moved(KNOB, 5, 0.0)
    sent = controller.shows(play__temperature=0.0, guide__lock=1.0)
    assert sent == [(CC + 2, 21, 127)]
    controller.after(REST)
    assert controller.shows(play__temperature=2.0, guide__lock=1.0) == [(CC + 4, 20, 127)]


def test_nothing_is_sent_back_to_a_knob_that_moves() -> None:
    controller = Controller(cc_20="play.temperature")
    controller.shows(play__temperature=1.0)
    for place in (65, 70, 80):
        controller.lights.moved(KNOB, 1, position_in(place, 128))
        assert controller.shows(play__temperature=1.5) == []
    assert controller.after(REST + TOGETHER) == [(CC, 20, 96)]


def test_a_knob_that_stands_for_what_holds_is_left_where_it_is() -> None:
    controller = Controller(cc_20="play.mode")
    controller.lights.moved(KNOB, 1, 0.1)
    assert controller.shows(play__mode="answer") == []
    assert controller.after(2 * REST) == []


def test_a_button_whose_own_light_goes_out_is_lit_again() -> None:
    controller = Controller(note_36="play.thru")
    assert controller.shows(play__thru=True) == [(NOTE, 36, 127)]
    controller.lights.moved(source_of("note 36"), 1, None)
    assert controller.after(REST + TOGETHER) == [(NOTE, 36, 127)]


def test_what_is_bound_no_more_goes_dark() -> None:
    controller = Controller(cc_20="play.temperature", note_36="play.thru")
    controller.shows(play__temperature=1.0, play__thru=False)
    controller.bind(note_36="play.thru")
    controller.after(1.0)
    assert controller.sent[-1] == (CC, 20, 0)


def test_a_controller_that_was_unplugged_is_told_everything_again() -> None:
    controller = Controller(cc_20="play.temperature")
    controller.shows(play__temperature=1.0)
    controller.lights.show_again()
    assert controller.after(1.0) == [(CC, 20, 64)]


def test_what_stands_nowhere_is_not_shown() -> None:
    controller = Controller(cc_20="play.mood", program_3="play.mode listen")
    assert controller.shows(play__mood="wonder and a little sad", play__mode="listen") == []


def test_what_changes_together_is_sent_once() -> None:
    controller = Controller(cc_20="play.temperature")
    for value in (0.5, 0.6, 2.0):
        controller.lights.show({"play.temperature": value})
    assert controller.after(1.0) == [(CC, 20, 127)]


def test_nothing_is_sent_after_the_close() -> None:
    controller = Controller(cc_20="play.temperature")
    controller.lights.show({"play.temperature": 1.0})
    controller.lights.close()
    assert controller.after(1.0) == []
