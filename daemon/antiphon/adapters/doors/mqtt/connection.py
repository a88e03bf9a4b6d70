"""A connection to a broker: opened with TLS and a password where the settings say so, and a last will.

Every way in which that fails is told in a sentence of :mod:`~antiphon.adapters.doors.mqtt.trouble`. It does
not know what is said over the connection.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiomqtt import Client, MqttError, ProtocolVersion, Will
from msgspec import Struct
from paho.mqtt.client import Client as PahoClient
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from antiphon.adapters.doors.mqtt.access import Access, TlsContext, address, read_access
from antiphon.adapters.doors.mqtt.inbox import Arrived
from antiphon.adapters.doors.mqtt.outbox import Message
from antiphon.adapters.doors.mqtt.trouble import loss, may_be_too_old, number_of, trouble
from antiphon.core.units import Seconds
from antiphon.errors import DoorError
from antiphon.settings import Mqtt


class Timing(Struct, frozen=True):
    """How long a broker may take.

    Attributes:
        keepalive: seconds. A broker that vanishes without a word is noticed within twice that and a second or
            two, and it notices within one and a half times that if we do.
        patience: how long it may take for an answer.
    """

    keepalive: int = 5
    patience: Seconds = 5.0


USUAL = Timing()

MOST_WAITING = 1024
"""Messages of the broker that wait until somebody gets round to them; beyond that they are lost."""

MOST_BYTES = 2_097_152
"""What the broker may send at once (MQTT 5); what is longer it keeps to itself."""

REFUSED = 128
"""Reason codes from here on are refusals."""


@asynccontextmanager
async def connected(
    mqtt: Mqtt, client_id: str, will: Message | None, timing: Timing = USUAL
) -> AsyncIterator["Connection"]:
    """Connect by MQTT 5, or where a broker does not speak that, by 3.1.1.

    Args:
        client_id: the name by which the broker tells clients apart.
        will: what the broker publishes when it loses us.
        timing: how long the broker may take.

    Raises:
        DoorError: it cannot be reached or refuses us, or, within the context, it is lost.
    """
    access = await asyncio.to_thread(read_access, mqtt)
    version = ProtocolVersion.V5
    try:
        try:
            client = await _entered(_client(mqtt, access, client_id, will, timing, version), access.tls)
        except MqttError as error:
            if not may_be_too_old(error):
                raise
            version = ProtocolVersion.V311
            client = await _entered(_client(mqtt, access, client_id, will, timing, version), access.tls)
    except (MqttError, ValueError) as error:  # some host names are a ValueError to the look-up
        raise DoorError(trouble(error, mqtt)) from error
    try:
        yield Connection(client, is_version_5=version is ProtocolVersion.V5)
    except MqttError as error:
        raise DoorError(loss(error, mqtt)) from error
    finally:
        with suppress(MqttError):  # it is lost already, which is told otherwise
            await client.__aexit__(None, None, None)


def _client(
    mqtt: Mqtt, access: Access, client_id: str, will: Message | None, timing: Timing, version: ProtocolVersion
) -> "_Client":
    host, port = address(mqtt)
    properties = None
    if version is ProtocolVersion.V5:
        properties = Properties(PacketTypes.CONNECT)
        properties.MaximumPacketSize = MOST_BYTES
    return _Client(
        host,
        port,
        username=mqtt.user or None,
        password=access.password if mqtt.user else None,
        identifier=client_id,
        protocol=version,
        will=Will(will.topic, will.payload, qos=1, retain=will.retained) if will else None,
        # What was asked while we were away is no longer wanted; by MQTT 5 a client begins so anyway.
        clean_session=True if version is ProtocolVersion.V311 else None,
        timeout=timing.patience,
        keepalive=timing.keepalive,
        max_queued_incoming_messages=MOST_WAITING,
        properties=properties,
        tls_context=access.tls,
        # A logger that nobody listens to: all that matters of this comes as an error.
        logger=logging.Logger("paho", logging.CRITICAL + 1),
    )


class _Client(Client):
    """The library's client, which also keeps what the broker says to a message that it does not take.

    Nobody may have asked yet why it was disconnected when it is thrown away; the loop would call that a
    failure of the program.
    """

    is_refused = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for future in (self._connected, self._disconnected):
            future.add_done_callback(lambda done: done.cancelled() or done.exception())

    def _on_publish(
        self, client: PahoClient, userdata: Any, mid: int, reason_code: ReasonCode, properties: Properties
    ) -> None:
        self.is_refused = self.is_refused or reason_code.is_failure
        super()._on_publish(client, userdata, mid, reason_code, properties)

    def _on_socket_register_write(self, client: PahoClient, userdata: Any, sock: Any) -> None:
        # The library's own watches a socket also when it has been closed until the loop gets round to it.
        def watch() -> None:
            if client.socket() is sock and sock is not None:
                self._loop.add_writer(sock.fileno(), write)

        def write() -> None:
            try:
                client.loop_write()
            except Exception as error:  # noqa: BLE001  whatever it is, it is why the connection ends
                if not self._disconnected.done():
                    self._disconnected.set_exception(error)

        self._loop.call_soon_threadsafe(watch)


async def _entered(client: _Client, tls: TlsContext | None) -> _Client:
    try:
        return await client.__aenter__()
    except BaseException:
        # The library leaves a socket open when it gets no further, be it in TLS or afterwards.
        client._client._sock_close()
        if tls and tls.wrapped:
            tls.wrapped.close()
        raise


class Connection:
    """An open connection; every method may raise :class:`aiomqtt.MqttError` when it is lost.

    Attributes:
        is_version_5: whether it is spoken by MQTT 5, else by 3.1.1.
    """

    def __init__(self, client: _Client, is_version_5: bool) -> None:
        self.is_version_5 = is_version_5
        self._client = client

    @property
    def may_not_publish(self) -> bool:
        """Whether the broker has refused a message; by 3.1.1 it cannot say so."""
        return self._client.is_refused

    async def subscribe(self, filters: Iterable[str]) -> list[str]:
        """Subscribe to what is published from now on; return the filters that the broker refuses."""
        return [each for each in filters if not await self._is_granted(each)]

    async def _is_granted(self, topic_filter: str) -> bool:
        if self.is_version_5:
            options = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_DO_NOT_SEND)
            codes = await self._client.subscribe(topic_filter, options=options)
        else:
            codes = await self._client.subscribe(topic_filter, qos=1)
        return all(number_of(code) < REFUSED for code in codes)

    async def publish(self, message: Message, *, surely: bool = False) -> None:
        """Publish a message; ``surely`` waits until the broker has it."""
        properties = None
        if message.correlation is not None and self.is_version_5:
            properties = Properties(PacketTypes.PUBLISH)
            properties.CorrelationData = message.correlation
        await self._client.publish(
            message.topic, message.payload, int(surely), message.retained, properties=properties
        )

    async def __aiter__(self) -> AsyncIterator[Arrived]:
        """Yield what comes in, until the connection is lost."""
        async for message in self._client.messages:
            yield Arrived(
                topic=str(message.topic),
                payload=bytes(message.payload),
                retained=message.retain,
                correlation=getattr(message.properties, "CorrelationData", None),
                reply_to=getattr(message.properties, "ResponseTopic", None),
            )
