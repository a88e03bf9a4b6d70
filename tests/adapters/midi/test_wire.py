from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.midi.wire import (
    CLOCK_MESSAGES,
    SECONDS_PER_MESSAGE,
    bytes_of,
    event_of,
    panic_messages,
)
from antiphon.core.commands import (
    ClockMessage,
    Music,
    PlayNote,
    ReleaseNote,
    SendClock,
    SendControl,
    SendMessage,
)
from antiphon.core.events import (
    ClockContinued,
    ClockEvent,
    ClockStarted,
    ClockStopped,
    ClockTicked,
    ControlMoved,
    Event,
    KeyPressed,
    KeyReleased,
    OtherMessage,
    SongPositionMoved,
)
from antiphon.core.units import Pitch, Velocity

channels = st.integers(1, 16)
pitches = st.integers(0, 127).map(Pitch)
data_bytes = st.integers(0, 127)


@given(st.lists(st.integers(-300, 300), max_size=6), st.integers(0, 16))
def test_no_bytes_whatever_raise(message: list[int], channel: int) -> None:
    event_of(message, channel)


@given(st.lists(st.integers(0, 255), max_size=5))
def test_only_well_formed_channel_messages_are_events(message: list[int]) -> None:
    lengths = {0x8: 3, 0x9: 3, 0xA: 3, 0xB: 3, 0xC: 2, 0xD: 2, 0xE: 3}
    is_well_formed = (
        bool(message)
        and message[0] not in CLOCK_MESSAGES
        and len(message) == lengths.get(message[0] >> 4)
        and all(byte < 128 for byte in message[1:])
    )
    event = event_of(message, 0)
    assert isinstance(event, ClockEvent) or (event is not None) == is_well_formed


@given(pitches, st.integers(1, 127).map(Velocity), channels)
def test_a_note_that_is_played_is_heard_as_pressed(pitch: Pitch, velocity: Velocity, channel: int) -> None:
    message = bytes_of(PlayNote(0.0, pitch, velocity), channel)
    assert event_of(message, channel) == KeyPressed(pitch, velocity)


@given(pitches, channels)
def test_a_note_that_is_released_is_heard_as_released(pitch: Pitch, channel: int) -> None:
    assert event_of(bytes_of(ReleaseNote(0.0, pitch), channel), channel) == KeyReleased(pitch)


@given(data_bytes, data_bytes, channels)
def test_a_control_that_is_sent_is_heard_as_moved(controller: int, value: int, channel: int) -> None:
    message = bytes_of(SendControl(0.0, controller, value), channel)
    assert event_of(message, channel) == ControlMoved(controller, value)


@given(st.sampled_from([0xA0, 0xC0, 0xD0, 0xE0]), data_bytes, data_bytes, channels, channels)
def test_what_is_passed_through_keeps_its_meaning_and_gets_the_channel_of_the_output(
    kind: int, first: int, second: int, heard_on: int, sent_on: int
) -> None:
    data = (first,) if kind in (0xC0, 0xD0) else (first, second)
    event = event_of((kind | (heard_on - 1), *data), 0)
    assert isinstance(event, OtherMessage)
    assert bytes_of(SendMessage(0.0, event.data), sent_on) == bytes((kind | (sent_on - 1), *data))


@given(pitches)
def test_a_note_on_with_velocity_0_is_a_release(pitch: Pitch) -> None:
    assert event_of((0x90, pitch, 0), 0) == KeyReleased(pitch)


@given(channels, channels)
def test_only_the_chosen_channel_is_heard(chosen: int, played_on: int) -> None:
    event = event_of((0x90 | (played_on - 1), 60, 100), chosen)
    assert (event is not None) == (chosen == played_on)


@pytest.mark.parametrize(
    "message",
    [
        (0xFE,),
        (0xF0, 1, 2, 0xF7),
        (0xF1, 3),
        (0xF3, 1),
        (0xFF,),
        (0xF2,),
        (0xF2, 1),
        (0xF2, 1, 128),
        (0xF8, 1),
    ],
)
def test_system_messages_but_those_of_a_clock_tell_nothing(message: tuple[int, ...]) -> None:
    assert event_of(message, 0) is None


@pytest.mark.parametrize("channel", [0, 1, 16])
@pytest.mark.parametrize(
    ("message", "event"),
    [
        ((0xF8,), ClockTicked()),
        ((0xFA,), ClockStarted()),
        ((0xFB,), ClockContinued()),
        ((0xFC,), ClockStopped()),
        ((0xF2, 0, 0), SongPositionMoved(0)),
        ((0xF2, 5, 2), SongPositionMoved(261)),
    ],
)
def test_a_clock_is_heard_on_whichever_channel_is_chosen(
    message: tuple[int, ...], event: Event, channel: int
) -> None:
    assert event_of(message, channel) == event


@pytest.mark.parametrize(
    ("said", "data"), [("tick", b"\xf8"), ("start", b"\xfa"), ("continue", b"\xfb"), ("stop", b"\xfc")]
)
def test_a_clock_of_ours_has_no_channel(said: ClockMessage, data: bytes) -> None:
    assert bytes_of(SendClock(0.0, said), 16) == data


@pytest.mark.parametrize(
    "command", [PlayNote(0.0, Pitch(60), Velocity(1)), ReleaseNote(0.0, Pitch(60)), SendControl(0.0, 64, 0)]
)
def test_channel_16_is_the_last_one(command: Music) -> None:
    assert bytes_of(command, 16)[0] & 0x0F == 15


def test_a_panic_silences_obedient_synths_on_every_channel_first() -> None:
    first = list(islice(panic_messages(), 48))
    assert {message[0] for message in first} == {0xB0 | channel for channel in range(16)}
    for channel in range(16):
        assert [message[1:] for message in first if message[0] == 0xB0 | channel] == [
            bytes((64, 0)),
            bytes((123, 0)),
            bytes((120, 0)),
        ]


def test_a_panic_releases_every_note_by_name() -> None:
    released = {(message[0], message[1]) for message in panic_messages() if message[0] < 0x90}
    assert released == {(0x80 | channel, pitch) for channel in range(16) for pitch in range(128)}


def test_a_panic_takes_two_seconds_on_the_slowest_wire() -> None:
    assert 1.9 < sum(SECONDS_PER_MESSAGE for _ in panic_messages()) < 2.1


@given(pitches, st.integers(0, 127), st.integers(0, 127), st.sampled_from([0x80, 0x90, 0xA0]), channels)
def test_of_a_key_that_is_not_heard_nothing_is_told(
    pitch: Pitch, lowest: int, highest: int, kind: int, channel: int
) -> None:
    message = (kind | (channel - 1), pitch, 80)
    heard = event_of(message, channel, range(lowest, highest + 1))
    assert heard == (event_of(message, channel) if lowest <= pitch <= highest else None)


@given(st.sampled_from([0xB0, 0xC0, 0xD0, 0xE0]), st.integers(0, 119), st.integers(0, 127))
def test_what_is_no_key_is_heard_wherever_a_keyboard_is_split(kind: int, first: int, second: int) -> None:
    message = (kind, first) if kind in (0xC0, 0xD0) else (kind, first, second)
    assert event_of(message, 0, range(60, 61)) == event_of(message, 0) != None  # noqa: E711
