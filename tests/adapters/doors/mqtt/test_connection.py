"""Connecting to a broker: what it takes, and what is said where it fails."""

import asyncio
import socket
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from missing import MQTT

pytest.importorskip("aiomqtt", reason=MQTT)

from antiphon.adapters.doors.mqtt.connection import Timing, connected
from antiphon.errors import DoorError
from certificates import Authority, requires_openssl
from default_config import loaded
from mqtt_broker import Broker, free_port, requires_mosquitto, running_broker, strict_broker
from old_broker import old_broker

BRISK = Timing(keepalive=1, patience=0.5)


def visit(port: int, *sets: str, filters: tuple[str, ...] = ("antiphon/all/cmd/#",)) -> list[str]:
    """Connect to a broker on this machine, and return the filters that it refuses."""
    settings = loaded(
        *(() if any(each.startswith("mqtt.host") for each in sets) else ("mqtt.host=127.0.0.1",)),
        f"mqtt.port={port}",
        *sets,
    )

    async def session() -> list[str]:
        async with connected(settings.config.mqtt, "antiphon-test", None, BRISK) as connection:
            return await connection.subscribe(filters)

    return asyncio.run(session())


def reason_of_failure(port: int, *sets: str) -> str:
    """Return why one cannot connect with these settings, without the name of the broker."""
    with pytest.raises(DoorError) as caught:
        visit(port, *sets)
    return str(caught.value).removeprefix(f"the MQTT broker at 127.0.0.1:{port} ")


def test_a_broker_that_is_not_running_is_told() -> None:
    assert reason_of_failure(free_port()) == (
        "is not running, or listens elsewhere; check mqtt.host and mqtt.port"
    )


@pytest.mark.parametrize("host", ["nowhere.invalid", "a..b", "x" * 300])
def test_a_host_that_there_is_not_is_told(host: str) -> None:
    told = reason_of_failure(1883, f"mqtt.host={host}")
    assert told == f"there is no host {host} on this network; check mqtt.host, and the network's names"


def test_somebody_who_is_no_broker_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        told = reason_of_failure(server.getsockname()[1])
    assert told == "does not answer; is mqtt.port right, and does it want mqtt.tls?"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with running_broker(tmp_path) as broker:
        yield broker


@requires_mosquitto
def test_a_broker_that_lets_everybody_in_needs_no_more_than_its_address(broker: Broker) -> None:
    assert visit(broker.port) == []


@requires_mosquitto
@pytest.mark.parametrize("says_why", [True, False])
def test_a_broker_that_does_not_speak_mqtt_5_is_spoken_to_by_an_older_version(
    broker: Broker, says_why: bool
) -> None:
    async def session() -> None:
        async with old_broker(broker.port, says_why=says_why) as (port, porter):
            settings = loaded("mqtt.host=127.0.0.1", f"mqtt.port={port}")
            async with connected(settings.config.mqtt, "antiphon-test", None, BRISK) as connection:
                assert not connection.is_version_5
                assert await connection.subscribe(["antiphon/all/cmd/#"]) == []
            assert porter.turned_away == 1

    asyncio.run(session())


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Broker]:
    """A broker that knows the user hall."""
    passwords = tmp_path / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, "hall", "sesame"], check=True)
    with running_broker(tmp_path, "allow_anonymous false", f"password_file {passwords}") as broker:
        yield broker


def password_file(folder: Path, password: str) -> str:
    path = folder / "password"
    path.write_text(password)
    return f"mqtt.password_file='{path}'"


@requires_mosquitto
def test_a_password_comes_from_a_file(guarded: Broker, tmp_path: Path) -> None:
    assert visit(guarded.port, "mqtt.user=hall", password_file(tmp_path, "sesame\n")) == []


@requires_mosquitto
def test_a_password_comes_from_systemd(
    guarded: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mqtt-password").write_text("sesame")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert visit(guarded.port, "mqtt.user=hall") == []


@requires_mosquitto
def test_a_wrong_password_and_a_missing_user_are_told(guarded: Broker, tmp_path: Path) -> None:
    assert reason_of_failure(guarded.port, "mqtt.user=hall", password_file(tmp_path, "open")) == (
        "refuses the user hall; check mqtt.user and mqtt.password_file"
    )
    assert reason_of_failure(guarded.port) == (
        "lets nobody in without a name; set mqtt.user and mqtt.password_file"
    )


@requires_mosquitto
def test_what_the_broker_does_not_let_us_follow_is_known(tmp_path: Path) -> None:
    with strict_broker(tmp_path, subscribe=False, publish=True) as broker:
        assert visit(broker.port, filters=("antiphon/hall/cmd/#",)) == ["antiphon/hall/cmd/#"]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ours")


def tls_broker(
    folder: Path, authority: Authority, *lines: str, alternative: str = "DNS:localhost,IP:127.0.0.1"
) -> AbstractContextManager[Broker]:
    certificate, key = authority.sign("broker", alternative=alternative)
    files = (f"cafile {authority.certificate}", f"certfile {certificate}", f"keyfile {key}")
    return running_broker(folder, "allow_anonymous true", *files, *lines)


@requires_openssl
@requires_mosquitto
def test_a_broker_of_an_authority_of_our_own_is_trusted(tmp_path: Path, authority: Authority) -> None:
    with tls_broker(tmp_path, authority) as broker:
        assert visit(broker.port, "mqtt.tls=true", f"mqtt.ca_file='{authority.certificate}'") == []


@requires_openssl
@requires_mosquitto
def test_a_broker_of_another_authority_is_not_trusted(tmp_path: Path, authority: Authority) -> None:
    another = Authority(tmp_path / "another").certificate
    with tls_broker(tmp_path, authority) as broker:
        for sets in (("mqtt.tls=true",), ("mqtt.tls=true", f"mqtt.ca_file='{another}'")):
            told = reason_of_failure(broker.port, *sets)
            assert told.startswith("shows a certificate that is not accepted: ")
            assert told.endswith("; name the CA that signed it in mqtt.ca_file")


@requires_openssl
@requires_mosquitto
def test_a_certificate_for_another_host_is_not_accepted(tmp_path: Path, authority: Authority) -> None:
    with tls_broker(tmp_path, authority, alternative="DNS:elsewhere") as broker:
        told = reason_of_failure(broker.port, "mqtt.tls=true", f"mqtt.ca_file='{authority.certificate}'")
    assert told == (
        "shows a certificate that is not accepted: it is not for 127.0.0.1; "
        "set mqtt.host to a name that is in it"
    )


@requires_openssl
@requires_mosquitto
def test_a_broker_may_want_a_certificate(tmp_path: Path, authority: Authority) -> None:
    ours, key = authority.sign("hall")
    tls = ("mqtt.tls=true", f"mqtt.ca_file='{authority.certificate}'")
    with tls_broker(tmp_path, authority, "require_certificate true") as broker:
        shown = (f"mqtt.cert_file='{ours}'", f"mqtt.key_file='{key}'")
        assert visit(broker.port, *tls, *shown) == []
        assert "does it want a certificate, mqtt.cert_file?" in reason_of_failure(broker.port, *tls)


@requires_openssl
@requires_mosquitto
def test_tls_with_a_broker_that_does_not_speak_it_is_told_and_the_other_way_round(
    tmp_path: Path, authority: Authority, broker: Broker
) -> None:
    told = reason_of_failure(broker.port, "mqtt.tls=true", f"mqtt.ca_file='{authority.certificate}'")
    assert told == "hangs up; is mqtt.port right, and does it speak TLS there?"
    with tls_broker(tmp_path / "ours", authority) as encrypted:
        told = reason_of_failure(encrypted.port)
    assert told == "does not answer; is mqtt.port right, and does it want mqtt.tls?"
