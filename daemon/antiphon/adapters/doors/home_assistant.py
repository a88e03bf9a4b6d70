"""What Home Assistant is told of a daemon, so that it finds a device with all its controls by itself.

The form is that of its device discovery (home-assistant.io/integrations/mqtt, "MQTT discovery"): one retained
message with the device and all its entities. Each setting that can change while it plays becomes an entity of
the kind that suits it, and each request that needs nothing to go with it a button. This module knows topics
and the schema; it does not know who publishes the message, nor when.
"""

import re
from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from antiphon import __version__
from antiphon.adapters.doors.mqtt.topics import Topics
from antiphon.requests import REQUESTS, SHORT_FOR
from antiphon.schema import Setting, schema
from antiphon.settings import Config

Entity: TypeAlias = dict[str, object]

MUSICAL = frozenset({"play", "guide", "tempo"})
"""Sections that are for playing with; Home Assistant keeps the others apart, as configuration."""

STEPS = 100
"""A slider has at least so many."""

SMALLEST_STEP = 0.001
"""Home Assistant takes no smaller one."""

UNLIMITED = 2.0**53
"""What stands for no limit: beyond it JSON's numbers are not exact."""

ICONS = {
    "play": "mdi:piano",
    "turn": "mdi:timer-sand",
    "guide": "mdi:compass-outline",
    "tempo": "mdi:metronome",
    "latency": "mdi:timer-alert-outline",
    "engine": "mdi:brain",
    "trigger": "mdi:play-circle-outline",
    "doctor": "mdi:stethoscope",
    "panic": "mdi:volume-off",
    "hold": "mdi:gesture-tap-hold",
    "save": "mdi:content-save-outline",
    "reload": "mdi:reload",
}
"""Icons of sections, and of requests."""

ANY_OTHER_ICON = "mdi:tune"

HELD = "hold"
"""The request that has an end as well: a switch, not a button."""

STATES = {
    "without a port": "value_json.lost",
    "answering": "value_json.answering",
    "held by the pedal": "value_json.pedal_withholds",
    "hearing you": "value_json.player_active",
    "only listening": "value_json.mode == 'listen'",
}
"""What it is doing, in words, and when that is so; the first that is so counts."""

AT_REST = "waiting for you"


def messages(config: Config, topics: Topics) -> Iterator[tuple[str, bytes]]:
    """Yield what is to be published, retained: topics and payloads; nothing where discovery is off.

    An empty payload on the same topic takes the device away again.
    """
    if config.mqtt.discovery:
        # Home Assistant allows fewer characters here than a name may have.
        device = re.sub(r"[^A-Za-z0-9_-]", "_", topics.id)
        topic = f"{config.mqtt.discovery}/device/antiphon_{device}/config"
        yield topic, msgspec.json.encode(_device(topics))


def _device(topics: Topics) -> dict[str, object]:
    identity = f"antiphon_{topics.id}"
    entities = {
        **{f"{each.section}_{each.name}": _control(each, topics) for each in shown()},
        **{name: _button(name, topics) for name in REQUESTS if needs_nothing(name) and name != HELD},
        HELD: _hold(topics),
        **_sensors(),
        **_binary_sensors(),
    }
    return {
        "device": {
            "identifiers": [identity],
            "name": f"Antiphon {topics.id}",
            "manufacturer": "Antiphon",
            "model": "MIDI improviser",
            "sw_version": __version__,
        },
        "origin": {"name": "Antiphon", "sw_version": __version__},
        "availability_topic": topics.availability,
        "state_topic": topics.state,
        "components": {
            key: {"unique_id": f"{identity}_{key}", "qos": 1, **entity} for key, entity in entities.items()
        },
    }


def shown() -> Iterator[Setting]:
    """Yield the settings that can change while it plays, and those that have a command of their own."""
    for setting in schema().values():
        if (setting.live and not setting.is_table) or setting.dotted in SHORT_FOR.values():
            yield setting


def _control(setting: Setting, topics: Topics) -> Entity:
    commands = {dotted: (name,) for name, dotted in SHORT_FOR.items()}
    command = commands.get(setting.dotted, ("set", setting.section, setting.name))
    entity: Entity = {
        "name": _in_words(f"{setting.section} {setting.name}"),
        "icon": ICONS.get(setting.section, ANY_OTHER_ICON),
        "command_topic": topics.command(*command),
        "value_template": _template(_value(setting)),
        **_kind(setting),
    }
    if setting.section not in MUSICAL:
        entity["entity_category"] = "config"
    return entity


def _value(setting: Setting) -> str:
    """Return where its value is in the state; what waits for a restart is not among the settings there."""
    return f"value_json.settings['{setting.dotted}']" if setting.live else f"value_json.{setting.section}"


def _kind(setting: Setting) -> Entity:
    """Return what Home Assistant shows a setting as, and what it needs for that."""
    if setting.choices:
        return {"platform": "select", "options": list(setting.choices)}
    if setting.kind is bool:
        template = _template(f"'true' if {_value(setting)} else 'false'")
        return {
            "platform": "switch",
            "payload_on": "true",
            "payload_off": "false",
            "value_template": template,
        }
    if setting.kind is str:
        return {"platform": "text", "min": 1}
    lowest, highest = limits(setting)
    number: Entity = {
        "platform": "number",
        "min": lowest,
        "max": highest,
        "step": 1 if setting.kind is int else step(lowest, highest),
    }
    if setting.unit:
        number["unit_of_measurement"] = setting.unit
    if setting.unit == "s":
        number["device_class"] = "duration"
    return number


def limits(setting: Setting) -> tuple[float, float]:
    """Return the least and the most that it may be; untold, Home Assistant takes 1 and 100."""
    lowest = -UNLIMITED if setting.lowest is None else setting.lowest
    return lowest, UNLIMITED if setting.highest is None else setting.highest


def step(lowest: float, highest: float) -> float:
    """Return a power of ten that divides a range into enough steps; its beginning is a multiple of it."""
    size = 1.0
    while size > SMALLEST_STEP and ((highest - lowest) / size < STEPS or not (lowest / size).is_integer()):
        size = round(size / 10, 3)
    return size


def needs_nothing(request: str) -> bool:
    """Return whether a request can be made without anything that goes with it."""
    return not any(field.required for field in msgspec.structs.fields(REQUESTS[request]))


def _hold(topics: Topics) -> Entity:
    return {
        "platform": "switch",
        "name": "Hold",
        "icon": ICONS["hold"],
        "command_topic": topics.command("hold"),
        "payload_on": '{"on": true}',
        "payload_off": '{"on": false}',
        "state_on": "held",
        "state_off": "free",
        "value_template": _template("'held' if value_json.held else 'free'"),
    }


def _button(request: str, topics: Topics) -> Entity:
    return {
        "platform": "button",
        "name": _in_words(request),
        "icon": ICONS.get(request, ANY_OTHER_ICON),
        "command_topic": topics.command(request),
        "payload_press": "{}",
    }


def _sensors() -> dict[str, Entity]:
    in_words = "".join(f"'{words}' if {condition} else " for words, condition in STATES.items())
    counted: Entity = {
        "platform": "sensor",
        "state_class": "total_increasing",
        "unit_of_measurement": "notes",
    }
    return {
        "state": {
            "platform": "sensor",
            "name": "State",
            "icon": "mdi:music",
            "device_class": "enum",
            "options": [*STATES, AT_REST],
            "value_template": _template(f"{in_words}'{AT_REST}'"),
        },
        "notes_heard": {
            **counted,
            "name": "Notes heard",
            "icon": "mdi:ear-hearing",
            "value_template": _template("value_json.notes_heard"),
        },
        "notes_played": {
            **counted,
            "name": "Notes played",
            "icon": "mdi:music-note",
            "value_template": _template("value_json.notes_played"),
        },
        "tempo": {
            "platform": "sensor",
            "name": "Tempo",
            "icon": "mdi:metronome",
            "state_class": "measurement",
            "unit_of_measurement": "bpm",
            "value_template": _template("value_json.tempo"),
        },
        "latency_p99": {
            "platform": "sensor",
            "name": "Latency p99",
            "icon": "mdi:speedometer",
            "entity_category": "diagnostic",
            "device_class": "duration",
            "state_class": "measurement",
            "unit_of_measurement": "ms",
            "suggested_display_precision": 2,
            "value_template": _template("value_json.delays.sent.p99 / 1000"),
        },
        "model": {
            "platform": "sensor",
            "name": "Model",
            "icon": "mdi:brain",
            "entity_category": "diagnostic",
            "value_template": _template("value_json.model"),
        },
    }


def _binary_sensors() -> dict[str, Entity]:
    return {
        "player_active": {
            "platform": "binary_sensor",
            "name": "Player active",
            "icon": "mdi:account-music",
            "value_template": _template("'ON' if value_json.player_active else 'OFF'"),
        },
        "midi_in": _port("MIDI in", "in"),
        "midi_out": _port("MIDI out", "out"),
    }


def _port(name: str, direction: str) -> Entity:
    return {
        "platform": "binary_sensor",
        "name": name,
        "device_class": "connectivity",
        "entity_category": "diagnostic",
        "value_template": _template(f"'OFF' if '{direction}' in value_json.lost else 'ON'"),
    }


def _template(expression: str) -> str:
    return f"{{{{ {expression} }}}}"


def _in_words(name: str) -> str:
    return name.replace("_", " ").capitalize()
