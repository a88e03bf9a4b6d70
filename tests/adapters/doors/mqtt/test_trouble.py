"""What goes wrong with a broker, in sentences; those of a real one are in test_connection.py."""

import pytest

from missing import MQTT

pytest.importorskip("aiomqtt", reason=MQTT)

from aiomqtt import MqttCodeError, MqttError

from antiphon.adapters.doors.mqtt.trouble import loss, may_be_too_old, trouble
from default_config import loaded

SETTINGS = loaded("mqtt.host=hall").config.mqtt
BROKER = "the MQTT broker at hall:1883"


def because_of(reason: Exception) -> MqttError:
    """Return the error that the library raises while it deals with another."""
    error = MqttError("no connection")
    error.__context__ = reason
    return error


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (ConnectionResetError(), "hangs up; is mqtt.port right, and does it want mqtt.tls?"),
        (TimeoutError(), "cannot be reached: nothing comes back; check mqtt.host and the network"),
        (OSError(5, "a tree fell on it"), "cannot be reached: a tree fell on it; check the network"),
        (KeyError("x"), "cannot be reached: no connection"),
    ],
)
def test_what_hinders_a_connection_comes_with_what_is_to_be_done(reason: Exception, told: str) -> None:
    assert trouble(because_of(reason), SETTINGS) == f"{BROKER} {told}"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (134, "lets nobody in without a name; set mqtt.user and mqtt.password_file"),
        (137, "is there, but it is busy; try later"),
    ],
)
def test_what_a_broker_refuses_by_number_is_told_in_words(code: int, told: str) -> None:
    assert trouble(MqttCodeError(code), SETTINGS) == f"{BROKER} {told}"


def test_an_unknown_number_is_told_as_the_library_tells_it() -> None:
    assert trouble(MqttCodeError(200), SETTINGS).startswith(f"{BROKER} refuses us (")


def test_a_good_connection_that_ends_says_why_or_what_it_may_be() -> None:
    assert loss(MqttError("Operation timed out"), SETTINGS) == f"{BROKER} does not answer any more"
    taken_over = loss(MqttCodeError(142), SETTINGS)
    assert "another program has connected under the same name" in taken_over
    assert loss(MqttError("gone"), SETTINGS).startswith(f"{BROKER} is gone; if that happens again and ")


def test_a_broker_that_is_silent_or_says_so_may_be_too_old_for_mqtt_5() -> None:
    assert may_be_too_old(MqttCodeError(132))
    assert may_be_too_old(MqttError("Operation timed out"))
    assert not may_be_too_old(MqttCodeError(134))
