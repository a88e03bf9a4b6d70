"""Every door is shut until somebody opens it, and what an attacker would wish for no source file does."""

import ast
import os
import ssl
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest

from antiphon.adapters.doors.mqtt.access import read_access
from antiphon.adapters.doors.opening import DOORS
from antiphon.adapters.doors.osc.arrangement import arranged
from antiphon.adapters.doors.web.guard import is_loopback
from default_config import loaded
from ended import end_in_good_order
from serial_pair import SerialPair

PROJECT = Path(__file__).resolve().parent.parent
SOURCES = sorted(path for top in ("daemon", "models", "export") for path in (PROJECT / top).rglob("*.py"))

RUNS_WHAT_IT_IS_GIVEN = {
    "code",
    "codeop",
    "dill",
    "joblib",
    "marshal",
    "pickle",
    "runpy",
    "shelve",
    "telnetlib",
    "xmlrpc",
    "yaml",
}
"""Modules that make code or objects of whatever data they are given, or open a shell."""

RUNS_TEXT = {"eval", "exec", "compile", "__import__"}

LISTENING = "0A"
"""How /proc/net/tcp calls a socket that is open for whoever comes."""


def trees() -> Iterator[tuple[str, ast.AST]]:
    for path in SOURCES:
        yield str(path.relative_to(PROJECT)), ast.parse(path.read_text(encoding="utf-8"))


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield f"{path}:{node.lineno}", node


def test_nothing_that_makes_objects_or_code_of_data_is_imported() -> None:
    found = [
        (path, name)
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [each.name for each in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        )
        if name.partition(".")[0] in RUNS_WHAT_IT_IS_GIVEN
    ]
    assert found == []


def test_no_text_is_run() -> None:
    found = [
        place for place, call in calls() if isinstance(call.func, ast.Name) and call.func.id in RUNS_TEXT
    ]
    assert found == []


def test_no_shell_is_asked() -> None:
    by_a_shell = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}
    found = [
        place
        for place, call in calls()
        if ast.unparse(call.func) in by_a_shell
        or ast.unparse(call.func).endswith("create_subprocess_shell")
        or any(keyword.arg == "shell" for keyword in call.keywords)
    ]
    assert found == []


def test_no_array_brings_objects_along() -> None:
    """numpy unpickles what is in a file where it is told to."""
    allowed = [
        place
        for place, call in calls()
        for keyword in call.keywords
        if keyword.arg == "allow_pickle"
        and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
    ]
    assert allowed == []


def test_no_door_is_open_by_default() -> None:
    config = loaded().config
    assert [door.setting for door in DOORS if door.is_wanted(config)] == []


def test_a_door_that_is_opened_is_open_to_this_machine_alone() -> None:
    config = loaded("web.port=8420", "osc.port=9000").config
    assert is_loopback(config.web.address)
    assert arranged(config.osc).address.is_loopback


def test_a_broker_that_is_spoken_to_by_tls_has_to_prove_who_it_is() -> None:
    tls = read_access(msgspec.structs.replace(loaded().config.mqtt, host="broker", tls=True)).tls
    assert tls is not None
    assert (tls.check_hostname, tls.verify_mode) == (True, ssl.CERT_REQUIRED)
    assert tls.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_no_secret_is_a_setting() -> None:
    """What is a setting is shown by `antiphon config`, on the page, and to other users by `ps`."""
    shipped = tomllib.loads((files("antiphon") / "defaults.toml").read_text(encoding="utf-8"))
    settings = [name for section in shipped.values() for name in section]
    assert [name for name in settings if name in ("password", "token", "secret", "key")] == ["key"]
    assert "key" in shipped["guide"]  # of the music


def test_a_daemon_with_the_settings_that_ship_listens_to_nobody(tmp_path: Path) -> None:
    line = SerialPair(tmp_path / "line")
    command = [sys.executable, "-m", "antiphon", "run", "--in", line.name, "--out", line.name, "--no-record"]
    environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    with subprocess.Popen(
        command, env=environment | {"HOME": str(tmp_path)}, stderr=subprocess.PIPE, text=True
    ) as daemon:
        try:
            assert daemon.stderr is not None
            said = iter(daemon.stderr.readline, "")
            assert any(" plays; engine" in told for told in said), "it does not play"
            assert open_sockets(daemon.pid) == []
        finally:
            end_in_good_order(daemon)  # type: ignore[arg-type]


def open_sockets(process: int) -> list[str]:
    """Return the lines of the kernel's tables that are sockets of a process which others could reach."""
    own = {os.readlink(path) for path in Path(f"/proc/{process}/fd").iterdir() if path.is_symlink()}
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{process}/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if f"socket:[{fields[9]}]" in own and (table.startswith("udp") or fields[3] == LISTENING):
                found.append(f"{table} {line.strip()}")
    return found


@pytest.mark.parametrize("table", ["tcp", "udp"])
def test_a_socket_that_is_open_would_be_found(table: str) -> None:
    import socket

    kind = socket.SOCK_STREAM if table == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as opened:
        opened.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            opened.listen()
        inode = os.fstat(opened.fileno()).st_ino
        assert [line for line in open_sockets(os.getpid()) if str(inode) in line]
