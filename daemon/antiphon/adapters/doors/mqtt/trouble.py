"""What went wrong with a broker, in a sentence that says what to do.

It knows the errors of the library and of the system, and opens no connection.
"""

import socket
import ssl

from aiomqtt import MqttCodeError, MqttError
from paho.mqtt.reasoncodes import ReasonCode

from antiphon.adapters.doors.mqtt.access import address
from antiphon.errors import reason_of
from antiphon.settings import Mqtt

UNSUPPORTED_VERSION = 132
"""The reason code for a version of MQTT that a broker does not speak (MQTT 5, 3.2.2.2)."""

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


def may_be_too_old(error: MqttError) -> bool:
    """Whether a broker may be one that does not speak MQTT 5: some say so, and some fall silent."""
    return _code(error) == UNSUPPORTED_VERSION or _is_silence(error)


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
    return number_of(error.rc) if isinstance(error, MqttCodeError) and error.rc is not None else None


def number_of(code: int | ReasonCode) -> int:
    """Return a reason code as a number."""
    return code.value if isinstance(code, ReasonCode) else code


def _is_silence(error: Exception) -> bool:
    return isinstance(error, MqttError) and str(error) == "Operation timed out"
