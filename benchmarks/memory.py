"""Memory of `antiphon run` over a real JACK server: when it listens, and when it has answered.

The baseline is the same Python with numpy, the model runtime and the same model file, which was stepped once.
Counted apart is the memory of the JACK server, which every client maps and locks: over 100 MB with the
server's own defaults, and twice that where rtmidi brings a JACK library of its own. Through ALSA there is
none.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import bare_model
from figures import Figure, Result, main_of

from antiphon.adapters.engines.models import find_model

# The JACK server and the jam of three processes are those of the tests, which are no package.
sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from jack_server import running_jack_server
from jam_session import Process, jam

TITLE = "memory"
GOAL = 75.0
"""Megabytes of its own."""

BARE = "numpy, runtime, model"

KINDS = {"own": "own", "proportional": "proportional", "jack": "shared with JACK"}

ANSWERS = 10
SHORT_ANSWER = ("turn.shortest_pause=0.3", "turn.longest_pause=0.3", "play.seconds=2", "play.seed=1")


def measure() -> Result:
    """Measure each process while the other runs, so that both share the same libraries."""
    if not Path("/proc/self/smaps_rollup").exists():
        return Result(TITLE, skipped="the kernel does not tell (no /proc/self/smaps_rollup)")
    if shutil.which("jackd") is None:
        return Result(TITLE, skipped="jackd is missing (package jackd2)")
    bare = Process(bare_model.__file__, str(find_model("default", "").path))
    try:
        bare.wait_for("ready")
        baseline = megabytes(bare.child.pid)
        with running_jack_server(), tempfile.TemporaryDirectory() as folder:
            moments = while_it_answers(Path(folder))
    finally:
        bare.end()
    return Result(TITLE, tuple(figures(baseline, moments)))


def while_it_answers(folder: Path) -> dict[str, dict[str, float]]:
    """Return the memory of a daemon that listens, that has answered a phrase, and that has answered many."""
    with jam(folder, *SHORT_ANSWER) as session:
        moments = {"listening": megabytes(session.daemon.child.pid)}
        for number in range(1, ANSWERS + 1):
            session.play_phrase()
            session.daemon.wait_for("answered with")
            if number in (1, ANSWERS):
                moments["after an answer" if number == 1 else f"after {number} answers"] = megabytes(
                    session.daemon.child.pid
                )
    return moments


def figures(baseline: dict[str, float], moments: dict[str, dict[str, float]]) -> Iterator[Figure]:
    """Yield one line for each kind of memory and each moment."""
    for key, kind in KINDS.items():
        goal = GOAL if key == "own" else None
        yield Figure(f"{BARE}: {kind}", baseline[key], "MB")
        for moment, found in moments.items():
            yield Figure(f"antiphon, {moment}: {kind}", found[key], "MB", None, baseline[key], goal)


def megabytes(process: int) -> dict[str, float]:
    """Return what a process keeps resident; see proc_pid_status(5) and proc_pid_smaps(5)."""
    status, smaps = _kibibytes(process, "status"), _kibibytes(process, "smaps_rollup")
    found = {
        "own": status["RssAnon"] + status["RssFile"],
        "proportional": smaps["Pss"],
        "jack": status["RssShmem"],
    }
    return {name: amount * 1024 / 1e6 for name, amount in found.items()}


def _kibibytes(process: int, file: str) -> dict[str, float]:
    lines = Path(f"/proc/{process}/{file}").read_text(encoding="ascii").splitlines()
    fields = (line.split() for line in lines if line.endswith(" kB"))
    return {name.rstrip(":"): float(amount) for name, amount, _ in fields}


def main() -> None:
    """Print the figures."""
    main_of(__doc__ or "", measure)


if __name__ == "__main__":
    main()
