import subprocess
import sys
from pathlib import Path

import pytest

from antiphon.adapters.midi.libraries import NoMidiSystem
from antiphon.adapters.midi.system import ALSA_SEQUENCER, find_system, list_ports
from antiphon.errors import PortError
from jack_server import requires_jack, running_jack_server
from midi_libraries import requires_rtmidi

requires_no_alsa = pytest.mark.skipif(
    Path(ALSA_SEQUENCER).exists(), reason=f"{ALSA_SEQUENCER} exists: a machine without ALSA cannot be tried"
)


def test_none_is_no_midi_system() -> None:
    with pytest.raises(NoMidiSystem, match="switches MIDI off"):
        find_system("none")


@requires_rtmidi
def test_a_jack_server_that_does_not_run_is_an_error_when_jack_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nowhere")
    with pytest.raises(PortError, match='no JACK server named "nowhere" runs'):
        list_ports("jack")
    assert capfd.readouterr() == ("", "")


@requires_rtmidi
@requires_no_alsa
def test_alsa_that_is_not_there_is_an_error_when_alsa_is_asked_for() -> None:
    with pytest.raises(PortError, match="does not exist"):
        find_system("alsa")


@requires_rtmidi
@requires_no_alsa
def test_a_machine_with_neither_has_no_midi_system(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nowhere")
    with pytest.raises(NoMidiSystem, match="and no JACK server runs"):
        find_system("auto")
    assert capfd.readouterr() == ("", "")


@requires_jack
@requires_no_alsa
def test_a_running_jack_server_is_taken_where_there_is_no_alsa() -> None:
    with running_jack_server():
        assert find_system("auto") == "jack"


def test_a_missing_alsa_library_is_told_with_the_package_to_install(tmp_path: Path) -> None:
    (tmp_path / "rtmidi").mkdir()
    (tmp_path / "rtmidi" / "__init__.py").write_text(
        "raise ImportError('libasound.so.2: cannot open shared object file: No such file or directory')"
    )
    program = "import sys; sys.path.insert(0, sys.argv[1])\n" + _TELL_WHY
    told = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert "install the package libasound2" in told.stdout


_TELL_WHY = """
from antiphon.adapters.midi.system import NoMidiSystem, find_system
try:
    find_system("auto")
except NoMidiSystem as error:
    print(error)
"""
