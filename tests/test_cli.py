"""The command line: what is printed where, and with which exit code it ends."""

import inspect
import json
import logging
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeGuard

import pytest

from antiphon import errors
from antiphon.cli import main
from antiphon.commands import BUILT_IN
from antiphon.errors import AntiphonError
from visiting_package import install

PROJECT = Path(__file__).resolve().parent.parent

COMMANDS = [function.__name__ for function in BUILT_IN]

Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def nobodys_own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    for variable in os.environ:
        if variable.startswith(("ANTIPHON_", "XDG_")):
            monkeypatch.delenv(variable)


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(False)


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Install a package whose module is the given source and whose command ``extra`` is its ``command``."""
    folder, entries = tmp_path / "site", {"extra": "more_music:command"}

    def plug_in(source: str) -> None:
        install(folder, "more-music", "antiphon.commands", entries, more_music=source)
        monkeypatch.syspath_prepend(folder)

    yield plug_in
    sys.modules.pop("more_music", None)


def in_a_process(*arguments: str, **rest: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], text=True, capture_output=True, timeout=60, check=False, **rest
    )


def is_error(member: object) -> TypeGuard[type[AntiphonError]]:
    return inspect.isclass(member) and issubclass(member, AntiphonError)


def values(text: str) -> dict[str, dict[str, object]]:
    """Return the values alone out of what ``config --json`` prints."""
    return {
        section: {name: setting["value"] for name, setting in settings.items()}
        for section, settings in json.loads(text).items()
    }


def test_the_help_lists_every_command(capsys: Printed) -> None:
    assert main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert all(f"\n  {name} " in printed for name in COMMANDS)


def test_without_a_command_the_help_is_shown(capsys: Printed) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("Usage: antiphon ")


def test_the_help_explains_every_exit_code(capsys: Printed) -> None:
    main(["--help"])
    printed = capsys.readouterr().out
    codes = [kind.exit_code for _, kind in inspect.getmembers(errors, is_error)]
    assert all(f"\n    {code}  " in printed for code in [0, *codes, 130])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example_within_80_columns(command: str, capsys: Printed) -> None:
    assert main([command, "--help"]) == 0
    printed = capsys.readouterr().out
    assert re.search(f"Examples?:\n    antiphon {command}", printed)
    assert max(map(len, printed.splitlines())) <= 80


def test_no_command_is_told_of_with_an_ellipsis_where_all_are_listed(capsys: Printed) -> None:
    assert all(len((function.__doc__ or "").splitlines()[0]) <= 60 for function in BUILT_IN)
    main(["--help"])
    listed = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert not [words for words in listed if words and words[0] in COMMANDS and words[-1].endswith("...")]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_explained(command: str, capsys: Printed) -> None:
    main([command, "--help"])
    options = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  -")]
    assert options
    assert all(len(line) > 27 for line in options)


def test_the_version_is_told(capsys: Printed) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "antiphon 0.1.0\n"


def test_asking_for_help_loads_nothing_heavy() -> None:
    heavy = {"antiphon.config", "asyncio", "mido", "numpy", "rich", "rtmidi", "ai_edge_litert"}
    done = in_a_process(
        "-c",
        "import sys; from antiphon.cli import main; main(['--help']); "
        f"sys.exit(' '.join(sys.modules.keys() & {heavy!r}))",
    )
    assert done.stderr == "\n"


def test_the_settings_that_are_shown_can_be_saved_as_a_file(tmp_path: Path, capsys: Printed) -> None:
    changes = ["--set", "play.temperature=0.8", "--in", 'a "quoted" \\ Klavier ä']
    assert main(["config", *changes]) == 0
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80
    saved = tmp_path / "saved.toml"
    saved.write_text(shown)
    main(["config", "--json", *changes])
    before = values(capsys.readouterr().out)
    assert main(["config", "--json", "--config", str(saved)]) == 0
    assert values(capsys.readouterr().out) == before == tomllib.loads(shown)
    assert before["play"]["temperature"] == 0.8
    assert before["midi"]["in"] == 'a "quoted" \\ Klavier ä'


def test_every_setting_is_shown_with_its_origin_and_meaning(capsys: Printed) -> None:
    main(["config", "--json", "--set", "play.temperature=0.8"])
    play = json.loads(capsys.readouterr().out)["play"]
    assert play["temperature"]["origin"] == "--set"
    assert play["seed"]["origin"] == "defaults.toml"
    assert (play["temperature"]["lowest"], play["temperature"]["highest"]) == (0.0, 2.0)
    assert play["mode"]["choices"] == ["answer", "listen", "duet", "takeover", "attract"]
    assert (play["seconds"]["unit"], play["seconds"]["live"]) == ("s", True)
    assert all(setting["description"] for setting in play.values())


def test_the_defaults_are_a_file_of_settings_whatever_is_set_here(capsys: Printed) -> None:
    main(["config", "--json"])
    shipped = values(capsys.readouterr().out)
    assert main(["config", "--defaults", "--set", "play.seed=3", "--set", "no.setting=4"]) == 0
    assert tomllib.loads(capsys.readouterr().out) == shipped


def test_one_setting_is_shown_by_its_name(capsys: Printed) -> None:
    assert main(["config", "temperature"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "temperature = 1.0"
    assert main(["config", "temprature"]) == 2
    assert capsys.readouterr().err == (
        "antiphon: temprature is not a setting; did you mean play.temperature?\n"
    )


def test_a_model_is_a_name_or_a_file(tmp_path: Path, capsys: Printed) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text("[model]\nfile = 'other.tflite'")
    main(["config", "--json", "--config", str(mine), "--model", "folder/my.tflite"])
    assert values(capsys.readouterr().out)["model"] == {"name": "", "file": "folder/my.tflite"}
    main(["config", "--json", "--config", str(mine), "--model", "small"])
    assert values(capsys.readouterr().out)["model"] == {"name": "small", "file": ""}


def test_without_midi_there_is_nothing_to_silence(capsys: Printed) -> None:
    assert main(["panic", "--set", "midi.api=none"]) == 0
    assert "nothing to silence" in capsys.readouterr().out
    assert main(["panic", "--json", "--set", "midi.api=none"]) == 0
    assert json.loads(capsys.readouterr().out) == {"silenced": None}


def test_without_midi_there_is_a_sentence_and_no_table(capsys: Printed) -> None:
    assert main(["ports", "--json", "--set", "midi.api=none"]) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("antiphon: midi.api = none switches MIDI off; set it to auto, alsa or jack")
    assert len(printed.err.splitlines()) == 1


def test_the_shipped_models_are_listed(capsys: Printed) -> None:
    assert main(["models"]) == 0
    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading.split()[:3] == ["NAME", "ENGINE", "SIZE"]
    assert any(row.startswith("default ") for row in rows)


def test_the_shipped_models_are_listed_for_programs(capsys: Printed) -> None:
    assert main(["models", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    [default] = [each for each in listed["models"] if each["card"]["name"] == "default"]
    assert default["bytes"] > 1_000_000
    assert default["card"]["trained_on"]


def test_the_doctor_ends_with_the_exit_code_of_what_is_missing(capsys: Printed) -> None:
    assert main(["doctor", "--json", "--set", "midi.api=none"]) == 3
    report = json.loads(capsys.readouterr().out)
    assert not report["can_play"]
    assert {"Python", "runtime", "MIDI", "model", "CPU", "GPU"} <= {
        each["name"] for each in report["findings"]
    }


def test_every_wrong_setting_is_a_line_of_its_own(capsys: Printed) -> None:
    assert main(["config", "--set", "play.sed=1", "--set", "play.mode=anwser"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == [
        "antiphon: play.sed from --set is not a setting; did you mean play.seed?",
        'antiphon: play.mode from --set is "anwser", but must be one of answer, listen, duet, '
        'takeover, attract; did you mean "answer"?',
    ]


@pytest.mark.parametrize(
    ("arguments", "beginning"),
    [
        (["xyzzy"], "antiphon: no such command 'xyzzy'; see antiphon --help"),
        (["cnfig"], "antiphon: no such command 'cnfig'; did you mean 'config'? See antiphon --help"),
        (["jam"], "antiphon: no such command 'jam'; did you mean 'demo'? See antiphon --help"),
        (["config", "--jsn"], "antiphon: no such option: --jsn"),
        (["config", "--set"], "antiphon: option '--set' requires an argument"),
        (["respond"], "antiphon: missing argument 'IN.mid'"),
        (["respond", "a.mid", "-o", "b.mid", "--outputs", "0"], "antiphon: invalid value for '--outputs'"),
    ],
)
def test_a_slip_in_the_command_line_is_told_in_one_sentence(
    arguments: list[str], beginning: str, capsys: Printed
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(beginning)
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(
    "command",
    [("run",), ("demo",), ("respond", "IN.mid", "-o", "OUT.mid"), ("compose", "-o", "OUT.mid"), ("bench",)],
)
def test_a_model_that_is_mistyped_is_refused_and_nobody_plays_in_its_place(
    command: tuple[str, ...], capsys: Printed
) -> None:
    for typed, told in (
        ("defualt", "; did you mean default?"),
        ("rbm", " than lstm; it plays with --engine rbm"),
    ):
        assert main([*command, "--set", "midi.api=none", "--model", typed]) == 4
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.startswith(f"antiphon: {typed} is ")
        assert printed.err.endswith(f"{told}\n")


def test_the_process_ends_with_the_exit_code_and_without_a_traceback(tmp_path: Path) -> None:
    done = in_a_process("-m", "antiphon.cli", "config", "--config", str(tmp_path / "none.toml"))
    assert done.returncode == 2
    assert done.stderr == f"antiphon: cannot read {tmp_path}/none.toml: there is no such file\n"


def as_the_console_script(before: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as its installed script does, with something said to Python before."""
    scripts = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    module, function = scripts["antiphon"].split(":")
    code = f"{before}\nimport sys\nfrom {module} import {function}\nsys.exit({function}())"
    return in_a_process("-c", code, *arguments)


def test_an_interrupt_before_anything_is_loaded_ends_it_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("import signal\nsignal.raise_signal(signal.SIGINT)\n")
    done = as_the_console_script(f"import sys; sys.path.insert(0, {str(tmp_path)!r})", "config")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_the_package_runs_as_the_command_does() -> None:
    installed, as_a_module = (
        as_the_console_script("", "--version"),
        in_a_process("-m", "antiphon", "--version"),
    )
    assert installed.stdout == as_a_module.stdout == "antiphon 0.1.0\n"


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "antiphon.cli", "config"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_another_package_may_add_a_command(plugin: Callable[[str], None], capsys: Printed) -> None:
    plugin("def command(count: int = 1) -> None:\n    'Hum a tune.'\n    print('hum ' * count)\n")
    assert main(["--help"]) == 0
    assert re.search(r"extra +Hum a tune\.", capsys.readouterr().out)
    assert main(["extra", "--count", "2"]) == 0
    assert capsys.readouterr().out == "hum hum \n"


def test_another_package_may_add_a_group_of_commands(plugin: Callable[[str], None], capsys: Printed) -> None:
    plugin(
        "import typer\ncommand = typer.Typer(help='Tunes.')\n"
        "@command.command()\ndef hum(): print('hum')\n@command.command()\ndef sing(): print('la')\n"
    )
    assert main(["extra", "sing"]) == 0
    assert capsys.readouterr().out == "la\n"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import no_such_module_at_all", "No module named 'no_such_module_at_all'"),
        ("command = 3", "3 is not a callable object"),
        ("1 / 0", "division by zero"),
    ],
)
def test_a_broken_package_is_told_and_spoils_nothing_else(
    source: str, reason: str, plugin: Callable[[str], None], capsys: Printed
) -> None:
    plugin(source)
    assert main(["--help"]) == 0
    assert re.search("extra +Cannot be used: ", capsys.readouterr().out)
    assert main(["extra", "--any", "thing"]) == 1
    assert capsys.readouterr().err == (
        f"antiphon: the command extra of more-music cannot be used: {reason}; "
        "reinstall or remove more-music\n"
    )
    assert main(["config"]) == 0


FAILURES = """
from antiphon.errors import *
class OutOfTune(Exception):
    exit_code = 6
def command(kind: str) -> None:
    match kind:
        case "port": raise PortError("no port is called x")
        case "both":
            raise ExceptionGroup("", [PortError("no port"), ExceptionGroup("", [ModelError("no model")])])
        case "theirs": raise OutOfTune("the flute is out of tune")
        case "bug": raise ValueError("two\\nlines")
        case "interrupt": raise KeyboardInterrupt
"""


@pytest.mark.parametrize(
    ("kind", "exit_code", "told"),
    [
        ("port", 3, "antiphon: no port is called x\n"),
        ("both", 4, "antiphon: no port\nantiphon: no model\n"),
        ("theirs", 6, "antiphon: the flute is out of tune\n"),
        (
            "bug",
            1,
            "antiphon: unexpected ValueError: two lines; run again with --debug for the traceback\n",
        ),
        ("interrupt", 130, ""),
    ],
)
def test_what_goes_wrong_is_told_in_sentences(
    kind: str, exit_code: int, told: str, plugin: Callable[[str], None], capsys: Printed
) -> None:
    plugin(FAILURES)
    assert main(["extra", kind]) == exit_code
    assert capsys.readouterr().err == told


def test_debug_shows_the_traceback_wherever_it_stands(plugin: Callable[[str], None], capsys: Printed) -> None:
    plugin(FAILURES)
    for arguments in (["--debug", "extra", "bug"], ["extra", "bug", "--debug"]):
        assert main(arguments) == 1
        assert "Traceback (most recent call last)" in capsys.readouterr().err
