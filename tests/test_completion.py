"""What a shell may offer where somebody presses the tab key, asked as each shell asks."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from antiphon.adapters.midi.system import ALSA_SEQUENCER
from antiphon.cli import main
from antiphon.completion import VARIABLE
from antiphon.settings import ENGINES
from jack_instruments import keyboard
from jack_server import requires_jack, running_jack_server
from terminal import Terminal

Printed = pytest.CaptureFixture[str]


class Shell:
    """Asks as a shell does that has a line before its cursor."""

    def __init__(self, name: str, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
        self.name = name
        self._capsys = capsys
        self._environ = monkeypatch

    def offers(self, line: str) -> list[str]:
        self._environ.setenv(VARIABLE, f"complete_{self.name}")
        if self.name == "bash":
            words = [*re.findall(r"=|[^ =]+", line), *([""] if line.endswith(" ") else [])]
            self._environ.setenv("COMP_WORDS", "\n".join(words))
            self._environ.setenv("COMP_CWORD", str(len(words) - 1))
        else:
            self._environ.setenv("_TYPER_COMPLETE_ARGS", line)
            self._environ.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
        with pytest.raises(SystemExit) as ended:
            main([])
        assert not ended.value.code
        return self._told(self._capsys.readouterr().out)

    def _told(self, printed: str) -> list[str]:
        if self.name == "zsh":
            return [
                each.replace(r"\\:", ":") for each in re.findall(r'^(?:_.*\(\()?"([^"]*)"', printed, re.M)
            ]
        return [line.partition("\t")[0] for line in printed.splitlines() if line]


@pytest.fixture(params=["bash", "zsh", "fish"])
def shell(request: pytest.FixtureRequest, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(request.param, capsys, monkeypatch)


def test_commands_are_offered_those_of_other_packages_too(shell: Shell) -> None:
    assert shell.offers("antiphon ru") == ["run"]
    assert shell.offers("antiphon tr") == ["train"]


def test_engines_modes_and_models_are_offered_by_name(shell: Shell) -> None:
    assert set(ENGINES) <= set(shell.offers("antiphon run --engine "))
    assert shell.offers("antiphon respond --model de") == ["default"]
    assert shell.offers("antiphon run --mode d") == ["duet"]


def test_what_train_may_train_is_offered(shell: Shell) -> None:
    assert shell.offers("antiphon train --family ") == ["events", "char", "markov", "rbm"]


def test_settings_are_offered_and_then_their_values(shell: Shell) -> None:
    begun = "" if shell.name == "bash" else "play.mode="
    assert shell.offers("antiphon run --set play.mo") == ["play.mode=", "play.mood="]
    assert shell.offers("antiphon run --set play.mode=d") == [f"{begun}duet"]
    assert f"{begun}takeover" in shell.offers("antiphon run --set play.mode=")
    assert shell.offers("antiphon config --set web.por") == ["web.port=0", "web.port=65535"]
    assert shell.offers("antiphon config --set mqtt.tl") == ["mqtt.tls=false", "mqtt.tls=true"]
    assert shell.offers("antiphon config --set no.such=") == []


@contextmanager
def expander(name: str, *ports: str) -> Iterator[None]:
    """Plug in an instrument with several ports."""
    import jack

    client = jack.Client(name, no_start_server=True)
    for port in ports:
        client.midi_inports.register(port)
    client.activate()
    try:
        yield
    finally:
        client.deactivate()
        client.close()


@pytest.fixture(scope="module")
def jack_server() -> Iterator[None]:
    with running_jack_server():
        yield


@requires_jack
@pytest.mark.skipif(Path(ALSA_SEQUENCER).exists(), reason="ALSA is here, whose ports are nobody's to choose")
@pytest.mark.usefixtures("jack_server")
def test_ports_are_offered_by_as_much_of_their_names_as_tells_them_apart(shell: Shell) -> None:
    with keyboard("Keystation 49"), expander("Minilogue", "in", "aux"):
        keystation = "Keystation\\ 49" if shell.name == "bash" else "Keystation 49"
        assert shell.offers("antiphon run --in ") == [keystation]
        assert shell.offers("antiphon panic --out Mini") == ["Minilogue:in", "Minilogue:aux"]
        begun = "" if shell.name == "bash" else "midi.in="
        assert shell.offers("antiphon run --set midi.in=Ke") == [begun + keystation]


def test_where_there_is_no_midi_no_port_is_offered(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "antiphon-test-of-no-server")
    if not Path(ALSA_SEQUENCER).exists():
        assert shell.offers("antiphon run --in ") == []


def test_what_can_be_shown_of_the_settings_is_offered(shell: Shell) -> None:
    assert shell.offers("antiphon config play.temp") == ["play.temperature"]
    assert shell.offers("antiphon config os")[0] == "osc"


def test_a_setting_given_before_does_not_confuse_what_comes_after(shell: Shell) -> None:
    assert shell.offers("antiphon run --set play.mode=duet --temper") == ["--temperature"]


def test_what_a_control_can_do_is_offered(shell: Shell) -> None:
    assert shell.offers("antiphon learn pan") == ["panic"]
    assert shell.offers("antiphon learn play.temp") == ["play.temperature"]


def test_nobody_waits_at_the_prompt_for_what_is_not_needed() -> None:
    heavy = {"antiphon.config", "antiphon_models.commands", "asyncio", "mido", "numpy", "rtmidi", "rich.text"}
    code = "import sys, atexit; from antiphon.cli import main; "
    code += f"atexit.register(lambda: print(*sys.modules.keys() & {heavy!r}, file=sys.stderr)); main([])"
    asked = {VARIABLE: "complete_bash", "COMP_WORDS": "antiphon\nrun\n--set\nplay.", "COMP_CWORD": "3"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | asked, text=True, capture_output=True, check=True
    )
    assert "play.mode=" in done.stdout
    assert done.stderr == "\n"


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_each_shell_is_given_what_it_has_to_read(
    name: str, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, f"source_{name}")
    with pytest.raises(SystemExit):
        main([])
    assert f"{VARIABLE}=complete_{name}" in capsys.readouterr().out


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
def test_the_tab_key_works_in_bash(tmp_path: Path) -> None:
    command = tmp_path / "antiphon"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m antiphon "$@"\n')
    command.chmod(0o755)
    search = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    modules = os.pathsep.join(sys.path)
    environ = os.environ | {"PATH": search, "PYTHONPATH": modules, "HOME": str(tmp_path), "TERM": "dumb"}
    with Terminal(["bash", "--norc", "-i"], environ) as bash:
        bash.type(f'eval "$({VARIABLE}=source_bash antiphon)"\n')
        bash.type("antiphon run --set play.mode=du\t")
        bash.until("play.mode=duet")
