"""A connection to a broker: opened with TLS and a password where the settings say so, and a last will.

Every way in which that fails is a sentence. It does not know what is said over the connection.
"""

import asyncio
import logging
import os
import socket
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from aiomqtt import Client, MqttCodeError, MqttError, ProtocolVersion, Will
from msgspec import Struct
from paho.mqtt.client import Client as PahoClient
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from antiphon.adapters.doors.mqtt.inbox import Arrived
from antiphon.adapters.doors.mqtt.outbox import Message
from antiphon.core.units import Seconds
from antiphon.errors import DoorError, reason_of
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

CREDENTIAL = "mqtt-password"

UNSUPPORTED_VERSION = 132
"""The reason code for a version of MQTT that a broker does not speak (MQTT 5, 3.2.2.2)."""

REFUSED = 128
"""Reason codes from here on are refusals."""

REFUSED_USER = (134, 135)
"""Bad user name or password, and not authorised."""

OF_ITS_OWN = "give each antiphon an mqtt.id of its own"

IN_WORDS = {
    133: "it does not take this name; choose another mqtt.id",
    136: "it is unavailable; try later",
    137: "it is busy; try later",
    138: "it has banned this client",
    140: "it wants another way of authentication than a password",
    142: f"another program has connected under the same name; {OF_ITS_OWN}",
    143: "it does not like a topic filter",
    151: "its quota is used up",
    159: "there are too many connections at once; try later",
}


class TlsContext(ssl.SSLContext):
    """Remembers the socket that it has wrapped: paho forgets to close one that gets no further."""

    wrapped: ssl.SSLSocket | None = None

    def wrap_socket(self, *arguments: Any, **options: Any) -> ssl.SSLSocket:
        self.wrapped = super().wrap_socket(*arguments, **options)
        return self.wrapped


class Access(Struct, frozen=True):
    """What opens a broker, read from files."""

    password: str | None
    tls: TlsContext | None


def read_access(mqtt: Mqtt) -> Access:
    """Read the password and certificates. May wait for a disk.

    Raises:
        DoorError: one of the files cannot be used.
    """
    return Access(_password(mqtt), _tls_context(mqtt) if mqtt.tls else None)


def _password(mqtt: Mqtt) -> str | None:
    credentials = os.environ.get("CREDENTIALS_DIRECTORY", "")  # systemd.exec(5)
    path = Path(mqtt.password_file).expanduser() if mqtt.password_file else Path(credentials, CREDENTIAL)
    if not mqtt.password_file and not (credentials and path.is_file()):
        return None
    try:
        # Editors put a line end at the end of whatever they write.
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise DoorError(
            f"cannot read the password in {path}: {reason_of(error)}; mqtt.password_file names the file"
        ) from error
    except UnicodeDecodeError as error:
        raise DoorError(
            f"cannot read the password in {path}: it is not UTF-8 text; save it as such"
        ) from error


def _tls_context(mqtt: Mqtt) -> TlsContext:
    ca, certificate, key = (
        str(Path(name).expanduser()) if name else None
        for name in (mqtt.ca_file, mqtt.cert_file, mqtt.key_file)
    )
    context = TlsContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if ca:
            context.load_verify_locations(ca)
        else:
            context.load_default_certs()
    except OSError as error:
        raise DoorError(f"cannot use mqtt.ca_file {ca}: {_of_a_pem_file(error)}") from error
    if certificate:
        try:
            # A key with a passphrase would be asked for at the terminal, where nobody is.
            context.load_cert_chain(certificate, key, password="")
        except OSError as error:
            raise DoorError(f"cannot use mqtt.cert_file {certificate}: {_of_a_pem_file(error)}") from error
    return context


def _of_a_pem_file(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        return "it is no PEM file of that kind, or the key does not belong to it"
    return "there is no such file" if isinstance(error, FileNotFoundError) else reason_of(error)


def address(mqtt: Mqtt) -> tuple[str, int]:
    """Return host and port of the broker."""
    return mqtt.host, mqtt.port or (8883 if mqtt.tls else 1883)


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
            if not _may_be_too_old(error):
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
        return all(_number(code) < REFUSED for code in codes)

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


def trouble(error: Exception, mqtt: Mqtt) -> str:
    """Return what an error of the library means, in a sentence, with what is to be done."""
    host, port = address(mqtt)
    broker = f"the MQTT broker at {host}:{port}"
    reason = error.__context__ if isinstance(error, MqttError) else error
    match reason:
        case _ if (code := _code(error)) is not None:
            return f"{broker} {_of_a_code(code, error, mqtt)}"
        case _ if _is_silence(error):
            wanted = "a certificate, mqtt.cert_file?" if mqtt.tls else "mqtt.tls?"
            return f"{broker} does not answer; is mqtt.port right, and does it want {wanted}"
        case socket.gaierror() | UnicodeError():
            return f"there is no host {host} on this network; check mqtt.host, and the network's names"
        case ConnectionRefusedError():
            return f"{broker} is not running, or listens elsewhere; check mqtt.host and mqtt.port"
        case ConnectionResetError():
            wrong = "does it speak TLS there?" if mqtt.tls else "does it want mqtt.tls?"
            return f"{broker} hangs up; is mqtt.port right, and {wrong}"
        case ssl.SSLCertVerificationError():
            return f"{broker} shows a certificate that is not accepted: {_of_a_certificate(reason, host)}"
        case ssl.SSLError():
            detail = (reason.reason or "unknown").lower().replace("_", " ")
            return f"{broker} does not agree about TLS ({detail}); check mqtt.port and mqtt.cert_file"
        case TimeoutError():
            return f"{broker} cannot be reached: nothing comes back; check mqtt.host and the network"
        case OSError():
            return f"{broker} cannot be reached: {reason_of(reason)}; check the network"
    return f"{broker} cannot be reached: {reason_of(error)}"


def loss(error: MqttError, mqtt: Mqtt) -> str:
    """Return why a connection has ended that was a good one, in a sentence."""
    host, port = address(mqtt)
    broker = f"the MQTT broker at {host}:{port}"
    cause = error.__cause__ if isinstance(error.__cause__, MqttError) else error
    if _is_silence(cause):
        return f"{broker} does not answer any more"
    if words := IN_WORDS.get(_code(cause) or 0):
        return f"{broker} has ended the connection: {words}"
    return f"{broker} is gone; if that happens again and again, {OF_ITS_OWN}"


def _of_a_code(code: int, error: Exception, mqtt: Mqtt) -> str:
    if code in REFUSED_USER:
        if not mqtt.user:
            return "lets nobody in without a name; set mqtt.user and mqtt.password_file"
        return f"refuses the user {mqtt.user}; check mqtt.user and mqtt.password_file"
    words = IN_WORDS.get(code, f"refuses us ({reason_of(error)})")
    return f"is there, but {words}" if code in IN_WORDS else words


def _of_a_certificate(error: ssl.SSLCertVerificationError, host: str) -> str:
    if error.verify_code in (62, 64):  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
        return f"it is not for {host}; set mqtt.host to a name that is in it"
    return f"{error.verify_message}; name the CA that signed it in mqtt.ca_file"


def _code(error: Exception) -> int | None:
    return _number(error.rc) if isinstance(error, MqttCodeError) and error.rc is not None else None


def _number(code: int | ReasonCode) -> int:
    return code.value if isinstance(code, ReasonCode) else code


def _may_be_too_old(error: MqttError) -> bool:
    """Whether a broker may be one that does not speak MQTT 5: some say so, and some fall silent."""
    return _code(error) == UNSUPPORTED_VERSION or _is_silence(error)


def _is_silence(error: Exception) -> bool:
    return isinstance(error, MqttError) and str(error) == "Operation timed out"
