"""The documents of the project as their readers meet them: pages, and the shell blocks on them.

A block that is not run has a comment before it, which no reader sees: ``<!-- not run: the reason -->``. Of
the examples that ``--help`` shows, which are written by ``make docs``, the reasons are here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

_BLOCK = re.compile(
    r"(?:^(?P<indent> *)<!-- not run: (?P<reason>[^>]+) -->\n\s*)?"
    r"^(?P<margin> *)```(?P<language>sh)\n(?P<script>.*?)^(?P=margin)```$",
    re.MULTILINE | re.DOTALL,
)

_FENCE = re.compile(r"^(?P<margin> *)```.*?^(?P=margin)```$", re.MULTILINE | re.DOTALL)

_OF_HELP = {
    "bench": "it measures for a minute",
    "calibrate": "it needs an instrument with hammers",
    "doctor": "what it says of a machine is its exit code",
    "evaluate": "it needs a model; README.md has one made, and evaluated",
    "export": "it needs a run of training; README.md has one made, and exported",
    "learn": "it waits for a knob to be moved",
    "train": "it trains for hours; README.md has it train for less",
    "unlearn": "it needs a knob that is bound",
}


@dataclass(frozen=True, slots=True)
class ShellBlock:
    """What a reader is to type; ``reason`` is why no test does, empty where one does."""

    page: str
    line: int
    script: str
    reason: str

    @property
    def name(self) -> str:
        """Where it is, for people."""
        return f"{self.page}:{self.line}"


def pages() -> Iterator[Path]:
    """Yield every document that has instructions for a reader."""
    yield from sorted(PROJECT.glob("*.md"))
    for folder in ("benchmarks", "docs", "examples"):
        yield from sorted((PROJECT / folder).rglob("*.md"))


def shell_blocks(page: Path) -> Iterator[ShellBlock]:
    """Yield the blocks of a page, in their order."""
    text = page.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("language")) + 1
        script = "".join(each.removeprefix(found["margin"]) for each in found["script"].splitlines(True))
        reason = found["reason"] or (_of_help(script) if page.name == "commands.md" else "")
        yield ShellBlock(str(page.relative_to(PROJECT)), line, script, reason)


def _of_help(script: str) -> str:
    _, command, *_ = script.split()
    return _OF_HELP.get(command, "")


def settings_blocks(page: Path) -> list[str]:
    """Return the files of settings, or parts of one, that a page shows; a ``pyproject.toml`` is none."""
    text = page.read_text(encoding="utf-8")
    return re.findall(r"^```toml\n(?!# pyproject)(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def prose(page: Path) -> str:
    """Return a page without what stands in fences."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))
