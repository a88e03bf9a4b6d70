"""What the documents tell a reader to type: it is typed here, or at least read by whom it is meant for."""

import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from itertools import takewhile
from pathlib import Path

import pytest

from antiphon.adapters.doors.mqtt.inbox import Arrived, Asked, Inbox
from antiphon.adapters.doors.mqtt.topics import command_in
from antiphon.config import load
from command_lines import calls, understood
from documents import PROJECT, ShellBlock, pages, prose, settings_blocks, shell_blocks
from jack_instruments import keyboard, synth
from jack_server import requires_jack, running_jack_server
from readers_desk import ReadersDesk

BLOCKS = [block for page in pages() for block in shell_blocks(page)]
TYPED = [block for block in BLOCKS if not block.reason]
READ = [block for block in BLOCKS if block.reason]

EXTRAS = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["optional-dependencies"].keys()

NOT_TO_BE_TYPED = ("apt-get", "make", "npm", "sudo", "systemctl")

# Pages for those who have it as a service, and the examples of `--help`, above which stands what to type in
# a clone.
ON_THE_PATH = ("docs/commands.md", "docs/raspberry-pi.md")

OTHER_SHELLS = ("```bash", "```console", "```shell", "```zsh")

# Of a block that stands without a fence no reader knows where it ends, and no test that it is there.
WITHOUT_A_FENCE = ("    .venv/bin/", "    antiphon ", "    make ", "    sudo ")


def name_of(block: ShellBlock) -> str:
    return block.name


def path_of(page: Path) -> str:
    return str(page.relative_to(PROJECT))


@pytest.fixture(scope="module")
def midi() -> Iterator[Mapping[str, str]]:
    """The instruments that the pages speak of; where there is no MIDI, nothing asks for it."""
    if requires_jack.args[0]:
        yield {"ANTIPHON_MIDI__API": "none"}
        return
    with ExitStack() as stack:
        server = stack.enter_context(running_jack_server())
        stack.enter_context(keyboard("Keystation"))
        stack.enter_context(synth("FLUID"))
        yield {"JACK_DEFAULT_SERVER": server.name, "ANTIPHON_MIDI__API": "jack"}


@pytest.fixture(scope="module")
def desk_for(
    midi: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], ReadersDesk]:
    desks: dict[str, ReadersDesk] = {}

    def desk(page: str) -> ReadersDesk:
        if page not in desks:
            desks[page] = ReadersDesk(tmp_path_factory.mktemp("desk"), midi)
        return desks[page]

    return desk


@pytest.mark.parametrize("block", TYPED, ids=name_of)
def test_what_a_page_tells_to_type_does_as_it_says(
    block: ShellBlock, desk_for: Callable[[str], ReadersDesk]
) -> None:
    changes = [name for name in NOT_TO_BE_TYPED if [*calls(block.script, name)]]
    assert changes == [], "it changes the system, or takes long: say why it is not run"
    before = takewhile(lambda each: each != block, (each for each in TYPED if each.page == block.page))
    done = desk_for(block.page).type(block, before)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("block", BLOCKS, ids=name_of)
def test_what_a_page_tells_to_type_is_read_by_the_shell_by_antiphon_and_by_make(block: ShellBlock) -> None:
    subprocess.run(["sh", "-n", "-c", block.script], check=True)
    for arguments in calls(block.script, "antiphon"):
        understood(arguments)
    for targets in calls(block.script, "make"):
        subprocess.run(["make", "-n", *targets], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    for extra in re.findall(r"antiphon\[([\w,]+)\]", block.script):
        assert set(extra.split(",")) <= EXTRAS, "pip would install nothing for it"


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.page not in ON_THE_PATH], ids=name_of)
def test_who_reads_a_page_in_a_clone_is_told_to_type_the_command_that_is_there(block: ShellBlock) -> None:
    assert re.findall(r"(?:^|[;&|(]) *antiphon .*", block.script, re.MULTILINE) == []


@pytest.mark.parametrize("block", [block for block in BLOCKS if "mosquitto_pub" in block.script], ids=name_of)
def test_what_a_page_tells_to_publish_is_followed_by_a_daemon(block: ShellBlock) -> None:
    for arguments in calls(block.script, "mosquitto_pub"):
        topic = arguments[arguments.index("-t") + 1]
        payload = arguments[arguments.index("-m") + 1] if "-m" in arguments else ""
        if command_in(topic) not in (None, "clock") and "$" not in payload:
            assert isinstance(Inbox().open(Arrived(topic, payload.encode()), 0.0), Asked), topic


@pytest.mark.parametrize("page", [page for page in pages() if settings_blocks(page)], ids=path_of)
def test_the_settings_that_a_page_shows_are_taken(page: Path, tmp_path: Path) -> None:
    for number, block in enumerate(settings_blocks(page)):
        file = tmp_path / f"{number}.toml"
        file.write_text(block)
        load(file, (), {"HOME": str(tmp_path)}, system_file=tmp_path / "none.toml")


@pytest.mark.parametrize("block", READ, ids=name_of)
def test_what_is_not_typed_here_says_why(block: ShellBlock) -> None:
    pytest.skip(f"it is not run: {block.reason}")


@pytest.mark.parametrize("page", [*pages()], ids=path_of)
def test_a_page_has_what_is_to_be_typed_in_blocks_of_sh(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.lstrip().startswith(OTHER_SHELLS)] == []
    assert [line for line in prose(page).splitlines() if line.startswith(WITHOUT_A_FENCE)] == []


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("antiphon run --no-such", "no such option"),
        (".venv/bin/antiphon run --set play.tempo=1 # no such setting", "play.tempo"),
        ("cd x && antiphon compose --temperature 7 -o a.mid", "play.temperature"),
        ("antiphon dance", "dance"),
    ],
)
def test_a_command_that_is_not_there_would_be_found(script: str, told: str) -> None:
    (arguments,) = calls(script, "antiphon")
    with pytest.raises(Exception, match="(?i)" + told):
        understood(arguments)


def test_calls_are_found_behind_a_pipe_a_condition_and_a_continued_line() -> None:
    script = "cd x && antiphon models | .venv/bin/antiphon config \\\n  --json # antiphon ports\nantiphon run"
    assert [*calls(script, "antiphon")] == [["models"], ["config", "--json"], ["run"]]
