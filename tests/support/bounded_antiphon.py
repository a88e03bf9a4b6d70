"""``antiphon`` as it is called in blocks of the documents: the real one, but that none of it takes long.

What plays until somebody stops it is stopped as by Ctrl-C as soon as it listens, and is to end with 0. What
is trained is a network that is tiny, and what is composed is short. Everything else is left as it is.
"""

import signal
import subprocess
import sys
from collections.abc import Sequence

PLAYS_UNTIL_STOPPED = {"demo", "run"}

BOUNDS = {
    "compose": ("--seconds", "2"),
    "train": ("--minutes", "0.02", "--units", "16", "--layers", "1", "--lanes", "2"),
}
"""After the options of a block; of an option that is given twice the last one counts."""


def main(arguments: Sequence[str]) -> int:
    """Return the exit code."""
    command = next((each for each in arguments if not each.startswith("-")), "")
    if command in PLAYS_UNTIL_STOPPED and "--help" not in arguments:
        return _until_it_listens([*_REAL, *arguments])
    # A table counts, and has neither units nor minutes.
    bounds = () if "--family" in arguments else BOUNDS.get(command, ())
    return subprocess.run([*_REAL, *arguments, *bounds], check=False).returncode


_REAL = [sys.executable, "-m", "antiphon"]


def _until_it_listens(command: Sequence[str]) -> int:
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as playing:
        assert playing.stderr is not None
        listens = False
        for line in playing.stderr:
            sys.stderr.write(line)
            if "listening on" in line and not listens:
                listens = True
                playing.send_signal(signal.SIGINT)
    # A demonstration to nobody, where there is no MIDI, ends by itself.
    return playing.returncode if listens or "demo" in command else (playing.returncode or 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
