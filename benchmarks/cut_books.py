"""Cuts books of ABC tunes into a folder of one file a tune, held out as a splits.json of tunes says.

    python benchmarks/cut_books.py CORPUS OUT

CORPUS is the folder `nottingham` of the published corpora: books below `abc_cleaned`, and a splits.json that
names a tune by its book and number, such as ashover1. OUT is what `antiphon train --family char` and
`char_lstm.py` take.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from antiphon_models.notes.abc_tunes import tunes_of

SPLITS = "splits.json"


def cut(corpus: Path, out: Path) -> Mapping[str, list[str]]:
    """Write every tune that a list names, and the lists; return these."""
    lists = json.loads((corpus / SPLITS).read_text())
    split_of = {Path(name).stem: split for split in ("train", "valid", "test") for name in lists[split]}
    out.mkdir(parents=True, exist_ok=True)
    written: dict[str, list[str]] = defaultdict(list)
    for name, tune in _tunes(corpus / "abc_cleaned"):
        if name in split_of:
            (out / f"{name}.abc").write_bytes(tune)
            written[split_of[name]].append(f"{name}.abc")
    (out / SPLITS).write_text(json.dumps(written, indent=1) + "\n")
    return written


def _tunes(books: Path) -> Iterator[tuple[str, bytes]]:
    for book in sorted(books.glob("*.abc")):
        for tune in tunes_of(book.read_bytes()):
            if number := re.match(rb"X:\s*(\d+)", tune):
                yield f"{book.stem}{number[1].decode()}", tune


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    for split, names in cut(options.corpus, options.out).items():
        sys.stdout.write(f"{split}: {len(names)} tunes\n")


if __name__ == "__main__":
    main()
