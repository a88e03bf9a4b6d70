"""How servers of the suite end."""

import signal
import subprocess
from contextlib import suppress


def end_in_good_order(process: "subprocess.Popen[bytes]") -> None:
    """End a server, also one that stands still, and wait for it; who does not listen is killed."""
    process.terminate()
    process.send_signal(signal.SIGCONT)
    with suppress(subprocess.TimeoutExpired):
        process.wait(5)
    if process.poll() is None:
        process.kill()
        process.wait()
