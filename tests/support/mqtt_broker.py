"""A real MQTT broker for as long as a test needs it: mosquitto on a free port, ended by its process id."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from server_process import ServerProcess

PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
"""Debian keeps mosquitto where only administrators look."""

MOSQUITTO = shutil.which("mosquitto", path=PLACES)

requires_mosquitto = pytest.mark.skipif(
    MOSQUITTO is None, reason="mosquitto (package mosquitto) is missing: MQTT is not tested with a broker"
)


class Broker(ServerProcess):
    """A running `mosquitto`, reached at ``localhost:port``.

    Args:
        folder: where its files are.
        lines: of its configuration, beyond the listener.
    """

    def __init__(self, folder: Path, lines: Sequence[str] = ("allow_anonymous true",)) -> None:
        self.port = free_port()
        self._configuration = folder / "mosquitto.conf"
        settings = [f"listener {self.port} 127.0.0.1", *lines, "user root", "persistence false"]
        self._configuration.write_text("\n".join([*settings, ""]))

    def start(self) -> None:
        """Start it, and wait until it listens."""
        assert MOSQUITTO is not None
        self._process = subprocess.Popen(
            [MOSQUITTO, "-c", str(self._configuration)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        give_up_at = time.monotonic() + 10
        while time.monotonic() < give_up_at:
            assert self._process.poll() is None, "mosquitto does not start"
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.01)
        raise AssertionError(f"mosquitto does not listen on port {self.port}")


@contextmanager
def strict_broker(folder: Path, *, subscribe: bool, publish: bool) -> Iterator[Broker]:
    """Run a broker that lets everybody in, but not everybody do everything.

    An `acl_file` would not do: with that, mosquitto grants every subscription and then delivers nothing.
    """
    plugins = sorted(Path("/usr/lib").glob("**/mosquitto_dynamic_security.so"))
    if not plugins:
        pytest.skip("mosquitto has no plugin for rights that change")
    rights = folder / "rights.json"
    access = {"publishClientSend": publish, "publishClientReceive": True, "subscribe": subscribe}
    rights.write_text(json.dumps({"defaultACLAccess": access}))
    plugin = (f"plugin {plugins[0]}", f"plugin_opt_config_file {rights}")
    with running_broker(folder, "allow_anonymous true", *plugin) as broker:
        yield broker


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextmanager
def running_broker(folder: Path, *lines: str) -> Iterator[Broker]:
    """Run a broker; without lines it lets everybody in."""
    broker = Broker(folder, lines or ("allow_anonymous true",))
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()
