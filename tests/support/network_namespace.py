"""A network of its own for a program, with one cable to ours that can be cut."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

OURS, THEIRS = "10.213.77.1", "10.213.77.2"

PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])

IP = shutil.which("ip", path=PLACES)


class Cable:
    """The cable between the two networks.

    Attributes:
        address: what programs on the other network reach us by.
        program: what Python runs to run a Python program there: append its arguments.
    """

    address = OURS

    def __init__(self, name: str) -> None:
        self._name = name
        self.program = [str(Path(__file__).with_name("elsewhere.py")), name]

    @property
    def _end(self) -> str:
        return f"{self._name}-a"

    def lay(self) -> None:
        """Make the network and the cable. Raises CalledProcessError where that is not allowed."""
        ip("netns", "add", self._name)
        ip("link", "add", self._end, "type", "veth", "peer", "name", f"{self._name}-b", "netns", self._name)
        ip("address", "add", f"{OURS}/30", "dev", self._end)
        ip("-n", self._name, "address", "add", f"{THEIRS}/30", "dev", f"{self._name}-b")
        ip("-n", self._name, "link", "set", f"{self._name}-b", "up")
        self.mend()

    def cut(self) -> None:
        ip("link", "set", self._end, "down")

    def mend(self) -> None:
        ip("link", "set", self._end, "up")

    def remove(self) -> None:
        for arguments in (("link", "delete", self._end), ("netns", "delete", self._name)):
            ip(*arguments, check=False)


def ip(*arguments: str, check: bool = True) -> None:
    assert IP is not None
    subprocess.run([IP, *arguments], check=check, capture_output=True)


@contextmanager
def network_elsewhere() -> Iterator[Cable]:
    """Have another network; skip the test where that is not allowed."""
    cable = Cable(f"antiphon{os.getpid() % 100_000}")
    try:
        if IP is None:
            pytest.skip("ip (package iproute2) is missing: no network is cut")
        try:
            cable.lay()
        except subprocess.CalledProcessError as error:
            pytest.skip(f"no network can be made here, and none is cut: {error.stderr.decode().strip()}")
        yield cable
    finally:
        if IP is not None:
            cable.remove()


def run_elsewhere(name: str, *arguments: str) -> None:
    """Become a Python program on another network."""
    assert IP is not None
    os.execv(IP, [IP, "netns", "exec", name, sys.executable, *arguments])
