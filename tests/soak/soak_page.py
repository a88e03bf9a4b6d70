"""The page of a run: what was done, what came of it, and whether that is as it should be.

    python tests/soak/soak_page.py build/soak --page docs/reliability/soak.md

writes it again from what a run has left, also from one that was cut short. Beside the page comes a picture.
"""

import argparse
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

from account import Account
from antiphon.adapters.drawing import COLOURS, picture
from antiphon.core.units import Seconds
from findings import LONG, Finding, Stretch, each_minute, found, quarters, quiet_quarters

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INCHES = (10.0, 6.4)

HEAD = """\
# Hours of playing

Written by `{command}`; nothing on this page is set by hand. A daemon with the default model and its recorder
is played with over real JACK ports, by a player that presses and lets go keys {rate:g} times a second for
eight to twelve seconds, moves the pedal, and rests for as long as an answer may take; each fourth rest is too
short, and so the answer is interrupted. What is played is passed on to the output as well (`play.thru`). A
fourth process listens. The daemon takes its real-time priority as the service does; player, listener and JACK
server have one, too.

Played for {length} on {date}: {machine}. Together both played {events:.1f} notes
begun or ended a second, and {messages:.1f} messages a second went out through the daemon's port.

"""

LATENESS = """\
In milliseconds. What is *sent* so late is by the daemon's own histogram: from the moment that an onset or a
release of an answer was due until it is given to JACK. What *arrived*, until the listener had it, which JACK
sees to at the end of a cycle, here of {cycle:.2f} ms. The *bare wait* is that of a process with the priority
of the daemon that does nothing else: what is late there is this machine, and whatever else runs on it.
"""

MEMORY = """\
Its own memory is what it keeps resident and shares with no JACK server; the proportional share counts the
memory of that server as well, and libraries that come and go with other processes. Which lines of Python
keep more than they did, `.venv-train/bin/python tests/soak/soak.py --hours 0.2 --growth` tells: they are
caches of bounded size, of chords, keys and what answers are to be like, which fill in the first hours.
"""


def write_page(folder: Path, page: Path) -> list[str]:
    """Write the page and its picture; return what is not as it should be, a sentence each."""
    account = Account(folder)
    findings = [*found(account)]
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("\n".join([head(account), *text(account, findings, page)]), encoding="utf-8")
    draw(page.with_suffix(".png"), account)
    return [
        f"{each.name}: {each.value}, and should be {each.goal}" for each in findings if each.is_met is False
    ]


def head(account: Account) -> str:
    lasted = account.looks[-1].at - account.looks[0].at
    of_answers = sum(arrival.is_of_an_answer for arrival in account.arrivals)
    notes = sum(message.is_onset or message.is_release for message in account.played)
    return HEAD.format(
        command=account.command,
        rate=account.rate,
        length=in_words(lasted),
        date=f"{datetime.fromtimestamp((account.folder / 'looks.jsonl').stat().st_mtime):%Y-%m-%d}",
        machine=machine(),
        events=(notes + of_answers) / lasted,
        messages=len(account.heard) / lasted,
    )


def text(account: Account, findings: Sequence[Finding], page: Path) -> Iterator[str]:
    yield "## Whether it is as it should be\n"
    yield "| | | should be | |\n| --- | ---: | --- | --- |"
    for each in findings:
        yield f"| {each.name} | {each.value} | {each.goal} | {verdict(each)} |"
    if account.xruns:
        yield f"\nJACK was late for {account.xruns} cycles, in which messages get lost: that is not judged."
    if not account.is_over:
        yield "\nThis run is not over: what is on its way counts as lost, and no file has been read again."
    if account.seconds < LONG:
        yield "\nA run below half an hour cannot show whether it becomes later or larger: that is not judged."
    yield "\n## How late\n"
    yield LATENESS.format(cycle=1000 * account.cycle)
    yield from table(quarters(account))
    yield "\nThe same in quiet minutes: of each quarter, that third in which the bare wait was least late.\n"
    yield from table(quiet_quarters(account))
    yield f"\n![How late answers were in each minute, and the daemon's memory]({page.stem}.png)"
    yield from resources(account)
    yield "\n## What was played, kept and read again\n"
    yield from counted(account)
    yield ""


def table(parts: Sequence[Stretch]) -> Iterator[str]:
    kinds = ("bare wait", "sent", "arrived")
    yield f"| quarter | {' | '.join(f'{kind}: median | p99 | p99.9 | longest' for kind in kinds)} |"
    yield "| --- |" + " ---: |" * 4 * len(kinds)
    for number, part in enumerate(parts, 1):
        yield f"| {number} | {' | '.join(f'{1000 * each:.2f}' for each in lateness(part))} |"


def lateness(stretch: Stretch) -> Iterator[Seconds]:
    for histogram in (stretch.bare, stretch.sent):
        yield from (histogram.percentile(percent) for percent in (50, 99, 99.9, 100))
    for percent in (50, 99, 99.9, 100):
        yield stretch.arrived_within(percent)


def resources(account: Account) -> Iterator[str]:
    yield "\n## What it takes from the machine\n"
    yield MEMORY
    yield "| quarter | own memory, mean | proportional | a core | threads | open files |"
    yield "| --- |" + " ---: |" * 5
    for number, quarter in enumerate(quarters(account), 1):
        looks = quarter.looks
        yield (
            f"| {number} | {quarter.mean('own'):.2f} MB | {quarter.mean('proportional'):.1f} MB "
            f"| {100 * quarter.core_share:.1f} % | {numbers(look.threads for look in looks)} "
            f"| {numbers(look.files for look in looks)} |"
        )


def counted(account: Account) -> Iterator[str]:
    answers = sum(minute.answers for minute in account.minutes)
    yield f"- {len(account.played)} messages were played, and {answers} answers given."
    for each in account.examined:
        yield f"- `antiphon {each.command} {each.file}`: {each.said}"


def draw(path: Path, account: Account) -> None:
    """Draw lateness and memory, minute by minute."""
    began = account.looks[0].at
    with picture(path, INCHES, dots_per_inch=100) as figure:
        late, memory = figure.subplots(2, 1, sharex=True)
        draw_lateness(late, began, each_minute(account))
        memory.plot(
            [(look.at - began) / 60 for look in account.looks],
            [look.own for look in account.looks],
            color=COLOURS[2],
        )
        memory.set_title("own memory, MB", fontsize=10, loc="left")
        memory.set_xlabel("minutes")


def draw_lateness(axes: "Axes", began: Seconds, parts: Sequence[Stretch]) -> None:
    minutes = [((each.began + each.ended) / 2 - began) / 60 for each in parts]
    for name, colour, values in (
        ("sent, p99", COLOURS[0], [each.sent.percentile(99) for each in parts]),
        ("bare wait, p99", "#999999", [each.bare.percentile(99) for each in parts]),
        ("arrived, p99", COLOURS[1], [each.arrived_within(99) for each in parts]),
    ):
        axes.plot(minutes, [1000 * value for value in values], color=colour, label=name, linewidth=1.2)
    axes.set_yscale("log")
    axes.set_title("how late answers are in each minute, ms", fontsize=10, loc="left")
    axes.legend(frameon=False, fontsize=8, ncols=3)


def verdict(finding: Finding) -> str:
    return {True: "met", False: "**MISSED**", None: ""}[finding.is_met]


def numbers(values: "Iterator[int]") -> str:
    found = sorted(set(values))
    return " to ".join(map(str, dict.fromkeys([found[0], found[-1]])))


def in_words(seconds: Seconds) -> str:
    return f"{seconds / 3600:.2f} hours" if seconds >= LONG else f"{seconds / 60:.1f} minutes"


def machine() -> str:
    """Return in a few words what it was measured on."""
    kind = f"{len(os.sched_getaffinity(0))} cores, {platform.machine()}, Linux {platform.release()}"
    return f"{kind}, Python {platform.python_version()}"


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folder", type=Path, help="of the run")
    options.add_argument("--page", type=Path, default=Path("build/soak.md"))
    asked = options.parse_args()
    for complaint in write_page(asked.folder, asked.page):
        sys.stdout.write(f"{complaint}\n")


if __name__ == "__main__":
    main()
