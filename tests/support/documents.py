"""The documents of the project as their readers meet them: pages, and the shell blocks on them.

A block that is not run has a comment before it, which no reader sees: ``<!-- not run: the reason -->``.
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
        yield ShellBlock(str(page.relative_to(PROJECT)), line, script, found["reason"] or "")


def settings_blocks(page: Path) -> list[str]:
    """Return the files of settings, or parts of one, that a page shows; a ``pyproject.toml`` is none."""
    text = page.read_text(encoding="utf-8")
    return re.findall(r"^```toml\n(?!# pyproject)(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def prose(page: Path) -> str:
    """Return a page without what stands in fences."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))
