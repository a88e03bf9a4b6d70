"""Packets of OSC: whatever comes is a message or a sentence, and takes no longer than it may."""

import struct
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.doors.osc.messages import Message
from antiphon.errors import RequestError
from missing import OSC

pytest.importorskip("pythonosc", reason=OSC)

from antiphon.adapters.doors.osc.packets import LARGEST_PACKET, MOST_MESSAGES, Timed, messages_in, packet_of
from osc_peer import bundle

NOW = 1_790_000_000.0

SINCE_1900 = 2_208_988_800

TRIGGER = Message("/antiphon/trigger")


def read(packet: bytes) -> list[Timed]:
    return messages_in(packet, NOW)


def element(content: bytes) -> bytes:
    return struct.pack(">i", len(content)) + content


def bundle_of(*contents: bytes, tag: int = 1) -> bytes:
    return b"#bundle\0" + struct.pack(">Q", tag) + b"".join(map(element, contents))


def tag_of(at: float) -> int:
    return int((at + SINCE_1900) * 2**32)


@given(st.binary(max_size=300))
def test_bytes_at_random_are_messages_or_a_sentence(packet: bytes) -> None:
    with suppress(RequestError):
        read(packet)


@given(st.binary(max_size=200), st.binary(max_size=100))
def test_bytes_at_random_that_begin_well_are_messages_or_a_sentence(types: bytes, rest: bytes) -> None:
    for packet in (
        b"/antiphon/trigger\0\0\0," + types + b"\0" * (4 - len(types) % 4) + rest,
        b"/" + types + rest,
        b"#bundle\0" + types + rest,
        bundle_of(b"/a\0\0," + types, rest),
    ):
        with suppress(RequestError):
            read(packet)


arguments = st.one_of(
    st.integers(-(2**31), 2**31 - 1),
    st.floats(width=32, allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
    st.booleans(),
    st.none(),
)


@given(st.lists(arguments, max_size=12))
def test_what_is_written_is_read_as_it_was(values: list[Any]) -> None:
    message = Message("/antiphon/anything", tuple(values))
    assert read(packet_of(message)) == [Timed(message, None)]


@given(st.data())
def test_a_packet_that_is_cut_off_is_a_sentence_or_has_fewer_messages(data: st.DataObject) -> None:
    whole = bundle_of(packet_of(TRIGGER), packet_of(Message("/antiphon/play/seconds", (4.0,))))
    part = whole[: data.draw(st.integers(0, len(whole) - 1))]
    with suppress(RequestError):
        assert len(read(part)) < 2


def test_a_message_without_types_has_no_arguments() -> None:
    assert read(b"/antiphon/trigger\0\0\0") == [Timed(TRIGGER, None)]


@pytest.mark.parametrize("at", [NOW + 5.25, NOW - 100.0, 2_085_978_496.5, 2_300_000_000.0])
def test_a_time_tag_is_a_moment_of_the_wall_clock_before_and_after_2036(at: float) -> None:
    packet = bundle_of(packet_of(TRIGGER), tag=tag_of(at) % 2**64)
    [timed] = messages_in(packet, at - 3.0)
    assert timed.at == pytest.approx(at, abs=1e-5)


@pytest.mark.parametrize("tag", [0, 1])
def test_the_tag_for_at_once_is_no_moment(tag: int) -> None:
    assert read(bundle_of(packet_of(TRIGGER), tag=tag)) == [Timed(TRIGGER, None)]


def test_what_a_bundle_holds_is_never_due_before_it() -> None:
    early, late = tag_of(NOW + 5.0), tag_of(NOW + 9.0)
    message = packet_of(TRIGGER)
    nested = bundle_of(message, bundle_of(message), bundle_of(message, tag=late), tag=early)
    moments = [round(timed.at or 0.0, 3) for timed in read(nested)]
    assert moments == [NOW + 5.0, NOW + 5.0, NOW + 9.0]
    [timed] = read(bundle_of(bundle_of(message, tag=early), tag=late))
    assert timed.at == pytest.approx(NOW + 9.0)


def test_a_bundle_of_another_program_is_understood() -> None:
    packet = bundle(NOW + 1.5, ("/antiphon/trigger",), ("/antiphon/play/polyphony", 5.0))
    assert [(timed.message, timed.at) for timed in read(packet)] == [
        (TRIGGER, NOW + 1.5),
        (Message("/antiphon/play/polyphony", (5.0,)), NOW + 1.5),
    ]


def nested(depth: int) -> bytes:
    packet = packet_of(TRIGGER)
    for _ in range(depth):
        packet = bundle_of(packet)
    return packet


@pytest.mark.parametrize(
    ("packet", "told"),
    [
        (b"", "neither a message nor a bundle"),
        (b"hello", "neither a message nor a bundle"),
        (b"#bundle\0", "neither a message nor a bundle"),
        (b"/antiphon/trigger", "cut off or garbled"),
        (b"/antiphon/\xff\xfe\0\0", "cut off or garbled"),
        (b"/a\0\0,ii\0\0\0\0\1", "cut off or garbled"),
        (b"/a\0\0ii\0\0", "cut off or garbled"),
        (b"/a\0\0,b\0\0\xff\xff\xff\xf0", "of a type that is not understood: 'b'"),
        (b"/a\0\0,[]\0", r"of a type that is not understood: '\[', '\]'"),
        (bundle_of(b"") + b"\0\0\0", "ends in the middle"),
        (bundle_of() + struct.pack(">i", -4), "ends in the middle"),
        (bundle_of() + struct.pack(">i", -20), "ends in the middle"),
        (bundle_of() + struct.pack(">i", 400), "ends in the middle"),
        (bundle_of() + bytes(4000), "ends in the middle"),
        (b"/" * 64_000, f"64000 bytes is too large; {LARGEST_PACKET} is the most"),
        (bundle_of(*[packet_of(Message("/a"))] * (MOST_MESSAGES + 1)), "too many messages"),
        (nested(9), "nested too deeply"),
        (nested(150), "nested too deeply"),
    ],
)
def test_what_is_no_packet_of_osc_is_told(packet: bytes, told: str) -> None:
    with pytest.raises(RequestError, match=told):
        read(packet)


def test_bundles_may_be_nested_a_little() -> None:
    assert read(nested(8)) == [Timed(TRIGGER, None)]


def test_an_address_that_would_steer_a_terminal_is_told_harmlessly() -> None:
    with pytest.raises(RequestError) as refused:
        messages_in(b"/a\x1b[2J\x01\0\0,b\0\0", NOW)
    assert str(refused.value).isprintable()
