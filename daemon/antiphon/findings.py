"""What the doctor finds, and how it is shown: aligned text for people, JSON for programs."""

import json
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

Verdict = Literal["good", "not needed", "could be better", "missing"]
"""What is missing keeps it from playing; what is not there and not asked for is not needed."""

VERDICT_WIDTH = len("could be better") + 2
NAME_WIDTH = len("settings") + 2
WIDTH = 80


class Mend(msgspec.Struct, frozen=True):
    """A line that puts something right, and where it belongs, such as a file, or what is to be typed."""

    where: str
    line: str


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at.

    Attributes:
        name: what it is, in a word.
        verdict: whether anything should be done about it.
        value: what was found, in a sentence.
        remedy: what to do; empty where nothing is, or where the value says so itself.
        mends: any of these lines does it, to be copied.
        exit_code: with which `antiphon run` would end because of it; 0 where it plays all the same.
        figures: what was measured, for programs.
    """

    name: str
    verdict: Verdict
    value: str
    remedy: str = ""
    mends: tuple[Mend, ...] = ()
    exit_code: int = 0
    figures: Mapping[str, Any] = msgspec.field(default_factory=dict)


def exit_code(findings: Iterable[Finding]) -> int:
    """Return 0 where it can play, else the exit code of what is missing."""
    return max((finding.exit_code for finding in findings), default=0)


def what_to_do(finding: Finding) -> str:
    """Return the remedy and the lines that mend it in one; empty where there are none."""
    lines = (f"{mend.where}: {mend.line}" for mend in finding.mends)
    return "; or ".join(filter(None, (finding.remedy, *lines)))


def as_text(finding: Finding) -> str:
    """Return a finding, its value and remedy in a column of their own."""
    indent = " " * (VERDICT_WIDTH + NAME_WIDTH)
    first = f"{finding.verdict:<{VERDICT_WIDTH}}{finding.name:<{NAME_WIDTH}}"
    lines = _wrapped(finding.value, first, indent)
    if finding.remedy:
        lines += _wrapped(finding.remedy, f"{indent}-> ", f"{indent}   ")
    for mend in finding.mends:
        lines += [*_wrapped(f"{mend.where}:", f"{indent}-> ", f"{indent}   "), f"{indent}   {mend.line}"]
    return "\n".join(lines)


def _wrapped(text: str, first: str, following: str) -> list[str]:
    # A path or a command is copied from here, so it is never broken.
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )


def report(findings: Iterable[Finding]) -> dict[str, object]:
    """Return the findings for programs, and whether it can play, as values that JSON has."""
    listed = list(findings)
    code = exit_code(listed)
    return {"can_play": code == 0, "exit_code": code, "findings": msgspec.to_builtins(listed)}


def as_json(findings: Iterable[Finding]) -> str:
    """Return that report as JSON for people to read."""
    return json.dumps(report(findings), indent=2, ensure_ascii=False)
