"""Fuzzes the targets, one after another, each in a process of its own; see `make fuzz`.

What was found stays under build/fuzzing; of the inputs that reach anything new the essence is kept in the
corpus beside this file, which the tests replay. An input that fails is written beside a sentence that says
how to replay it, and the exit code is 1.
"""

import argparse
import hashlib
import logging
import re
import secrets
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path

from essence import essence_of
from fuzzed import Fuzzed, WayIn, page
from target import Target

HERE = Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
FOUND = HERE.parent.parent / "build" / "fuzzing"

SUFFIX = ".input"

MEGABYTES = 1024
"""That a fuzzer may take; above is a leak."""

HANG = 20
"""Seconds after which an input that does not come back is given up."""


def names() -> list[str]:
    """Return what targets there are."""
    return sorted(path.stem for path in (HERE / "targets").glob("*.py") if path.stem != "__init__")


def target_called(name: str) -> Target:
    target: Target = import_module(f"targets.{name}").TARGET
    return target


def corpus_of(name: str) -> list[Path]:
    """Return the files that the tests replay."""
    return sorted((CORPUS / name).glob(f"*{SUFFIX}"))


def fuzz(name: str, minutes: float, seed: int) -> bool:
    """Fuzz a target for some minutes; tell whether nothing failed."""
    folder = FOUND / name
    inputs = folder / "inputs"
    inputs.mkdir(parents=True, exist_ok=True)
    _write(inputs, target_called(name).seeds())
    print(f"{name}: {minutes:g} minutes from seed {seed}", flush=True)
    log = folder / "log"
    with log.open("wb") as said:
        done = subprocess.run(
            [
                sys.executable,
                str(HERE / "fuzz_target.py"),
                name,
                f"-max_total_time={round(60 * minutes)}",
                f"-seed={seed}",
                f"-rss_limit_mb={MEGABYTES}",
                f"-timeout={HANG}",
                f"-artifact_prefix={folder}/",
                "-print_final_stats=1",
                str(inputs),
                str(CORPUS / name) if corpus_of(name) else str(inputs),
            ],
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
        )
    said_at_all = log.read_text(errors="replace")
    went = Fuzzed.by_its_log(said_at_all)
    print(f"{name}: {went}", flush=True)
    for path in went.failed:
        _explain(name, path, said_at_all)
    if done.returncode and not went.failed:
        print(f"{name}: it ended with {done.returncode}; {log} says why", file=sys.stderr)
    return done.returncode == 0


def _explain(name: str, path: Path, log: str) -> None:
    """Say beside an input that failed what happened and how to see it again."""
    command = f"make fuzz TARGET={name} INPUT={path}"
    trouble = re.search(r"=== Uncaught Python exception: ===\n(.*?)\n(?:==|\n\n)", log, re.DOTALL)
    sentence = f"{name} fails on this input; `{command}` examines it again.\n"
    path.with_name(f"{path.name}.txt").write_text(sentence + "\n" + (trouble[1] if trouble else log[-3000:]))
    print(f"{name}: failed; `{command}` examines the input again", file=sys.stderr)


def keep(name: str) -> None:
    """Keep the essence of all that was found of a target."""
    logging.disable(logging.CRITICAL)
    target = target_called(name)
    found = [*corpus_of(name), *(FOUND / name / "inputs").glob("*")]
    candidates = [*target.seeds(), *(path.read_bytes() for path in found)]
    essence = essence_of(candidates, target.examine)
    for path in corpus_of(name):
        path.unlink()
    _write(CORPUS / name, essence)
    print(
        f"{name}: {len(essence)} of {len(candidates)} inputs kept, {sum(map(len, essence))} bytes", flush=True
    )


def _write(folder: Path, inputs: Iterable[bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for data in inputs:
        (folder / f"{hashlib.sha256(data).hexdigest()[:16]}{SUFFIX}").write_bytes(data)


def ways_in() -> Iterator[WayIn]:
    """Yield how each target went when it was fuzzed last, here; one that never was is left out."""
    for name in names():
        log = FOUND / name / "log"
        if log.exists():
            means = (import_module(f"targets.{name}").__doc__ or "").strip().split("\n\n")[0]
            went = Fuzzed.by_its_log(log.read_text(errors="replace"))
            on = date.fromtimestamp(log.stat().st_mtime)
            yield WayIn(name, " ".join(means.split()).rstrip("."), went, on, len(corpus_of(name)))


def _asked(arguments: argparse.Namespace) -> Iterator[str]:
    for name in arguments.targets or names():
        if name not in names():
            sys.exit(f"fuzz: there is no target {name}; choose of {', '.join(names())}")
        yield name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", help="those to fuzz; all where none is named")
    parser.add_argument("--minutes", type=float, default=15.0, help="for each target")
    parser.add_argument("--seed", type=int, help="of all that is drawn; drawn where none is named")
    parser.add_argument("--examine", type=Path, metavar="INPUT", help="examine one input, and do not fuzz")
    parser.add_argument(
        "--only-keep", action="store_true", help="keep what was found before, and do not fuzz"
    )
    parser.add_argument("--page", type=Path, metavar="FILE", help="write how all went, each the last time")
    arguments = parser.parse_args()
    asked = list(_asked(arguments))
    if arguments.examine:
        target_called(asked[0]).examine(arguments.examine.read_bytes())
        return
    seed = arguments.seed if arguments.seed is not None else secrets.randbelow(2**31 - 1) + 1
    whole = arguments.only_keep or all([fuzz(name, arguments.minutes, seed) for name in asked])
    for name in asked:
        if whole:
            keep(name)
    if arguments.page:
        arguments.page.write_text(page(ways_in()), encoding="utf-8")
    sys.exit(0 if whole else 1)


if __name__ == "__main__":
    main()
