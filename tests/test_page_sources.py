"""The folder web: what is served is what its sources give, and they hold what they promise."""

import filecmp
import gzip
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from missing import NODE

PROJECT = Path(__file__).resolve().parent.parent
SOURCES = PROJECT / "web"
BUILT = PROJECT / "daemon" / "antiphon" / "adapters" / "static"
TOOLS = SOURCES / "node_modules" / ".bin"

LARGEST = 250_000
"""Bytes of the page, compressed, without the recordings of the piano."""

needs_node = pytest.mark.skipif(not (TOOLS / "vite").exists(), reason=NODE)


def files(folder: Path) -> Iterator[str]:
    """Yield the path of each file, relative to its folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder))


def run(tool: str, *arguments: str) -> None:
    """Run a tool of the page's, which has to succeed."""
    done = subprocess.run(
        [TOOLS / tool, *arguments], cwd=SOURCES, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@needs_node
def test_what_is_served_is_what_the_sources_give(tmp_path: Path) -> None:
    run("vite", "build", "--outDir", str(tmp_path / "static"))
    built = list(files(tmp_path / "static"))
    assert built == list(files(BUILT)), "make page builds it anew"
    unlike = filecmp.cmpfiles(tmp_path / "static", BUILT, built, shallow=False)[1:]
    assert unlike == ([], []), "make page builds it anew"


@needs_node
def test_its_types_hold() -> None:
    run("tsc", "--noEmit")


@needs_node
def test_its_own_tests_pass() -> None:
    run("vitest", "run")


@pytest.mark.parametrize("module", sorted(path.stem for path in SOURCES.glob("tests/*.test.ts")))
def test_its_tests_belong_to_a_module(module: str) -> None:
    assert (SOURCES / "src" / f"{module.removesuffix('.test')}.ts").is_file()


def test_it_is_small_enough_for_a_slow_network() -> None:
    contents = {name: (BUILT / name).read_bytes() for name in files(BUILT) if not name.endswith(".mp3")}
    assert "index.html" in contents
    assert sum(len(gzip.compress(content)) for content in contents.values()) < LARGEST
