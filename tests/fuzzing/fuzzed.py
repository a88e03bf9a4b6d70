"""What a fuzzer says of a run, in figures and as a page."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

OPENING = """# Every way in, fuzzed

Written by `make fuzz PAGE=docs/reliability/fuzzing.md`; nothing on this page is set by hand. A fuzzer
(Atheris, which is libFuzzer for Python) makes up bytes, sees which branches they reach, and goes on from
those that reach new ones. Each target stands for one way by which bytes of others come in, and drives what
really reads them, up to the music where there is any. An input fails where it ends in anything but one of
our own sentences, takes longer than a tenth of a second of computing, leaves a note sounding, or makes what
is kept grow.

| way in | inputs | a second | branches | memory | failed | kept | fuzzed |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |
"""

CLOSING = """
Of the inputs that reach anything new the essence is *kept*, under `tests/fuzzing/corpus`, and `make test`
examines every one of them again. The seed of each run is what `make fuzz TARGET=NAME SEED=NUMBER` takes.
"""


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """A run of libFuzzer, by its log.

    Attributes:
        branches: that any input has reached.
        megabytes: of memory, at most.
        failed: the inputs that did.
    """

    seed: int
    seconds: int
    inputs: int
    branches: int
    megabytes: int
    failed: tuple[Path, ...]

    @classmethod
    def by_its_log(cls, log: str) -> "Fuzzed":
        """Read what it was told and what it says in the end; what it does not say is 0."""
        told = dict(re.findall(r"stat::(\w+):\s+(\d+)", log))
        return cls(
            seed=_last(r"INFO: Seed: (\d+)", log),
            seconds=_last(r"Done \d+ runs in (\d+) second", log),
            inputs=int(told.get("number_of_executed_units", 0)),
            branches=_last(r"cov: (\d+)", log),
            megabytes=int(told.get("peak_rss_mb", 0)),
            failed=tuple(map(Path, sorted(set(re.findall(r"Test unit written to (\S+)", log))))),
        )

    @property
    def rate(self) -> float:
        """Inputs a second."""
        return self.inputs / self.seconds if self.seconds else 0.0

    def __str__(self) -> str:
        return (
            f"{self.inputs} inputs, {self.rate:.0f} a second, {self.branches} branches, {self.megabytes} MB"
        )


@dataclass(frozen=True, slots=True)
class WayIn:
    """A target: its name, what it stands for, how it went, when, and how many inputs of it are kept."""

    name: str
    means: str
    went: Fuzzed
    on: date
    kept: int

    def row(self) -> str:
        went = self.went
        return (
            f"| `{self.name}`: {self.means} | {went.inputs:,} | {went.rate:,.0f} | {went.branches} "
            f"| {went.megabytes} MB | {len(went.failed) or 'none'} | {self.kept} "
            f"| {went.seconds / 60:.0f} min, {self.on.isoformat()}, seed {went.seed} |"
        )


def page(ways: Iterable[WayIn]) -> str:
    """Return a page with a row for each way in."""
    return OPENING + "".join(f"{row}\n" for row in _rows(list(ways))) + CLOSING


def _rows(ways: list[WayIn]) -> Iterator[str]:
    for way in ways:
        yield way.row()
    inputs, minutes = sum(way.went.inputs for way in ways), sum(way.went.seconds for way in ways) / 60
    failed, kept = sum(len(way.went.failed) for way in ways), sum(way.kept for way in ways)
    yield f"| all | {inputs:,} | | | | {failed or 'none'} | {kept} | {minutes:.0f} min |"


def _last(pattern: str, log: str) -> int:
    found = re.findall(pattern, log)
    return int(found[-1]) if found else 0
