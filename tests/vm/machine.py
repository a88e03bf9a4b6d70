"""The machine that is tested in: what is said to the host, run, and waited for. Standard library only."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path


def say(*words: object) -> None:
    print(f"{time.monotonic():7.1f}", *words)


def sh(command: str, *, check: bool = True) -> str:
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    if check and done.returncode:
        sys.exit(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def wait_until(what: str, is_so: Callable[[], object], patience: float = 300.0) -> float:
    """Return how many seconds it took."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() > began + patience:
            say(sh("systemctl status 'antiphon*'; journalctl -n 60 -o short-monotonic", check=False))
            sys.exit(f"not within {patience:.0f} s: {what}")
        time.sleep(0.05)
    return time.monotonic() - began


def asked_for(name: str) -> str:
    """Return what the host has written after ``antiphon.NAME=`` on the kernel's command line."""
    words = Path("/proc/cmdline").read_text(encoding="ascii").split()
    return next(
        value for key, _, value in (word.partition("=") for word in words) if key == f"antiphon.{name}"
    )
