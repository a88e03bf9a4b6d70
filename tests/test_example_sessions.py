"""The example sessions: what is stored is what is played today, for each mode that plays."""

import importlib.util
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from antiphon.adapters.files.reading import read_performance
from antiphon.adapters.files.session_log import read_session_log
from antiphon.adapters.files.transcript_lines import line_of
from antiphon.core.performance import notes_heard
from antiphon.core.settings import ModeName
from antiphon.replay.replay import held_against, held_against_itself, replayed
from default_config import loaded

SESSIONS = Path(__file__).resolve().parent.parent / "examples" / "sessions"

NAMES = [mode for mode in typing.get_args(ModeName) if mode != "listen"]

MAKE = "`make examples` plays them anew"


@pytest.fixture(scope="module")
def maker() -> Iterator[ModuleType]:
    """The program that makes them, with what lies beside it."""
    sys.path.insert(0, str(SESSIONS))
    try:
        found = importlib.util.spec_from_file_location("make_examples", SESSIONS / "make.py")
        assert found is not None
        assert found.loader is not None
        module = importlib.util.module_from_spec(found)
        sys.modules["make_examples"] = module
        found.loader.exec_module(module)
        yield module
    finally:
        sys.path.remove(str(SESSIONS))
        for name in ("make_examples", "phrases"):
            sys.modules.pop(name, None)


def test_there_is_one_for_each_mode_that_plays(maker: ModuleType) -> None:
    assert [example.name for example in maker.examples()] == NAMES
    page = (SESSIONS / "README.md").read_text()
    for name in NAMES:
        assert f"## [{name}]({name}.mid)" in page
        assert f"({name}.png)" in page
        assert (SESSIONS / f"{name}.png").stat().st_size > 10_000


def test_they_are_small() -> None:
    assert sum(path.stat().st_size for path in SESSIONS.iterdir() if path.is_file()) < 300_000


@pytest.mark.parametrize("name", NAMES)
def test_with_what_the_network_drew_each_gives_the_same_commands(name: str) -> None:
    """On any machine: it does not depend on how that computes."""
    replay = replayed(loaded().config, SESSIONS / f"{name}.session", only_read=True)
    verdict = held_against_itself(replay)
    assert verdict.difference is None, "\n".join([*verdict.lines, MAKE])
    assert held_against(replay, SESSIONS / f"{name}.mid").difference is None
    assert any(note for note in notes_heard(read_performance(SESSIONS / f"{name}-input.mid")))


@pytest.mark.parametrize("name", NAMES)
def test_played_anew_each_is_the_same_bit_by_bit(name: str, maker: ModuleType, tmp_path: Path) -> None:
    verdict = held_against_itself(replayed(loaded().config, SESSIONS / f"{name}.session", only_read=False))
    if verdict.difference is not None and verdict.lines[-1].startswith("the engine draws otherwise"):
        pytest.skip(f"the network draws otherwise here than where {name} was played: {verdict.lines[-3]}")
    [example] = [each for each in maker.examples() if each.name == name]
    beginning, *steps = maker.entries_of(example)
    stored = read_session_log(SESSIONS / f"{name}.session")
    assert beginning == stored.beginning, MAKE
    for index, (now, then) in enumerate(zip(steps, stored.steps, strict=True)):
        assert line_of(now) == line_of(then), f"step {index}; {MAKE}"
    maker.write_performance(tmp_path / "input.mid", [maker.part_heard("you", example.heard)])
    assert (tmp_path / "input.mid").read_bytes() == (SESSIONS / f"{name}-input.mid").read_bytes(), MAKE
