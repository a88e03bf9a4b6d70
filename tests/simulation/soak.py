"""A program: sessions drawn one after another, until a promise is broken or the time is over.

    python tests/simulation/soak.py --minutes 60 --seed 1

Each session is drawn by its own seed, counted on from the first. Where one breaks a promise it is printed as
small as it can be made, with the seed that draws it again, and the exit code is 1.
"""

import argparse
import sys
import time
import traceback
import typing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

from antiphon.core.settings import ModeName
from drawn_sessions import SECONDS, Account, DrawnSession, OpenEngine, drawn, live_through, shrunk
from drawn_settings import ALL_MODES
from shipped_network import shipped_network
from simulated_room import SlowEngine
from steered_room import live_through_steered

BETWEEN_REPORTS = 60.0
"""Seconds."""


def main() -> int:
    options = parser().parse_args()
    modes: tuple[ModeName, ...] = tuple(options.modes)
    open_engine: OpenEngine = shipped_network() if options.engine == "lstm" else SlowEngine
    began = reported = time.monotonic()
    total, seed = Account(), options.seed
    while time.monotonic() - began < 60.0 * options.minutes and total.steps < options.steps:
        session = drawn(seed, modes, options.seconds)
        try:
            total += live_through_steered(seed) if options.steered else live_through(session, open_engine)
        except Exception as error:  # noqa: BLE001  whatever it is, its seed is to be told
            say(f"seed {seed}: {''.join(traceback.format_exception(error)[-3:])}")
            if not options.steered:
                tell(session, error, open_engine)
            return 1
        seed += 1
        if time.monotonic() - reported > BETWEEN_REPORTS:
            reported = time.monotonic()
            say(f"{seed - options.seed} sessions, {total}, in {reported - began:.0f} s")
    say(
        f"no promise was broken in {seed - options.seed} sessions, of the seeds {options.seed} to "
        f"{seed - 1}, with {total}, in {time.monotonic() - began:.0f} s"
    )
    return 0


def tell(session: DrawnSession, error: Exception, open_engine: OpenEngine) -> None:
    """Say what is broken by what, as briefly as that can be had."""

    def breaks(smaller: DrawnSession) -> bool:
        try:
            live_through(smaller, open_engine)
        except Exception as other:  # noqa: BLE001  as above
            return type(other) is type(error)
        return False

    small = shrunk(session, breaks)
    say(f"as little as that is left: {small.first}")
    for happening in small.happenings:
        waited = f", told {happening.age:.6f} s late" if happening.age else ""
        say(f"  {happening.wait:.6f} s later{waited}: {happening.event}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def parser() -> argparse.ArgumentParser:
    manner = argparse.RawDescriptionHelpFormatter
    options = argparse.ArgumentParser(description=__doc__, formatter_class=manner)
    options.add_argument("--minutes", type=float, default=60.0, help="how long it goes on")
    options.add_argument("--steps", type=float, default=float("inf"), help="how many it takes at most")
    options.add_argument("--seed", type=int, default=1, help="of the first session")
    options.add_argument("--seconds", type=float, default=SECONDS, help="that a session lasts")
    options.add_argument(
        "--engine",
        choices=["uniform", "lstm"],
        default="uniform",
        help="what plays: whatever is allowed, all of it as likely; or the small network that ships",
    )
    options.add_argument(
        "--steered",
        action="store_true",
        help="through pacer, desk and controls, in whatever mode is asked for",
    )
    options.add_argument(
        "--modes",
        nargs="+",
        choices=typing.get_args(ModeName),
        default=list(ALL_MODES),
        help="that are played",
    )
    return options


if __name__ == "__main__":
    sys.exit(main())
