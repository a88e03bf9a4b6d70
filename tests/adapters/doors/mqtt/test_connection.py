"""Connecting to a broker: what it takes, and what is said where it fails."""

import asyncio

import pytest

from missing import MQTT

pytest.importorskip("aiomqtt", reason=MQTT)

from antiphon.adapters.doors.mqtt.connection import connected
from antiphon.errors import DoorError
from default_config import loaded
from mqtt_broker import free_port


def reason_of_failure(*sets: str) -> str:
    """Return why one cannot connect with these settings."""

    async def session() -> None:
        async with connected(loaded(*sets).config.mqtt, "antiphon-test", None):
            raise AssertionError("it is connected")

    with pytest.raises(DoorError) as caught:
        asyncio.run(session())
    return str(caught.value)


def test_a_broker_that_is_not_there_is_told() -> None:
    port = free_port()
    told = reason_of_failure("mqtt.host=127.0.0.1", f"mqtt.port={port}")
    assert told == (
        f"the MQTT broker at 127.0.0.1:{port} is not running, or listens elsewhere; "
        "check mqtt.host and mqtt.port"
    )
