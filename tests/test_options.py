"""Options that stand for settings: what they are called, what help says of them, and what they set."""

import os
import typing
from pathlib import Path

import pytest
import typer

from antiphon.config import Loaded
from antiphon.core.settings import ModeName
from antiphon.errors import ConfigurationError
from antiphon.mistakes import Origin
from antiphon.options import Load, with_settings

Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def nobodys_own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    for variable in os.environ:
        if variable.startswith(("ANTIPHON_", "XDG_")):
            monkeypatch.delenv(variable)


class Command:
    """A command that has options for some settings, and keeps what it was called with."""

    def __init__(self, *settings: str) -> None:
        self.loaded: Loaded
        self.tune = ""
        self._commands = typer.Typer(add_completion=False, rich_markup_mode=None)

        @self._commands.command()
        @with_settings(*settings)
        def play(load: Load, tune: str = "") -> None:
            """Play a tune."""
            self.loaded, self.tune = load(), tune

    def __call__(self, *arguments: str) -> "Command":
        self._commands(args=list(arguments), standalone_mode=False)
        return self


def test_help_says_of_an_option_what_the_schema_says(capsys: Printed) -> None:
    Command("play.mode", "play.mood", "play.longest_note", "play.seed", "midi.api", "record.enabled")(
        "--help"
    )
    printed = " ".join(capsys.readouterr().out.split())
    modes = "|".join(typing.get_args(ModeName))
    assert f"--mode {modes} Answer what you play; listen and stay silent;" in printed
    assert "--longest-note 0.1..60 How long a note of an answer is held at most (s)." in printed
    assert "--seed NUMBER The same number gives the same answers; -1 draws one at each start." in printed
    assert "--api auto|alsa|jack|none MIDI system; auto takes the first that works" in printed
    assert "--mood MOOD Mood of the answers:" in printed
    assert "--record / --no-record Keep every session as a .mid file with both parts." in printed
    assert "--config FILE" in printed
    assert "--set SECTION.KEY=VALUE" in printed


def test_what_an_option_is_given_is_the_setting_of_the_name() -> None:
    loaded = Command("midi.in", "play.temperature", "play.seed")("--in", "1", "--seed", "7").loaded
    assert (loaded.config.midi.in_, loaded.config.play.seed) == ("1", 7)
    assert loaded.origins["play.seed"] == Origin("option", "--seed")
    assert loaded.origins["play.temperature"].name == "defaults.toml"


@pytest.mark.parametrize(("flag", "is_kept"), [("--record", True), ("--no-record", False)])
def test_what_can_be_switched_off_has_an_option_for_either(flag: str, is_kept: bool) -> None:
    opposite = f"record.enabled={str(not is_kept).lower()}"
    assert Command("record.enabled")("--set", opposite, flag).loaded.config.record.enabled == is_kept


def test_a_command_keeps_its_own_options_and_files_and_sets_are_read(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text("[play]\nseed = 1\npolyphony = 2")
    command = Command()("--tune", "la", "--config", str(mine), "--set", "play.seed=3")
    assert command.tune == "la"
    assert (command.loaded.config.play.seed, command.loaded.config.play.polyphony) == (3, 2)


def test_an_option_goes_before_a_set() -> None:
    command = Command("play.temperature")("--temperature", "0.5", "--set", "play.temperature=1")
    assert command.loaded.config.play.temperature == 0.5


def test_a_mistake_in_an_option_names_it() -> None:
    with pytest.raises(ConfigurationError, match=r"^play\.temperature from --temperature is 3\.0, but must "):
        Command("play.temperature")("--temperature", "3")
