"""What bound controls do, and that nothing hangs which went down before or after it was bound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.controls.surface import (
    Gesture,
    Nudged,
    Pressed,
    Released,
    Surface,
    Turned,
    clicks_in,
    place_of,
    position_in,
)
from antiphon.adapters.midi.wire import event_of
from antiphon.bindings import Binding, Form, bindings_of
from antiphon.core.events import ControlMoved, KeyPressed, KeyReleased

ON, OFF, CC, PROGRAM, BEND = 0x90, 0x80, 0xB0, 0xC0, 0xE0


def surface(channel: int = 0, **table: str) -> Surface:
    """Return a surface with bindings: ``surface(cc_20="hold")``."""
    return Surface(bound(**table), channel)


def bound(**table: str) -> tuple[Binding, ...]:
    return bindings_of({source.replace("_", " "): target for source, target in table.items()})


def positions(gestures: list[Gesture] | None) -> list[float]:
    assert gestures is not None
    return [gesture.position for gesture in gestures if isinstance(gesture, Turned)]


def names(gestures: list[Gesture] | None) -> list[tuple[str, str]] | None:
    """Return gestures as what was done, and to what."""
    if gestures is None:
        return None
    return [(type(each).__name__.lower(), each.binding.target.name) for each in gestures]


def test_a_knob_is_turned_from_one_end_to_the_other() -> None:
    knobs = surface(cc_20="play.temperature")
    assert [positions(knobs.hear((CC, 20, value))) for value in (0, 64, 127)] == [[0.0], [0.5], [1.0]]


def test_what_is_not_bound_is_the_musics() -> None:
    knobs = surface(cc_20="play.temperature", note_21="panic")
    for message in [
        (CC, 21, 1),
        (ON, 22, 1),
        (OFF, 21, 0),
        (PROGRAM, 20),
        (BEND, 20, 20),
        (0xF8,),
        (),
        (CC,),
    ]:
        assert knobs.hear(message) is None


def test_a_key_that_is_bound_plays_no_note_and_neither_does_its_release() -> None:
    keys = surface(note_21="panic")
    assert names(keys.hear((ON, 21, 90))) == [("pressed", "panic")]
    assert names(keys.hear((ON, 21, 0))) == [("released", "panic")]
    assert names(keys.hear((ON + 3, 21, 90))) == [("pressed", "panic")]
    assert names(keys.hear((OFF + 3, 21, 64))) == [("released", "panic")]


def test_a_pedal_is_a_button_that_is_down_from_the_middle_on() -> None:
    pedal = surface(cc_67="hold")
    moves = [pedal.hear((CC, 67, value)) for value in (10, 63, 64, 100, 127, 64, 63, 0)]
    assert [names(each) for each in moves] == [
        [],
        [],
        [("pressed", "hold")],
        [],
        [],
        [],
        [("released", "hold")],
        [],
    ]


def test_a_program_change_is_pressed_and_let_go_at_once() -> None:
    assert names(surface(program_3="panic").hear((PROGRAM, 3))) == [
        ("pressed", "panic"),
        ("released", "panic"),
    ]


def test_a_binding_with_a_channel_is_heard_there_alone_and_goes_before_one_without() -> None:
    knobs = surface(cc_20="panic", cc_20_ch_2="hold")
    assert names(knobs.hear((CC, 20, 127))) == [("pressed", "panic")]
    assert names(knobs.hear((CC + 1, 20, 127))) == [("pressed", "hold")]


def test_a_binding_without_a_channel_is_heard_where_the_music_is() -> None:
    knobs = surface(channel=3, cc_20="panic", cc_21_ch_2="hold")
    assert knobs.hear((CC, 20, 127)) is None
    assert names(knobs.hear((CC + 2, 20, 127))) == [("pressed", "panic")]
    assert names(knobs.hear((CC + 1, 21, 127))) == [("pressed", "hold")]


def test_a_pair_of_controllers_stands_at_one_of_16384_places() -> None:
    knobs = Surface(bindings_of({"cc 7 14bit": "play.temperature"}), 0)
    assert positions(knobs.hear((CC, 39, 5))) == []
    assert positions(knobs.hear((CC, 7, 64))) == [0.5]
    (finer,) = positions(knobs.hear((CC, 39, 1)))
    assert 0.5 < finer < 0.5001
    assert positions(knobs.hear((CC, 7, 127))) + positions(knobs.hear((CC, 39, 127))) == [
        pytest.approx(0.9922, abs=1e-4),
        1.0,
    ]


@pytest.mark.parametrize(
    ("form", "values"),
    [
        ("relative", {1: 1, 2: 2, 63: 63, 127: -1, 126: -2, 64: -64, 0: 0}),
        ("relative offset", {65: 1, 66: 2, 63: -1, 62: -2, 64: 0}),
        ("relative signed", {1: 1, 2: 2, 65: -1, 66: -2, 0: 0, 64: 0}),
    ],
)
def test_an_encoder_tells_how_far_it_was_turned(form: Form, values: dict[int, int]) -> None:
    assert {value: clicks_in(value, form) for value in values} == values
    encoder = Surface(bindings_of({f"cc 22 {form}": "guide.lock"}), 0)
    for value, clicks in values.items():
        heard = encoder.hear((CC, 22, value))
        assert heard is not None
        assert [each.clicks for each in heard if isinstance(each, Nudged)] == ([clicks] if clicks else [])


@given(st.integers(0, 127))
def test_a_place_is_found_again_by_its_position(place: int) -> None:
    assert place_of(position_in(place, 128), 128) == place


@given(st.integers(0, 16383))
def test_so_is_one_of_a_pair(place: int) -> None:
    assert place_of(position_in(place, 16384), 16384) == place


def test_a_key_that_went_down_as_music_comes_up_as_music() -> None:
    keys = surface()
    assert keys.hear((ON, 60, 90)) is None
    keys.follow(bindings_of({"note 60": "panic"}))
    assert keys.hear((OFF, 60, 0)) is None
    assert names(keys.hear((ON, 60, 90))) == [("pressed", "panic")]


def test_a_key_that_went_down_as_a_control_comes_up_as_that() -> None:
    keys = surface(note_60="hold")
    keys.hear((ON, 60, 90))
    keys.follow(bindings_of({}))
    assert names(keys.hear((OFF, 60, 0))) == [("released", "hold")]
    assert keys.hear((ON, 60, 90)) is None


def test_a_pedal_that_is_down_as_music_comes_up_as_music() -> None:
    pedal = surface()
    assert pedal.hear((CC, 64, 127)) is None
    pedal.follow(bindings_of({"cc 64": "hold"}))
    assert pedal.hear((CC, 64, 90)) is None
    assert pedal.hear((CC, 64, 0)) is None
    assert names(pedal.hear((CC, 64, 127))) == [("pressed", "hold")]


def test_a_pedal_that_is_held_is_let_go_though_it_is_bound_no_more() -> None:
    pedal = surface(cc_64="hold")
    pedal.hear((CC, 64, 127))
    pedal.follow(bindings_of({"cc 64": "play.temperature"}))
    assert pedal.hear((CC, 64, 100)) == []
    assert names(pedal.hear((CC, 64, 20))) == [("released", "hold")]


def test_where_nobody_knows_what_is_down_everything_is_up() -> None:
    keys = surface(note_60="hold", cc_64="panic")
    keys.hear((ON, 60, 90))
    keys.hear((CC, 64, 127))
    assert names(keys.let_go()) == [("released", "hold"), ("released", "panic")]
    assert keys.let_go() == []
    assert keys.hear((OFF, 60, 0)) is None


def test_what_was_swallowed_ends_unheard() -> None:
    keys = surface()
    keys.swallow((ON, 60, 90))
    keys.swallow((CC, 64, 127))
    keys.swallow((CC, 20, 3))
    assert keys.hear((OFF, 60, 0)) == []
    assert keys.hear((CC, 64, 0)) == []
    assert keys.hear((CC, 20, 3)) is None


message = st.one_of(
    st.tuples(
        st.sampled_from([ON, OFF, CC]), st.sampled_from([20, 60, 64]), st.sampled_from([0, 1, 64, 127])
    ),
    st.just((PROGRAM, 20)),
)
table = st.dictionaries(
    st.sampled_from(["note 60", "note 20", "cc 64", "cc 20"]), st.sampled_from(["hold", "panic", "play.thru"])
)


@given(st.lists(st.one_of(message, table)))
def test_whatever_is_bound_in_between_no_note_and_no_pedal_hangs(happened: list[object]) -> None:
    keys = surface()
    sounding: set[int] = set()
    pedal_is_down = False
    held: list[str] = []
    letting_go = [(OFF, pitch, 0) for pitch in (20, 60, 64)] + [(CC, number, 0) for number in (20, 64)]
    for each in [*happened, *letting_go]:
        if isinstance(each, dict):
            keys.follow(bindings_of(each))
            continue
        assert isinstance(each, tuple)
        gestures = keys.hear(each)
        for gesture in gestures or ():
            if isinstance(gesture, Pressed):
                held.append(str(gesture.binding.source))
            if isinstance(gesture, Released):
                held = [source for source in held if source != str(gesture.binding.source)]
        if gestures is None:
            match event_of(each, 0):
                case KeyPressed(pitch):
                    sounding.add(pitch)
                case KeyReleased(pitch):
                    sounding.discard(pitch)
                case ControlMoved(64, value):
                    pedal_is_down = value >= 64
    assert not sounding
    assert not pedal_is_down
    assert not held
