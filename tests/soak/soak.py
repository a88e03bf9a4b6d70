"""A program: a daemon is played with for hours over real JACK ports, and what becomes of it is written down.

    python tests/soak/soak.py --hours 2 --folder build/soak --page docs/reliability/soak.md

There are a JACK server, a player, the daemon with the default model and its recorder, and a listener; and
beside them somebody who only waits, to tell how late this machine is by itself. A look is taken at the daemon
every ten seconds, and it says itself each minute how punctual it was; all of that lies in the folder at once,
so that of a run that is cut short as much is known as there was. At the end comes the page, and the exit code
is 1 where something was lost, stuck or unreadable, or is not as it should be otherwise.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import Popen
from typing import IO

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

from antiphon.adapters.footing import step_down
from antiphon.bench.resources import cpu_seconds, megabytes, own_megabytes
from jack_server import JackServer
from right_of_way import take_priority
from soak_page import write_page

HERE = Path(__file__).resolve().parent

BETWEEN_LOOKS = 10.0
"""Seconds."""

PATIENCE = 30.0
"""Seconds for a process to come or to go."""

LAST_ANSWER = 20.0
"""Seconds after the last phrase in which it is answered."""

SETTINGS = (
    "midi.api='jack'",
    "midi.in='soak-player*'",
    "midi.out='soak-listener*'",
    "play.seconds=8.0",
    "play.thru=true",
    "turn.shortest_pause=0.3",
    "turn.longest_pause=0.5",
)
"""Where they differ from those that ship: answers of a known length, and soon, so that little is silent."""


def main() -> int:
    options = parser().parse_args()
    if shutil.which("jackd") is None:
        sys.exit("soak: there is no jackd; install the package jackd2")
    folder: Path = options.folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with midi_system(options.server):
        run(folder, options)
    examine_recordings(folder)
    complaints = write_page(folder, options.page)
    for complaint in complaints:
        say(complaint)
    return 1 if complaints else 0


@contextmanager
def midi_system(name: str) -> Iterator[None]:
    """Run a JACK server of its own name: those of the tests are taken by turns, and soon given back."""
    server = JackServer(name)
    os.environ["JACK_DEFAULT_SERVER"] = server.name
    server.start()
    try:
        yield
    finally:
        server.stop()


def run(folder: Path, options: argparse.Namespace) -> None:
    """Let it be played with for so long, and then end everything in good order."""
    told = {
        "command": f"make soak HOURS={options.hours:.3g}",
        "seconds": 3600.0 * options.hours,
        "rate": options.rate,
        "real_time": take_priority(),
    }
    step_down()
    (folder / "run.json").write_text(json.dumps(told), encoding="utf-8")
    with (
        started(folder, "listener", "patient_listener.py", "--name", "soak-listener"),
        started(folder, "bare", "bare_waiter.py"),
        started(folder, "player", "tireless_player.py", *player_options(options)) as playing,
        started(folder, "daemon", "watched_daemon.py", *daemon_options(folder, options)) as daemon,
    ):
        wait_for("listening on", folder / "daemon.log")
        assert playing.stdin is not None
        playing.stdin.write(b"play\n")
        playing.stdin.flush()
        look_on(folder, daemon)
        end(daemon)
        time.sleep(1.0)  # in which the listener hears the last of it


def player_options(options: argparse.Namespace) -> Iterator[str]:
    seconds = 3600.0 * options.hours
    for name, value in (("name", "soak-player"), ("seconds", seconds), ("rate", options.rate)):
        yield from (f"--{name}", str(value))
    yield from ("--seed", str(options.seed))


def daemon_options(folder: Path, options: argparse.Namespace) -> Iterator[str]:
    yield from ("--minutes", str(folder / "minutes.jsonl"))
    if options.growth:
        yield from ("--growth", str(folder / "growth.txt"))
    for setting in (f"record.folder='{folder / 'sessions'}'", *SETTINGS, *options.sets):
        yield from ("--set", setting)


@contextmanager
def started(folder: Path, name: str, program: str, *options: str) -> "Iterator[Popen[bytes]]":
    """Start one of our programs, which writes into a file and complains into another."""
    written, said = folder / f"{name}.jsonl", folder / f"{name}.log"
    with ExitStack() as files:
        output = files.enter_context(written.open("wb"))
        errors = files.enter_context(said.open("wb"))
        process = Popen(
            [sys.executable, str(HERE / program), *options],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=errors,
            env={**os.environ, "PYTHONPATH": search_path(), "HOME": str(folder)},
        )
        try:
            if name != "daemon":
                wait_for('"ready"', written)
            yield process
        finally:
            end(process)


def search_path() -> str:
    return os.pathsep.join([*sys.path[1:2], *filter(None, [os.environ.get("PYTHONPATH")])])


def look_on(folder: Path, daemon: "Popen[bytes]") -> None:
    """Take down what the daemon takes from the machine, until the player is done and all is answered."""
    with (folder / "looks.jsonl").open("w", encoding="utf-8") as looks:
        due = time.monotonic()
        done_at: float | None = None
        while done_at is None or due < done_at + LAST_ANSWER:
            take_a_look(daemon.pid, looks)
            due += BETWEEN_LOOKS
            time.sleep(max(0.0, due - time.monotonic()))
            if daemon.poll() is not None:
                raise RuntimeError(f"the daemon ended with {daemon.returncode}; see {folder / 'daemon.log'}")
            if done_at is None and is_done(folder / "player.jsonl"):
                done_at = due


def is_done(played: Path) -> bool:
    """Tell whether the player has written that it is done, which is the last that it writes."""
    with played.open("rb") as file:
        file.seek(max(0, played.stat().st_size - 100))
        return b'"done"' in file.read()


def take_a_look(process: int, looks: IO[str]) -> None:
    """Write down memory in megabytes, seconds of computing, threads, and open files."""
    look = {
        "at": time.monotonic(),
        "own": own_megabytes(process),
        "proportional": megabytes(process, "smaps_rollup")["Pss"],
        "anonymous": megabytes(process, "status")["RssAnon"],
        "cpu": cpu_seconds(process),
        "threads": sum(1 for _ in Path(f"/proc/{process}/task").iterdir()),
        "files": sum(1 for _ in Path(f"/proc/{process}/fd").iterdir()),
    }
    looks.write(json.dumps(look) + "\n")
    looks.flush()


def end(process: "Popen[bytes]") -> None:
    """End it in good order; who does not listen is killed."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_for(words: str, file: Path) -> None:
    give_up_at = time.monotonic() + PATIENCE
    while time.monotonic() < give_up_at:
        if words in file.read_text(encoding="utf-8"):
            return
        time.sleep(0.05)
    raise RuntimeError(f"{words} does not appear in {file}")


def examine_recordings(folder: Path) -> None:
    """Let the commands for recordings read every file, and write down what they said to that."""
    sessions = folder / "sessions"
    examined = []
    for recording in sorted(sessions.glob("*.mid")):
        answer = folder / f"answer-to-{recording.name}"
        examined.append(asked(recording.name, "respond", str(recording), "-o", str(answer), "--seed", "1"))
    for log in sorted(sessions.glob("*.session")):
        examined.append(asked(log.name, "replay", str(log)))
    (folder / "examined.json").write_text(json.dumps(examined, indent=1), encoding="utf-8")


def asked(name: str, command: str, *arguments: str) -> dict[str, object]:
    ran = subprocess.run(
        [sys.executable, "-m", "antiphon.cli", command, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    said = (ran.stdout + ran.stderr).strip().splitlines()
    return {"file": name, "command": command, "exit": ran.returncode, "said": said[-1] if said else ""}


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def parser() -> argparse.ArgumentParser:
    manner = argparse.RawDescriptionHelpFormatter
    options = argparse.ArgumentParser(description=__doc__, formatter_class=manner)
    options.add_argument("--hours", type=float, default=2.0, help="how long it is played with")
    options.add_argument("--rate", type=float, default=40.0, help="of keys pressed and let go, each second")
    options.add_argument("--seed", type=int, default=1, help="of what is played")
    options.add_argument(
        "--growth", action="store_true", help="say where the memory goes; slower, not punctual"
    )
    options.add_argument("--set", dest="sets", action="append", default=[], help="a setting of the daemon")
    options.add_argument(
        "--server", default="antiphon-soak", help="name of the JACK server, one for each run"
    )
    options.add_argument("--folder", type=Path, default=Path("build/soak"), help="where everything is kept")
    options.add_argument("--page", type=Path, default=Path("build/soak.md"), help="the page to write")
    return options


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RuntimeError as error:
        sys.exit(f"soak: {error}")
