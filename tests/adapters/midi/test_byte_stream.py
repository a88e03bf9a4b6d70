"""Whatever a cable brings, and in whichever pieces, its messages come out whole."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.midi.byte_stream import ByteStream
from antiphon.adapters.midi.wire import (
    CLOCK_CONTINUE,
    CLOCK_MESSAGES,
    CLOCK_START,
    CLOCK_STOP,
    CLOCK_TICK,
    SONG_POSITION,
)
from midi_libraries import requires_alsa_library

pytestmark = requires_alsa_library

DATA = st.integers(0, 127)
SHORT = st.builds(lambda status, one: bytes((status, one)), st.integers(0xC0, 0xDF), DATA)
LONG = st.builds(
    lambda status, one, two: bytes((status, one, two)),
    st.one_of(st.integers(0x80, 0xBF), st.integers(0xE0, 0xEF)),
    DATA,
    DATA,
)
CHANNEL_MESSAGES = st.lists(st.one_of(SHORT, LONG), max_size=40)
REAL_TIME = st.sampled_from([0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF])
IN_BETWEEN = st.one_of(
    st.just(b""),
    st.lists(DATA, max_size=60).map(lambda data: bytes((0xF0, *data, 0xF7))),
    st.lists(DATA, max_size=60).map(lambda data: bytes((0xF0, *data))),
    st.sampled_from([b"\xf6", b"\xf4", b"\xf5", b"\xf7", b"\xf1\x05", b"\xf2\x01\x02", b"\xf3\x07"]),
)


def of_channels(messages: Iterable[bytes]) -> list[bytes]:
    """Return them without those of a clock."""
    return [message for message in messages if message[0] not in CLOCK_MESSAGES]


def heard(data: bytes, cuts: Sequence[int] = ()) -> list[bytes]:
    """Return the messages of a stream that came in pieces."""
    stream = ByteStream()
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    try:
        return [message for begin, end in pairwise(edges) for message in stream.feed(data[begin:end])]
    finally:
        stream.close()


@given(CHANNEL_MESSAGES, st.data())
def test_running_status_and_real_time_bytes_change_no_message(
    messages: list[bytes], data: st.DataObject
) -> None:
    sent = bytearray()
    running = 0
    for message in messages:
        between = data.draw(IN_BETWEEN)
        sent += between
        may_be_left_out = message[0] == running and not between
        sent += message[1:] if may_be_left_out and data.draw(st.booleans()) else message
        running = message[0]
    for _ in range(data.draw(st.integers(0, 20))):
        sent.insert(data.draw(st.integers(0, len(sent))), data.draw(REAL_TIME))
    cuts = data.draw(st.lists(st.integers(0, len(sent)), max_size=10))
    whole = heard(bytes(sent), cuts)
    assert of_channels(whole) == messages
    for said in (CLOCK_TICK, CLOCK_START, CLOCK_CONTINUE, CLOCK_STOP):
        assert whole.count(bytes((said,))) == sent.count(said)


@given(st.binary(max_size=300))
def test_noise_gives_nothing_but_whole_messages(noise: bytes) -> None:
    lengths = {0xC0: 2, 0xD0: 2}
    for message in heard(noise):
        if message[0] in CLOCK_MESSAGES:
            assert len(message) == (3 if message[0] == SONG_POSITION else 1)
            continue
        assert 0x80 <= message[0] <= 0xEF
        assert len(message) == lengths.get(message[0] & 0xF0, 3)
        assert max(message[1:]) < 0x80


@pytest.mark.parametrize(
    ("data", "messages"),
    [
        (b"\x90\x3c\x40\x3e\x41\x3c\x00", [b"\x90\x3c\x40", b"\x90\x3e\x41", b"\x90\x3c\x00"]),
        (b"\x90\xf8\x3c\xfe\x40\xf8\x3e\x41", [b"\x90\x3c\x40", b"\x90\x3e\x41"]),
        (b"\x3c\x40\x90\x3c\x40", [b"\x90\x3c\x40"]),
        (b"\x90\x3c\x80\x3c\x00", [b"\x80\x3c\x00"]),
    ],
)
def test_what_keyboards_send_to_save_time_on_the_cable(data: bytes, messages: list[bytes]) -> None:
    assert of_channels(heard(data)) == messages


def test_a_tick_in_the_middle_of_a_note_comes_before_it_and_a_song_position_whole() -> None:
    assert heard(b"\x90\x3c\xf8\x40\xfa\xf2\x05\xf8\x02\xfc") == [
        b"\xf8",
        b"\x90\x3c\x40",
        b"\xfa",
        b"\xf8",
        b"\xf2\x05\x02",
        b"\xfc",
    ]
