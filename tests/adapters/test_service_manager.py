"""What a service manager is told, over the very kind of socket that systemd listens on."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from antiphon.adapters.broadcast import PortFound, PortLost, Sent
from antiphon.adapters.service_manager import Pulse, ServiceManager
from antiphon.core.commands import (
    Occurrence,
    PedalHeld,
    PlayerCame,
    PlayerLeft,
    Publish,
    TurnGivenBack,
    TurnTaken,
)
from default_config import loaded
from desk_scene import Scene

PATIENCE = 20.0


class Manager:
    """A service manager that listens at an address and keeps what it is told."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener

    def told(self) -> list[str]:
        """Return the datagrams that have come."""
        datagrams = []
        while True:
            try:
                datagrams.append(self._listener.recv(4096).decode())
            except BlockingIOError:
                return datagrams

    async def waits_for(self, datagram: str) -> None:
        async def come() -> None:
            while await asyncio.get_running_loop().sock_recv(self._listener, 4096) != datagram.encode():
                pass

        await asyncio.wait_for(come(), PATIENCE)


@contextmanager
def manager_at(address: str) -> Iterator[Manager]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(address)
        listener.setblocking(False)
        yield Manager(listener)


@pytest.fixture
def address(tmp_path: Path) -> str:
    return str(tmp_path / "notify")


@pytest.fixture
def manager(address: str) -> Iterator[Manager]:
    with manager_at(address) as manager:
        yield manager


def on_a_desk(act: Callable[[Scene], Awaitable[None]]) -> None:
    async def session() -> None:
        scene = Scene(loaded())
        try:
            await act(scene)
        finally:
            scene.close()

    asyncio.run(session())


def tell(scene: Scene, occurrence: Occurrence) -> None:
    scene.broadcast.tell(Sent(Publish(0.0, occurrence), 0.0))


def test_it_is_ready_when_it_listens_and_stopping_from_then_on(manager: Manager, address: str) -> None:
    async def act(scene: Scene) -> None:
        with ServiceManager.find({"NOTIFY_SOCKET": address}).kept_informed(scene.desk):
            assert manager.told() == ["READY=1\nSTATUS=waiting for somebody to play"]
        assert manager.told() == ["STOPPING=1\nSTATUS=releasing what sounds"]
        tell(scene, TurnTaken(1, 1.0))
        assert manager.told() == []

    on_a_desk(act)


def test_an_abstract_name_is_as_good_as_a_path() -> None:
    name = f"antiphon-test-{os.getpid()}"

    async def act(scene: Scene) -> None:
        with (
            manager_at(f"\0{name}") as manager,
            ServiceManager.find({"NOTIFY_SOCKET": f"@{name}"}).kept_informed(scene.desk),
        ):
            assert manager.told() == ["READY=1\nSTATUS=waiting for somebody to play"]

    on_a_desk(act)


def test_its_status_says_whose_turn_it_is_and_nothing_twice(manager: Manager, address: str) -> None:
    async def act(scene: Scene) -> None:
        with ServiceManager.find({"NOTIFY_SOCKET": address}).kept_informed(scene.desk):
            manager.told()
            for occurrence in (
                PlayerCame(),
                PedalHeld(),
                TurnTaken(3, 1.0),
                TurnTaken(3, 1.0),
                TurnGivenBack("interrupted", 1, 0.5),
                PlayerLeft(60.0),
            ):
                tell(scene, occurrence)
            assert manager.told() == [
                "STATUS=listening",
                "STATUS=waiting for the sustain pedal to come up",
                "STATUS=answering",
                "STATUS=listening",
                "STATUS=waiting for somebody to play",
            ]

    on_a_desk(act)


def test_a_lost_port_is_its_status_until_it_is_back(manager: Manager, address: str) -> None:
    async def act(scene: Scene) -> None:
        with ServiceManager.find({"NOTIFY_SOCKET": address}).kept_informed(scene.desk):
            manager.told()
            for news in (
                PortLost("in", "Keystation"),
                PortLost("out", "FLUID"),
                PortFound("in", "Keystation"),
                PortFound("out", "FLUID"),
            ):
                scene.broadcast.tell(news)
            assert manager.told() == [
                'STATUS=the input "Keystation" is missing; waiting for it',
                'STATUS=the input "Keystation" and the output "FLUID" are missing; waiting for them',
                'STATUS=the output "FLUID" is missing; waiting for it',
                "STATUS=waiting for somebody to play",
            ]

    on_a_desk(act)


def test_a_port_that_is_missing_at_the_start_is_its_status_from_then_on(
    manager: Manager, address: str
) -> None:
    async def act(scene: Scene) -> None:
        scene.ports.lost = frozenset({"in"})
        with ServiceManager.find({"NOTIFY_SOCKET": address}).kept_informed(scene.desk):
            assert manager.told() == ['READY=1\nSTATUS=the input "Keystation" is missing; waiting for it']
            scene.broadcast.tell(PortFound("in", "Keystation"))
            assert manager.told() == ["STATUS=waiting for somebody to play"]

    on_a_desk(act)


def test_the_watchdog_is_fed_again_and_again_while_the_pacer_lives(manager: Manager, address: str) -> None:
    async def act(scene: Scene) -> None:
        environ = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "30000", "WATCHDOG_PID": str(os.getpid())}
        with ServiceManager.find(environ).kept_informed(scene.desk):
            for _ in range(3):
                await manager.waits_for("WATCHDOG=1")

    on_a_desk(act)


def test_the_watchdog_starves_when_the_pacer_does_not_wake_though_the_loop_turns(
    manager: Manager, address: str
) -> None:
    async def act(scene: Scene) -> None:
        with ServiceManager.find({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "3000"}).kept_informed(
            scene.desk
        ):
            await manager.waits_for("WATCHDOG=1")
            scene.pacer.close()
            manager.told()
            await asyncio.sleep(0.05)  # fifty beats, did anything else feed it
            assert manager.told() == []

    on_a_desk(act)


@pytest.mark.parametrize(
    "environ",
    [{}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "3000", "WATCHDOG_PID": "1"}],
    ids=["not set", "zero", "another process"],
)
def test_a_watchdog_that_is_not_for_us_is_not_fed(
    environ: dict[str, str], manager: Manager, address: str
) -> None:
    async def act(scene: Scene) -> None:
        with ServiceManager.find({"NOTIFY_SOCKET": address, **environ}).kept_informed(scene.desk):
            manager.told()
            await asyncio.sleep(0.02)
            assert manager.told() == []

    on_a_desk(act)


def test_a_reload_begins_and_ends_even_if_it_fails(manager: Manager, address: str) -> None:
    with (
        pytest.raises(ValueError, match="temperature"),
        ServiceManager.find({"NOTIFY_SOCKET": address}).told_of_reload(),
    ):
        raise ValueError("temperature")
    reloading, ready = manager.told()
    assert reloading.startswith("RELOADING=1\nMONOTONIC_USEC=")
    assert ready == "READY=1"


def test_where_nobody_started_it_nobody_is_told() -> None:
    async def act(scene: Scene) -> None:
        with ServiceManager.find({"WATCHDOG_USEC": "3000"}).kept_informed(scene.desk):
            tell(scene, TurnTaken(1, 1.0))

    on_a_desk(act)


def test_a_manager_that_cannot_be_reached_is_told_of_in_the_log(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    ServiceManager.find({"NOTIFY_SOCKET": address}).say("READY=1")
    assert caplog.messages == ["the service manager cannot be told READY=1: No such file or directory"]


def test_it_lives_when_all_partners_do() -> None:
    told: list[str] = []
    pulse = Pulse(["", "bass"], lambda: told.append("alive"))
    for partner in ("", "", "bass"):
        pulse.beat(partner)
    assert told == ["alive"]
    pulse.beat("bass")
    assert told == ["alive"]
    pulse.beat("")
    assert told == ["alive", "alive"]


def test_of_another_partner_it_is_told_whether_its_ports_are_there(manager: Manager, address: str) -> None:
    async def act(scene: Scene) -> None:
        bass = Scene(loaded())
        scene.desk.lead("bass", bass.desk)
        with ServiceManager.find({"NOTIFY_SOCKET": address}).kept_informed(scene.desk):
            manager.told()
            tell(bass, TurnTaken(1, 1.0))
            bass.broadcast.tell(PortLost("out", "Synth B"))
            bass.broadcast.tell(PortLost("in", "Keystation"))
            scene.broadcast.tell(PortLost("in", "Keystation"))
            bass.broadcast.tell(PortFound("out", "Synth B"))
            assert manager.told() == [
                'STATUS=the output "Synth B" is missing; waiting for it',
                'STATUS=the input "Keystation" and the output "Synth B" are missing; waiting for them',
                'STATUS=the input "Keystation" is missing; waiting for it',
            ]
        bass.close()

    on_a_desk(act)
