"""A real MQTT broker, and daemons on it: those of the tests, which are no package that could be imported."""

from importlib.util import find_spec

import jams  # says where the tests' support is

from mqtt_broker import MOSQUITTO, Broker, running_broker

__all__ = ["NO_BROKER", "Broker", "jams", "running_broker"]

NO_BROKER = (
    "mosquitto (package mosquitto) is missing"
    if MOSQUITTO is None
    else ""
    if find_spec("aiomqtt")
    else "the door for MQTT is not installed: pip install 'antiphon[mqtt]'"
)
"""Why there can be no broker; empty where there can."""
