"""The demonstration, as somebody without any MIDI sees it."""

import os
import subprocess
import sys
from pathlib import Path

from mido import MidiFile

from antiphon.adapters.files.reading import read_performance
from antiphon.core.performance import notes_heard
from antiphon.demonstration import ANSWER, settings_that_answer, shipped_phrase
from default_config import loaded


def test_the_shipped_phrase_is_a_phrase_on_one_keyboard() -> None:
    notes = notes_heard(shipped_phrase())
    assert len(notes) >= 5
    assert notes[-1].release < 15.0


def test_it_answers_even_where_the_daemon_would_only_listen() -> None:
    config = loaded("play.mode=listen", "play.polyphony=3").config
    assert settings_that_answer(config).play.mode == "answer"
    assert settings_that_answer(config).play.polyphony == 3


def test_without_midi_a_phrase_is_answered_in_real_time_and_the_command_ends_well(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "antiphon.cli", "demo", "--set", "midi.api=none"]
    command += ["--set", "play.seconds=2", "--set", "play.seed=1"]
    played = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert played.returncode == 0, played.stderr
    assert "midi.api = none" in played.stdout.splitlines()[0]
    assert str(ANSWER) in played.stdout.splitlines()[-1]
    assert "Traceback" not in played.stderr
    assert "INFO:" not in played.stderr
    assert [track.name for track in MidiFile(tmp_path / ANSWER).tracks] == ["you", "antiphon"]
    notes = notes_heard(read_performance(tmp_path / ANSWER))
    heard = notes_heard(shipped_phrase())
    # Sorted, for keys pressed at almost one time may come to be heard at the very same.
    assert sorted(note.pitch for note in notes[: len(heard)]) == sorted(note.pitch for note in heard)
    assert len(notes) > len(heard)
    assert [path.name for path in tmp_path.iterdir()] == [str(ANSWER)]
