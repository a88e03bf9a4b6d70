"""Writes what came of a whole run of fresh.sh into the page that says what Antiphon needs from a machine.

    python scripts/fresh_page.py RESULTS PAGE COMMIT

RESULTS has a line for each step: the machine and who worked on it, the step, and how it went, with tabs in
between. What stands in PAGE below its last heading is replaced.
"""

import sys
from pathlib import Path

HEADING = "## What came of it"

MACHINES = {
    "bookworm, player": "Debian 12, a user",
    "bookworm, root": "Debian 12, root",
    "trixie, player": "Debian 13, a user",
    "trixie, root": "Debian 13, root",
}
STEPS = {
    "clone": "`git clone`",
    "jam": "`make jam`",
    "test": "`make test`",
    "dist": "`make dist`, the same bytes as elsewhere",
    "wheel": "the wheel by pip",
    "sdist": "the sdist by pip",
    "pipx": "the wheel by pipx",
}


def main(results: Path, page: Path, commit: str) -> None:
    """Put the tables in the place of those of the run before."""
    went: dict[tuple[str, str], str] = {}
    for line in results.read_text(encoding="utf-8").splitlines():
        machine, step, outcome = line.split("\t")
        went[machine, step] = outcome
    elsewhere = sorted({machine for machine, _ in went} - MACHINES.keys())
    text, _, _ = page.read_text(encoding="utf-8").partition(HEADING)
    text = (
        f"{text.rstrip()}\n\n{HEADING}\n\nWritten by `make fresh`, not by hand; it tried commit {commit}.\n\n"
    )
    text += _table(MACHINES, STEPS, went)
    text += "\nThe wheel with all its doors, and tests of it, on the machine that made these:\n\n"
    text += _table({machine: machine for machine in elsewhere}, {"wheel": "wheel and tests"}, went)
    page.write_text(text, encoding="utf-8")


def _table(machines: dict[str, str], steps: dict[str, str], went: dict[tuple[str, str], str]) -> str:
    rows = [["", *machines.values()], ["---"] * (len(machines) + 1)]
    rows += [
        [title, *(went.get((machine, step), "") for machine in machines)] for step, title in steps.items()
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
