"""Entries as lines: whatever can be written is read as it was."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.files.transcript_lines import OCCURRENCES, SAID, TOLD, entry_in, line_of, text_of
from antiphon.core.commands import PlayNote, Publish, ReleaseNote, TurnGivenBack
from antiphon.core.engine import MusicEvent
from antiphon.core.events import EngineChanged, Event, OtherMessage, SettingsChanged
from antiphon.core.transcript import Beginning, EngineEntered, EngineIdentity, Step
from antiphon.core.units import Pitch, Velocity
from default_settings import settings
from simulated_room import events

MOMENTS = st.floats(-1e9, 1e9)
DRAWN = st.one_of(
    st.none(), st.builds(MusicEvent, st.floats(0.0, 6.0), st.just(Velocity(0)), st.just(Pitch(60)))
)
SAYINGS = st.one_of(
    st.builds(PlayNote, MOMENTS, st.just(Pitch(60)), st.just(Velocity(80)), st.sampled_from(["it", "you"])),
    st.builds(ReleaseNote, MOMENTS, st.just(Pitch(60))),
    st.builds(Publish, MOMENTS, st.builds(TurnGivenBack, st.just("interrupted"), st.integers(0, 9), MOMENTS)),
)


def written_as(event: Event) -> Event | EngineEntered:
    """An engine itself is no line; which one it was is."""
    return EngineEntered(3, IDENTITY) if isinstance(event, EngineChanged) else event


IDENTITY = EngineIdentity("lstm", "default", "0" * 64, is_prompt=True)
STEPS = st.builds(
    Step,
    MOMENTS,
    st.one_of(st.none(), events().map(written_as)),
    st.lists(DRAWN).map(tuple),
    st.lists(SAYINGS).map(tuple),
    st.lists(st.one_of(st.none(), st.binary(max_size=8))).map(tuple),
)


@given(STEPS)
def test_a_step_is_read_as_it_was_to_the_bit(step: Step) -> None:
    line = line_of(step)
    assert line.count(b"\n") == 1
    assert entry_in(line) == step
    assert line_of(entry_in(line)) == line


def test_a_beginning_is_read_as_it_was() -> None:
    beginning = Beginning(12.5, settings(play={"temperature": 0.7}), 3, IDENTITY)
    assert entry_in(line_of(beginning)) == beginning


def test_settings_that_were_added_since_are_as_they_ship() -> None:
    chosen = settings(play={"temperature": 0.7})
    beginning = msgspec.json.decode(line_of(Beginning(12.5, chosen, 3)))
    del beginning["settings"]["play"]["polyphony"], beginning["settings"]["guide"]
    assert entry_in(msgspec.json.encode(beginning)) == Beginning(12.5, chosen, 3)
    step = msgspec.json.decode(line_of(Step(1.0, SettingsChanged(chosen))))
    del step[1][1]["turn"]
    assert entry_in(msgspec.json.encode(step)) == Step(1.0, SettingsChanged(chosen))


@pytest.mark.parametrize("section", ["play", "organ"])
def test_settings_that_nobody_knows_are_refused(section: str) -> None:
    beginning = msgspec.json.decode(line_of(Beginning(12.5, settings(), 3)))
    beginning["settings"].setdefault(section, {})["tremulant"] = 1
    with pytest.raises(ValueError, match="no entry"):
        entry_in(msgspec.json.encode(beginning))


def test_that_time_passed_is_hardly_a_line() -> None:
    assert line_of(Step(1.5, None)) == b"[1.5]\n"


def test_what_comes_out_of_numpy_is_a_number_like_any_other() -> None:
    said = PlayNote(np.float64(0.1), Pitch(np.int64(60)), Velocity(np.int32(80)))  # type: ignore[arg-type]
    assert text_of(said) == b'["PlayNote",0.1,60,80]'


def test_every_event_and_command_there_is_has_a_name() -> None:
    assert {"KeyPressed", "SettingsChanged", "Silenced", "EngineEntered"} <= TOLD.keys()
    assert {"PlayNote", "ReleaseNote", "Publish"} <= SAID.keys()
    assert {"TurnTaken", "PlayerLeft"} <= OCCURRENCES.keys()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"7",
        b"[]",
        b'["early"]',
        b"[1e999]",
        b'[1.0,["NoSuchEvent",1]]',
        b'[1.0,["KeyPressed","loud"]]',
        b'[1.0,["KeyPressed"]]',
        b"[1.0,7]",
        b"[1.0,null,[7]]",
        b"[1.0,null,null,7]",
        b'[1.0,null,[],[["Publish",1.0]]]',
        b"[1.0,null,[],[],[],[]]",
        b'{"at":1.0}',
        b"[" * 10_000,
        b"\xff\xfe",
    ],
)
def test_anything_else_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match="no entry of a transcript"):
        entry_in(line)


def test_bytes_are_kept() -> None:
    assert entry_in(line_of(Step(0.0, OtherMessage(b"\xe0\x00\x40")))) == Step(
        0.0, OtherMessage(b"\xe0\x00\x40")
    )
