import os
import signal
import subprocess
import sys
from pathlib import Path
from secrets import token_hex

import pytest

from antiphon.adapters.midi.port_lock import PortLock
from antiphon.errors import PortError


@pytest.fixture
def port() -> str:
    return f"Minilogue {token_hex(4)}"


def test_a_second_lock_on_a_port_is_refused_and_tells_who_has_it(port: str) -> None:
    lock = PortLock.take("alsa", port)
    with pytest.raises(PortError) as raised:
        PortLock.take("alsa", port)
    assert str(raised.value) == (
        f'another antiphon (process {os.getpid()}) already plays on "{port}"; '
        "stop it or choose other ports with --in and --out"
    )
    lock.release()


def test_a_released_lock_can_be_taken_again(port: str) -> None:
    lock = PortLock.take("alsa", port)
    lock.release()
    lock.release()
    again = PortLock.take("alsa", port)
    assert not again.was_abandoned
    again.release()


def test_ports_of_the_same_name_in_two_systems_are_two(port: str) -> None:
    first, second = PortLock.take("alsa", port), PortLock.take("jack/default", port)
    first.release()
    second.release()


def test_the_lock_of_a_killed_process_is_free_and_tells_of_that(port: str) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, port], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    with pytest.raises(PortError, match=f"process {holder.pid}"):
        PortLock.take("alsa", port)
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    lock = PortLock.take("alsa", port)
    assert lock.was_abandoned
    lock.release()
    assert not PortLock.take("alsa", port).was_abandoned


_HOLD = """
import sys
from antiphon.adapters.midi.port_lock import PortLock
lock = PortLock.take("alsa", sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


def test_the_lock_is_found_where_somebody_may_not_write_to_the_shared_folder(
    port: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    lock = PortLock.take("alsa", port, shared_folder=tmp_path / "missing")
    with pytest.raises(PortError, match="already plays"):
        PortLock.take("alsa", port, shared_folder=tmp_path / "missing")
    assert len(list(tmp_path.iterdir())) == 1
    lock.release()
