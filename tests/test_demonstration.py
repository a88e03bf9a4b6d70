"""The demonstration, as somebody without any MIDI sees it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from mido import MidiFile

from antiphon.adapters.doors.web.showing import there_is_a_page
from antiphon.adapters.files.reading import read_performance
from antiphon.core.performance import notes_heard
from antiphon.demonstration import ANSWER, settings_that_answer, shipped_phrase
from default_config import loaded
from jam_session import Process
from missing import WEB


def test_the_shipped_phrase_is_a_phrase_on_one_keyboard() -> None:
    notes = notes_heard(shipped_phrase())
    assert len(notes) >= 5
    assert notes[-1].release < 15.0


def test_it_answers_even_where_the_daemon_would_only_listen() -> None:
    config = loaded("play.mode=listen", "play.polyphony=3").config
    assert settings_that_answer(config).play.mode == "answer"
    assert settings_that_answer(config).play.polyphony == 3


def without_a_desktop(home: Path) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if "DISPLAY" not in name} | {"HOME": str(home)}


def state_shown_at(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{url}api/state", timeout=20) as answer:
        state: dict[str, Any] = json.load(answer)
    return state


def test_without_midi_the_page_is_served_where_it_is_asked_for() -> None:
    pytest.importorskip("aiohttp", reason=WEB)
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    settings = ("midi.api=none", "record.enabled=false", f"web.port={port}")
    options = [word for setting in settings for word in ("--set", setting)]
    daemon = Process("-m", "antiphon.cli", "demo", *options, stderr=subprocess.STDOUT)
    try:
        daemon.wait_for(f"the page is at http://127.0.0.1:{port}/")
        assert state_shown_at(f"http://127.0.0.1:{port}/")["mode"] == "answer"
        daemon.child.send_signal(signal.SIGINT)
        daemon.wait_for(" stopped")
    finally:
        daemon.end()
    assert daemon.child.returncode == 0


@pytest.mark.skipif(not there_is_a_page(), reason=WEB)
def test_without_midi_whoever_sits_at_a_terminal_is_led_to_the_page(tmp_path: Path) -> None:
    terminal, its_end = os.openpty()
    command = [sys.executable, "-m", "antiphon.cli", "demo", "--set", "midi.api=none"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=without_a_desktop(tmp_path), stdout=its_end, stderr=its_end
    ) as daemon:
        os.close(its_end)
        said = b""
        while not (told := re.search(rb"open (http://127\.0\.0\.1:\d+/) in a browser", said)):
            said += os.read(terminal, 4096)
        assert state_shown_at(told[1].decode())["output"] == ""
        daemon.terminate()
    os.close(terminal)
    assert daemon.returncode == 0


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
