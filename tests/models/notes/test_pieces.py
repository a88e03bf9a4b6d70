"""Pieces as event arrays: what a MIDI file amounts to at a keyboard with a pedal."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mido import Message, MetaMessage

from antiphon.adapters.broadcast import Sent
from antiphon.adapters.files.recorder import Recorder
from antiphon.core.commands import PlayNote, ReleaseNote
from antiphon.core.events import ControlMoved, KeyPressed, KeyReleased
from antiphon.core.units import Pitch, Velocity
from midi_fixtures import note_off, note_on, pedal, tempo, write_scale, write_tracks
from missing import TRAINING
from news import heard

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models.notes.pieces import (
    FIRST,
    LONGEST_NOTE,
    SECOND,
    UNSET,
    Note,
    Piece,
    UnreadableError,
    read_piece,
    restruck,
    sustained,
)

moments = st.integers(0, 3000).map(lambda hundredths: hundredths / 100)
"""No two of them so close that they count as one time."""

notes_of_few_pitches = st.lists(
    st.tuples(
        moments, st.floats(0.005, 3.0), st.integers(60, 62), st.integers(1, 127), st.integers(UNSET, SECOND)
    ),
    min_size=1,
    max_size=25,
).map(lambda notes: sorted((onset, onset + length, *rest) for onset, length, *rest in notes))
pedals = st.lists(st.tuples(moments, st.booleans()), max_size=8).map(sorted)


def events_of(piece: Piece) -> list[tuple[float, int, int]]:
    """Return (seconds since the start, velocity, pitch) of each event."""
    at = np.cumsum(piece.dt, dtype=np.float64)
    return [(float(t), int(v), int(p)) for t, v, p in zip(at, piece.velocity, piece.pitch, strict=True)]


def assert_playable(piece: Piece) -> None:
    """Assert that an onset is of what is silent, a release of what sounds, and nothing is left sounding."""
    sounding: set[int] = set()
    for _, velocity, pitch in events_of(piece):
        assert (pitch in sounding) == (velocity == 0)
        (sounding.add if velocity else sounding.remove)(pitch)
    assert not sounding
    assert (piece.dt >= 0).all()


def is_held(pedal: list[tuple[float, bool]], at: float) -> float | None:
    """Return until when the pedal is held at a moment, None where it is up or never lifted."""
    down_since: float | None = None
    for time, is_down in pedal:
        if is_down and down_since is None:
            down_since = time
        elif not is_down and down_since is not None:
            if down_since <= at < time:
                return time
            down_since = None
    return None


@given(notes=notes_of_few_pitches, pedal=pedals)
def test_no_two_notes_of_a_pitch_overlap_and_each_has_a_length(
    notes: list[Note], pedal: list[tuple[float, bool]]
) -> None:
    for pitch in (60, 61, 62):
        folded = sorted(note for note in restruck(sustained(notes, pedal)) if note[2] == pitch)
        assert {onset for onset, *_ in folded} == {onset for onset, _, of, *_ in notes if of == pitch}
        assert all(onset < release <= onset + LONGEST_NOTE for onset, release, *_ in folded)
        assert all(before[1] <= after[0] for before, after in pairwise(folded))


@given(notes=notes_of_few_pitches, pedal=pedals)
def test_a_note_sounds_until_key_and_pedal_are_up_or_it_is_struck_again(
    notes: list[Note], pedal: list[tuple[float, bool]]
) -> None:
    onsets = {(onset, pitch) for onset, _, pitch, *_ in notes}
    for onset, release, pitch, velocity, part in restruck(sustained(notes, pedal)):
        [first] = [note for note in notes if (note[0], note[2]) == (onset, pitch)][:1]
        assert (velocity, part) == first[3:]
        until = max(first[1], is_held(pedal, first[1]) or 0.0)
        struck_again = min((at for at, of in onsets if of == pitch and at > onset), default=np.inf)
        assert release == min(until, onset + LONGEST_NOTE, struck_again)


@given(
    keys=st.lists(
        st.tuples(st.integers(0, 3000), st.sampled_from(["on", "off", "down", "up"]), st.integers(60, 63)),
        min_size=1,
        max_size=40,
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_file_holds_its_events_can_be_played(
    tmp_path: Path, keys: list[tuple[int, str, int]]
) -> None:
    def message(time: int, kind: str, pitch: int) -> Message:
        match kind:
            case "on":
                return note_on(pitch, time=time)
            case "off":
                return note_off(pitch, time=time)
            case _:
                return pedal(127 if kind == "down" else 0, time=time)

    messages = [message(*key) for key in keys]
    path = write_tracks(tmp_path / "random.mid", [*messages, note_on(64), note_off(64, 480)], messages)
    assert_playable(read_piece(path))


def test_a_scale_is_read_event_by_event(tmp_path: Path) -> None:
    piece = read_piece(write_scale(tmp_path / "scale.mid", [60, 62]))
    assert piece.name == "scale"
    assert len(piece) == 4
    assert events_of(piece) == [
        (0.0, 80, 60),
        (pytest.approx(0.5), 0, 60),
        (pytest.approx(0.5), 80, 62),
        (pytest.approx(1.0), 0, 62),
    ]


def test_silence_before_the_first_note_is_left_out(tmp_path: Path) -> None:
    path = write_tracks(tmp_path / "late.mid", [note_on(60, time=4800), note_off(60, 480)])
    assert read_piece(path).dt[0] == 0.0


def test_a_change_of_tempo_is_followed(tmp_path: Path) -> None:
    path = write_tracks(
        tmp_path / "tempo.mid",
        [tempo(60), tempo(120, time=480)],
        [note_on(60), note_off(60, 480), note_on(62), note_off(62, 480)],
    )
    assert read_piece(path).dt == pytest.approx([0.0, 1.0, 0.0, 0.5])


def test_two_tracks_are_one_keyboard(tmp_path: Path) -> None:
    path = write_tracks(
        tmp_path / "two.mid", [note_on(60), note_off(60, 960)], [note_on(60, time=480), note_off(60, 960)]
    )
    assert [event[1:] for event in events_of(read_piece(path))] == [(80, 60), (0, 60), (80, 60), (0, 60)]


def test_percussion_is_left_out(tmp_path: Path) -> None:
    path = write_tracks(
        tmp_path / "drums.mid",
        [note_on(60), note_off(60, 480)],
        [note_on(36, channel=9), note_off(36, 480, channel=9)],
    )
    assert set(read_piece(path).pitch) == {60}


def test_a_note_without_a_length_is_given_one(tmp_path: Path) -> None:
    assert_playable(read_piece(write_tracks(tmp_path / "short.mid", [note_on(60), note_off(60, 0)])))


def test_a_pedal_that_is_never_lifted_does_not_hold(tmp_path: Path) -> None:
    path = write_tracks(tmp_path / "held.mid", [pedal(127), note_on(60), note_off(60, 480)])
    assert read_piece(path).dt.sum() == pytest.approx(0.5)


def named(name: str) -> MetaMessage:
    return MetaMessage("track_name", name=name)


def of_parts(piece: Piece) -> dict[int, list[int]]:
    """Return the pitches of each part."""
    return {
        int(part): sorted({int(pitch) for pitch in piece.pitch[piece.part == part]})
        for part in set(piece.part)
    }


def test_two_voices_are_two_parts(tmp_path: Path) -> None:
    path = write_tracks(
        tmp_path / "hands.mid",
        [tempo(90)],
        [note_on(72), note_off(72, 480)],
        [note_on(48), note_off(48, 480), note_on(50), note_off(50, 480)],
    )
    assert of_parts(read_piece(path)) == {FIRST: [72], SECOND: [48, 50]}


@pytest.mark.parametrize("voices", [1, 3])
def test_of_one_voice_or_many_nobody_knows_the_parts(tmp_path: Path, voices: int) -> None:
    tracks = [[note_on(60 + voice), note_off(60 + voice, 480)] for voice in range(voices)]
    assert set(of_parts(read_piece(write_tracks(tmp_path / "voices.mid", *tracks)))) == {UNSET}


def test_after_a_melody_every_other_voice_accompanies_it(tmp_path: Path) -> None:
    tracks = [[note_on(pitch), note_off(pitch, 480)] for pitch in (72, 48, 52)]
    path = write_tracks(tmp_path / "tune.mid", *tracks)
    assert of_parts(read_piece(path, is_melody_first=True)) == {FIRST: [72], SECOND: [48, 52]}


def test_a_release_is_of_the_part_that_struck(tmp_path: Path) -> None:
    path = write_tracks(
        tmp_path / "same.mid", [note_on(60), note_off(60, 960)], [note_on(60, time=480), note_off(60, 960)]
    )
    assert read_piece(path).part.tolist() == [FIRST, FIRST, SECOND, SECOND]


def test_in_a_recorded_session_you_are_the_first_part_and_your_pedal_holds_only_your_notes(
    tmp_path: Path,
) -> None:
    path = write_tracks(
        tmp_path / "session.mid",
        [named("antiphon"), note_on(48, time=480, channel=1), note_off(48, 480, channel=1)],
        [named("you"), pedal(127), note_on(72), note_off(72, 480), pedal(0, time=1440)],
    )
    piece = read_piece(path)
    assert of_parts(piece) == {FIRST: [72], SECOND: [48]}
    assert [event[1:] for event in events_of(piece)[2:]] == [(0, 48), (0, 72)]
    assert [event[0] for event in events_of(piece)[2:]] == pytest.approx([1.0, 2.0])


def test_what_the_recorder_writes_is_known_for_a_session(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, megabytes=1)
    recorder.keep(heard(ControlMoved(64, 127), 10.0))
    recorder.keep(heard(KeyPressed(Pitch(72), Velocity(80)), 10.0))
    recorder.keep(heard(KeyReleased(Pitch(72)), 10.5))
    recorder.keep(Sent(PlayNote(11.0, Pitch(48), Velocity(70)), 11.0))
    recorder.keep(Sent(ReleaseNote(11.5, Pitch(48)), 11.5))
    recorder.keep(heard(ControlMoved(64, 0), 12.0))
    recording = recorder.close()
    assert recording is not None
    piece = read_piece(recording)
    assert of_parts(piece) == {FIRST: [72], SECOND: [48]}
    assert [event[0] for event in events_of(piece)] == pytest.approx([0.0, 1.0, 1.5, 2.0], abs=1e-3)


def test_when_all_notes_are_switched_off_what_sounds_ends(tmp_path: Path) -> None:
    off = Message("control_change", control=123, value=0, time=480)
    path = write_tracks(
        tmp_path / "lost.mid", [note_on(60), off, note_on(62), note_off(62, 480), note_off(60)]
    )
    at, velocity, pitch = events_of(read_piece(path))[1]
    assert (velocity, pitch) == (0, 60)
    assert at == pytest.approx(0.5)


@pytest.mark.parametrize(("shift", "is_gridded"), [(0, True), (7, False)])
def test_a_score_is_told_from_a_performance(tmp_path: Path, shift: int, is_gridded: bool) -> None:
    first = [note_on(60, time=shift), note_off(60, 480 - shift)]
    rest = [message for p in (62, 64, 65) for message in (note_on(p, time=3 * shift), note_off(p, 480))]
    assert read_piece(write_tracks(tmp_path / "score.mid", [*first, *rest])).is_gridded == is_gridded


@pytest.mark.parametrize("content", [b"", b"MThd", b"a song"])
def test_what_cannot_be_read_is_told_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.mid"
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match=r"broken\.mid: not a readable MIDI file"):
        read_piece(path)


def test_a_file_without_notes_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"empty\.mid: no notes"):
        read_piece(write_tracks(tmp_path / "empty.mid", [pedal(0)]))


def test_a_file_of_percussion_alone_is_told_by_name(tmp_path: Path) -> None:
    path = write_tracks(tmp_path / "drums.mid", [note_on(36, channel=9), note_off(36, 480, channel=9)])
    with pytest.raises(UnreadableError, match=r"drums\.mid: percussion only"):
        read_piece(path)
