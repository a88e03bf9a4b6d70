"""A terminal with a Python program in it, which is closed by a line: ``python in_a_terminal.py PROGRAM ...``.

What the program says is passed on, and so are SIGTERM and, in the end, its exit code.
"""

import os
import pty
import select
import signal
import sys


def main() -> int:
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
    signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGTERM))
    pass_on(terminal)
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def pass_on(terminal: int) -> None:
    """Pass on what is said in the terminal, until it is to be closed or the program has ended."""
    while True:
        ready, _, _ = select.select([terminal, sys.stdin], [], [])
        if sys.stdin in ready:
            return
        try:
            os.write(sys.stdout.fileno(), os.read(terminal, 4096))
        except OSError:  # as Linux says that nobody has the other end any more
            return


if __name__ == "__main__":
    sys.exit(main())
