"""The broker of the examples really runs, with certificates, passwords and rights as they make them."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from antiphon.adapters.doors import home_assistant
from certificates import requires_openssl
from default_config import loaded
from missing import MQTT

pytest.importorskip("aiomqtt", reason=MQTT)

import aiomqtt

from antiphon.adapters.doors.mqtt.door import MqttDoor
from desk_scene import Scene
from mqtt_broker import Broker, requires_mosquitto, running_broker

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
MOSQUITTO = EXAMPLES / "mqtt" / "mosquitto"

PATIENCE = 20.0
"""Seconds that something is waited for before a test gives up on it."""

INSTALLED_IN = "/etc/mosquitto/antiphon/"
"""Where the configuration expects its files."""

USERS = ("studio", "sensor", "home-assistant", "node-red", "bridge", "screen")


class Installation:
    """A broker with a daemon on it, and the files that those who come to it need."""

    def __init__(self, broker: Broker, folder: Path) -> None:
        self.broker = broker
        self.folder = folder

    @asynccontextmanager
    async def client(self, user: str | None) -> AsyncIterator[aiomqtt.Client]:
        """Connect as somebody whom the broker knows."""
        async with aiomqtt.Client(
            "localhost",
            self.broker.port,
            username=user,
            password=f"{user}-password" if user else None,
            tls_params=aiomqtt.TLSParameters(ca_certs=str(self.folder / "ca.crt")),
            protocol=aiomqtt.ProtocolVersion.V5,
        ) as client:
            yield client

    @asynccontextmanager
    async def daemon(self) -> AsyncIterator[Scene]:
        """Have a daemon on the broker, as the example of the ACL names it."""
        config = loaded(
            "mqtt.host=localhost",
            f"mqtt.port={self.broker.port}",
            "mqtt.id=studio",
            "mqtt.groups=foyer",
            "mqtt.tls=true",
            f"mqtt.ca_file={self.folder / 'ca.crt'}",
            "mqtt.user=studio",
            f"mqtt.password_file={self.folder / 'studio.password'}",
        )
        scene = Scene(config)
        door = MqttDoor(config.config, scene.desk, announce=home_assistant.messages)
        serving = asyncio.create_task(door.serve())
        try:
            async with self.client("home-assistant") as witness:
                await witness.subscribe("antiphon/studio/availability", qos=1)
                await until(witness, "antiphon/studio/availability", lambda payload: payload == b"online")
            yield scene
        finally:
            serving.cancel()
            await asyncio.wait([serving])
            scene.close()


async def until(
    client: aiomqtt.Client, topic: str, wanted: Callable[[bytes], bool] = lambda payload: True
) -> list[str]:
    """Return the topics of the messages up to one that is wanted, and of that one."""
    seen = []
    async with asyncio.timeout(PATIENCE):
        async for message in client.messages:
            seen.append(str(message.topic))
            if seen[-1] == topic and wanted(bytes(message.payload)):
                return seen
    raise AssertionError("the messages came to an end")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that the broker of the examples needs, as the examples make it."""
    folder = tmp_path_factory.mktemp("broker")
    subprocess.run(["sh", MOSQUITTO / "make-certificates.sh", folder, "localhost"], check=True)
    for user in USERS:
        new = [] if (folder / "passwords").exists() else ["-c"]
        arguments = ["mosquitto_passwd", *new, "-b", str(folder / "passwords"), user, f"{user}-password"]
        subprocess.run(arguments, check=True, stderr=subprocess.DEVNULL)
        (folder / f"{user}.password").write_text(f"{user}-password\n")
    shutil.copy(MOSQUITTO / "antiphon.acl", folder)
    return folder


@pytest.fixture
def installation(folder: Path) -> Iterator[Installation]:
    """The broker of the examples, on another port, and nobody on it yet."""
    lines = (MOSQUITTO / "antiphon.conf").read_text().replace(INSTALLED_IN, f"{folder}/").splitlines()
    assert "listener 8883" in lines
    broker = Broker(folder, [line for line in lines if line[:1] not in ("", "#") and "listener" not in line])
    broker.start()
    yield Installation(broker, folder)
    broker.stop()


@requires_openssl
@requires_mosquitto
def test_a_daemon_is_on_that_broker_and_says_there_all_that_it_has_to_say(installation: Installation) -> None:
    async def session() -> None:
        async with installation.client("home-assistant") as witness:
            await witness.subscribe("#", qos=1)
            async with installation.daemon():
                seen = await until(witness, "antiphon/studio/state")
                assert "antiphon/studio/availability" in seen
                assert "homeassistant/device/antiphon_studio/config" in seen
                await witness.publish("antiphon/group/foyer/cmd/trigger", "{}", qos=1)
                await until(witness, "antiphon/studio/event/command")

    asyncio.run(session())


FORBIDDEN_TO_A_SENSOR = (
    "antiphon/studio/cmd/panic",
    "antiphon/studio/cmd/save",
    "antiphon/studio/cmd/mode",
    "antiphon/studio/cmd/set",
    "antiphon/studio/cmd/set/play/temperature",
    "antiphon/all/cmd/panic",
    "antiphon/group/foyer/cmd/set",
    "antiphon/studio/cmd/trigger/more",
    "antiphon/studio/state",
    "antiphon/studio/availability",
    "antiphon/studio/event/turn",
    "homeassistant/device/antiphon_studio/config",
    "homeassistant/status",
    "antiphon/reply/somebody",
    "anything",
)


@requires_openssl
@requires_mosquitto
def test_a_sensor_may_trigger_and_do_nothing_else(installation: Installation) -> None:
    async def session() -> None:
        async with installation.client("home-assistant") as witness, installation.client("sensor") as sensor:
            await witness.subscribe("#", qos=1)
            for topic in FORBIDDEN_TO_A_SENSOR:
                await sensor.publish(topic, "{}", qos=1)
            for topic in ("antiphon/studio", "antiphon/all", "antiphon/group/foyer"):
                await sensor.publish(f"{topic}/cmd/trigger", "{}", qos=1)
            assert await until(witness, "antiphon/group/foyer/cmd/trigger") == [
                "antiphon/studio/cmd/trigger",
                "antiphon/all/cmd/trigger",
                "antiphon/group/foyer/cmd/trigger",
            ]

    asyncio.run(session())


@requires_openssl
@requires_mosquitto
def test_a_sensor_sees_nothing(installation: Installation) -> None:
    async def session() -> None:
        async with installation.client("home-assistant") as witness, installation.client("sensor") as sensor:
            await sensor.subscribe("#", qos=1)
            await witness.subscribe("antiphon/#", qos=1)
            await witness.publish("antiphon/studio/cmd/panic", "{}", qos=1)
            await until(witness, "antiphon/studio/cmd/panic")
            await sensor.unsubscribe("#")  # whatever came for it comes before the answer to this
            assert len(sensor.messages) == 0

    asyncio.run(session())


@requires_openssl
@requires_mosquitto
@pytest.mark.parametrize("user", ["screen", "nobody", None])
def test_who_is_not_named_for_it_commands_nothing(installation: Installation, user: str | None) -> None:
    async def session() -> None:
        async with installation.client("home-assistant") as witness:
            await witness.subscribe("antiphon/#", qos=1)
            if user == "screen":
                async with installation.client(user) as client:
                    await client.publish("antiphon/studio/cmd/trigger", "{}", qos=1)
            else:
                with pytest.raises(aiomqtt.MqttError):
                    async with installation.client(user):
                        pass
            await witness.publish("antiphon/studio/cmd/panic", "{}", qos=1)
            assert await until(witness, "antiphon/studio/cmd/panic") == ["antiphon/studio/cmd/panic"]

    asyncio.run(session())


@requires_openssl
@requires_mosquitto
def test_a_broker_in_the_middle_sees_a_house_and_commands_it(
    installation: Installation, tmp_path: Path
) -> None:
    async def session(middle: Broker) -> None:
        async with installation.daemon() as daemon, aiomqtt.Client("localhost", middle.port) as witness:
            await witness.subscribe("antiphon/#", qos=1)
            await until(witness, "antiphon/studio/state")
            await witness.publish("antiphon/group/foyer/cmd/trigger", "{}", qos=1)
            await daemon.until_it_plays()
            await until(witness, "antiphon/studio/event/turn")

    text = (MOSQUITTO / "bridge.conf").read_text().replace(INSTALLED_IN, f"{installation.folder}/")
    text = text.replace("broker.local:8883", f"localhost:{installation.broker.port}")
    text = text.replace("PASSWORD", "bridge-password")
    with running_broker(tmp_path, "allow_anonymous true", *text.splitlines()) as middle:
        asyncio.run(session(middle))


@requires_openssl
@requires_mosquitto
def test_the_motion_sensor_has_it_play_once_and_then_rests(installation: Installation) -> None:
    async def session() -> list[str]:
        async with installation.client("home-assistant") as witness, installation.daemon() as daemon:
            await witness.subscribe("antiphon/#", qos=1)
            script = await motion_sensor(installation, "--to", "studio", "--rest", "3600")
            await script.communicate(b"moved\nmoved again\n")
            assert script.returncode == 0
            await daemon.until_it_plays()
            await witness.publish("antiphon/all/cmd/panic", "{}", qos=1)
            return await until(witness, "antiphon/all/cmd/panic")

    assert asyncio.run(session()).count("antiphon/studio/cmd/trigger") == 1


async def motion_sensor(installation: Installation, *options: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        EXAMPLES / "mqtt" / "motion-sensor.py",
        *("--host", "localhost", "--port", str(installation.broker.port)),
        *("--ca", installation.folder / "ca.crt"),
        *("--user", "sensor", "--password-file", installation.folder / "sensor.password"),
        *options,
        stdin=subprocess.PIPE,
    )


@requires_openssl
def test_certificates_that_are_there_are_kept(tmp_path: Path) -> None:
    make = ["sh", str(MOSQUITTO / "make-certificates.sh"), str(tmp_path), "192.168.1.5"]
    subprocess.run(make, check=True)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    subprocess.run([*make, "hall"], check=True)
    assert {name: (tmp_path / name).read_bytes() for name in before if name != "ca.srl"} == {
        name: data for name, data in before.items() if name != "ca.srl"
    }
    signed = [str(tmp_path / "broker.crt"), str(tmp_path / "hall.crt")]
    verify = ["openssl", "verify", "-x509_strict", "-CAfile", str(tmp_path / "ca.crt"), *signed]
    subprocess.run(verify, check=True, stdout=subprocess.DEVNULL)


@requires_openssl
def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    subprocess.run(["sh", MOSQUITTO / "make-certificates.sh", tmp_path, "localhost"], check=True)
    assert {path.stat().st_mode & 0o077 for path in tmp_path.glob("*.key")} == {0}
