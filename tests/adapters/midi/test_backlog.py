"""A wire that is slower than the music: what waits, what is left out, and what never is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from antiphon.adapters.midi.backlog import AHEAD, BYTES_PER_SECOND, LONGEST_WAIT, Backlog

MOST_NOTES = round(LONGEST_WAIT * BYTES_PER_SECOND) // 3
PEDAL_DOWN, PEDAL_UP = b"\xb0\x40\x7f", b"\xb0\x40\x00"


def on(pitch: int) -> bytes:
    return bytes((0x90, pitch, 100))


def off(pitch: int) -> bytes:
    return bytes((0x80, pitch, 64))


def all_that_waits(backlog: Backlog) -> list[bytes]:
    """Return what leaves when the wire is free again each time."""
    data = b"".join(backlog.take(at) for at in range(1000))
    return [data[place : place + 3] for place in range(0, len(data), 3)]


def test_a_free_wire_is_given_a_message_at_once() -> None:
    backlog = Backlog()
    assert backlog.put(on(60))
    assert backlog.take(10.0) == on(60)
    assert len(backlog) == 0


def test_the_wire_is_given_no_more_than_it_carries() -> None:
    backlog = Backlog()
    for pitch in range(100):
        assert backlog.put(on(pitch))
    at, given_away = 10.0, 0
    while len(backlog):
        given_away += len(backlog.take(at))
        assert given_away <= (at - 10.0 + AHEAD) * BYTES_PER_SECOND + 3
        assert backlog.carried(at) <= AHEAD + 3 / BYTES_PER_SECOND
        at += max(backlog.wait(at), 0.0001)
    assert given_away == 300
    assert at - 10.0 < 300 / BYTES_PER_SECOND


def test_a_note_that_would_come_too_late_is_left_out_and_no_release_is() -> None:
    backlog = Backlog()
    kept = [pitch for pitch in range(128) if backlog.put(on(pitch))]
    assert kept == list(range(MOST_NOTES))
    sounding = [*range(128)]
    assert all(backlog.put(off(pitch)) for pitch in sounding)
    left = all_that_waits(backlog)
    assert [message for message in left if message[0] == 0x80] == [off(pitch) for pitch in sounding]


def test_where_a_controller_came_to_rest_is_told_even_if_its_way_is_not() -> None:
    backlog = Backlog()
    for value in range(128):
        backlog.put(bytes((0xE0, 0, value)))
        backlog.put(bytes((0xB0, 1, value)))
    left = all_that_waits(backlog)
    assert left[-2:] == [b"\xe0\x00\x7f", b"\xb0\x01\x7f"]
    assert len(left) <= MOST_NOTES + 2


def test_a_pedal_that_was_up_for_a_moment_has_let_go_of_its_notes() -> None:
    backlog = Backlog()
    for pitch in range(MOST_NOTES):
        backlog.put(on(pitch))
    for message in (PEDAL_UP, PEDAL_DOWN):
        backlog.put(message)
    assert all_that_waits(backlog)[-2:] == [PEDAL_UP, PEDAL_DOWN]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 127), st.floats(0.0, 0.002)), max_size=300))
def test_whatever_is_sent_nothing_sounds_when_all_was_released(played: list[tuple[bool, int, float]]) -> None:
    backlog, at, wire = Backlog(), 0.0, bytearray()
    for is_onset, pitch, pause in played:
        backlog.put(on(pitch) if is_onset else off(pitch))
        wire += backlog.take(at)
        assert len(backlog) <= MOST_NOTES + 128
        at += pause
    for pitch in range(128):
        backlog.put(off(pitch))
    messages = [bytes(wire[place : place + 3]) for place in range(0, len(wire), 3)] + all_that_waits(backlog)
    sounding: set[int] = set()
    for status, pitch, _ in messages:
        (sounding.add if status == 0x90 else sounding.discard)(pitch)
    assert sounding == set()
