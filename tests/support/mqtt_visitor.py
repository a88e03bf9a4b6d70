"""Somebody else on the broker: publishes commands, and waits for what a daemon tells."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiomqtt import Client, Message, ProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

PATIENCE = 20.0
"""Seconds that something is waited for before a test gives up on it."""


class Visitor:
    """Sees everything below ``antiphon/``, in order for each topic."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._messages = client.messages
        self._passed_over: dict[str, deque[Message]] = defaultdict(deque)

    async def send(self, topic: str, payload: str | bytes = b"", *, retain: bool = False) -> None:
        await self._client.publish(topic, payload, qos=1, retain=retain)

    async def ask(self, topic: str, payload: str | bytes, reply_to: str, correlation: bytes) -> None:
        """Publish by MQTT 5 and say where the outcome is to go."""
        properties = Properties(PacketTypes.PUBLISH)
        properties.ResponseTopic = reply_to
        properties.CorrelationData = correlation
        await self._client.publish(topic, payload, qos=1, properties=properties)

    async def until(self, topic: str, wanted: Callable[[bytes], bool] = lambda payload: True) -> Message:
        """Return the next message on a topic whose payload is wanted."""
        async with asyncio.timeout(PATIENCE):
            while True:
                message = await self._next(topic)
                if wanted(bytes(message.payload)):
                    return message

    async def until_online(self, id_: str) -> None:
        """Wait until a daemon is there; it follows commands from before."""
        await self.until(f"antiphon/{id_}/availability", lambda payload: payload == b"online")

    async def _next(self, topic: str) -> Message:
        if self._passed_over[topic]:
            return self._passed_over[topic].popleft()
        async for message in self._messages:
            if str(message.topic) == topic:
                return message
            self._passed_over[str(message.topic)].append(message)
        raise AssertionError("the messages came to an end")

    async def outcome(self, topic: str) -> dict[str, Any]:
        """Return what the next message on a topic says, as JSON."""
        said: dict[str, Any] = json.loads(bytes((await self.until(topic)).payload))
        return said


@asynccontextmanager
async def visiting(port: int, **how: Any) -> AsyncIterator[Visitor]:
    """Connect by MQTT 5."""
    async with Client("127.0.0.1", port, protocol=ProtocolVersion.V5, **how) as client:
        await client.subscribe("antiphon/#", qos=1)
        yield Visitor(client)
