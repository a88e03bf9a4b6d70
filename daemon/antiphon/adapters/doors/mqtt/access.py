"""What opens a broker: where it is, and the password and the certificates, read from files."""

import os
import ssl
from pathlib import Path
from typing import Any

from msgspec import Struct

from antiphon.errors import DoorError, reason_of
from antiphon.settings import Mqtt

CREDENTIAL = "mqtt-password"


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


def address(mqtt: Mqtt) -> tuple[str, int]:
    """Return host and port of the broker."""
    return mqtt.host, mqtt.port or (8883 if mqtt.tls else 1883)


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
