"""The benchmarks of what plays, one after the other: `make bench`. It takes about ten minutes."""

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import event_cost
import flat
import idle
import imports
import memory
import over_jack
import pacing
import search
import slow_network
import start_up
from page import Section, section_of, write_page

# The cost of events comes last: it loads TensorFlow, which stays in the process.
HAS_FIGURES = (over_jack, flat, search, slow_network, start_up, imports, memory, idle, event_cost)


def sections() -> Iterator[Section]:
    """Run them in turn; what each found is also printed."""
    yield printed(pacing.section())
    for benchmark in HAS_FIGURES:
        yield printed(section_of(benchmark.__name__, benchmark.__doc__ or "", benchmark.measure()))


def printed(section: Section) -> Section:
    """Print the tables of a section, and return it."""
    sys.stdout.write("\n".join(section.tables) + "\n")
    sys.stdout.flush()
    return section


def main() -> None:
    """Print the figures of all of them, and write the page if one is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--page", type=Path, metavar="FILE.md", help="write all of it there, with pictures")
    page: Path | None = parser.parse_args().page
    found = list(sections())
    if page is not None:
        write_page(page, found, date.today())


if __name__ == "__main__":
    main()
