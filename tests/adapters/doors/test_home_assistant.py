"""What Home Assistant is told: every control there is, in the form that Home Assistant itself asks for."""

import asyncio
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from antiphon.adapters.doors.home_assistant import SMALLEST_STEP, messages, needs_nothing, shown, step
from antiphon.adapters.doors.mqtt.inbox import meant, read
from antiphon.adapters.doors.mqtt.outbox import Outbox
from antiphon.adapters.doors.mqtt.topics import Topics, command_in
from antiphon.requests import REQUESTS, Change
from antiphon.schema import schema
from default_config import loaded
from missing import MQTT

pytest.importorskip("aiomqtt", reason=MQTT)

from antiphon.adapters.doors.mqtt.door import MqttDoor
from desk_scene import Scene
from mqtt_broker import requires_mosquitto, running_broker

PROJECT = Path(__file__).resolve().parents[3]
SUPPORT = PROJECT / "tests" / "support"
BESIDE = PROJECT / ".venv-home-assistant"
PYTHON = BESIDE / "bin" / "python"

TOPICS = Topics("studio")

requires_home_assistant = pytest.mark.skipif(
    not PYTHON.exists(),
    reason="`make home-assistant` was not run: nothing is tested with Home Assistant itself",
)


def message(*sets: str) -> dict[str, Any]:
    """Return the one message that there is."""
    [(_, payload)] = messages(loaded(*sets).config, TOPICS)
    read: dict[str, Any] = json.loads(payload)
    return read


def components() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = message()["components"]
    return found


def by_home_assistant(program: str, what: object) -> Any:
    done = subprocess.run(
        [PYTHON, SUPPORT / program],
        input=json.dumps(what),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_there_is_one_message_for_the_device() -> None:
    [(topic, _)] = messages(loaded().config, TOPICS)
    assert topic == "homeassistant/device/antiphon_studio/config"


def test_home_assistant_may_look_elsewhere_or_nowhere() -> None:
    [(topic, _)] = messages(loaded("mqtt.discovery=ha").config, TOPICS)
    assert topic.startswith("ha/device/")
    assert not [*messages(loaded("mqtt.discovery=").config, TOPICS)]


def test_a_name_with_a_dot_stands_in_the_topic_without_it() -> None:
    [(topic, payload)] = messages(loaded().config, Topics("hall.2"))
    assert re.fullmatch(r"homeassistant/device/[a-zA-Z0-9_-]+/config", topic)
    assert json.loads(payload)["state_topic"] == "antiphon/hall.2/state"


def test_every_setting_that_can_change_has_a_control_of_its_kind() -> None:
    found = components()
    for setting in schema().values():
        if setting.live and not setting.is_table:
            platform = found[f"{setting.section}_{setting.name}"]["platform"]
            others = {bool: "switch", str: "text"}
            kind = "select" if setting.choices else others.get(setting.kind, "number")
            assert platform == kind, setting.dotted
    assert "play_seed" not in found


def test_every_request_that_needs_nothing_else_is_a_button() -> None:
    buttons = {name for name, component in components().items() if component["platform"] == "button"}
    assert buttons == {name for name in REQUESTS if needs_nothing(name)} - {"hold"}
    assert buttons >= {"trigger", "panic", "save"}


def test_to_hold_it_is_a_switch_since_it_has_an_end() -> None:
    assert components()["hold"]["platform"] == "switch"


def test_a_command_that_a_control_sends_is_understood() -> None:
    for name, component in components().items():
        if "command_topic" in component:
            command = command_in(component["command_topic"])
            assert command is not None
            for payload in examples(component):
                asked = meant(command, read(command, payload.encode()))
                if isinstance(asked, Change):
                    assert [name] == [each.replace(".", "_") for each in asked.settings]


def examples(component: dict[str, Any]) -> list[str]:
    """Return what Home Assistant publishes when somebody moves a control."""
    match component["platform"]:
        case "button":
            return [component["payload_press"]]
        case "select":
            return list(component["options"])
        case "switch":
            return [component["payload_on"], component["payload_off"]]
        case "text":
            return ["wonder and a little sad", "0.5,-0.3"]
    return [str(component["min"]), str(component["max"])]


def test_a_number_has_the_range_and_the_unit_of_its_setting() -> None:
    temperature, patience = components()["play_temperature"], components()["turn_patience"]
    assert (temperature["min"], temperature["max"], temperature["step"]) == (0.0, 2.0, 0.01)
    assert "unit_of_measurement" not in temperature
    assert patience["unit_of_measurement"] == "notes"
    assert components()["turn_absence"]["device_class"] == "duration"
    assert components()["play_polyphony"]["step"] == 1


@pytest.mark.parametrize(
    ("lowest", "highest", "size"),
    [
        (0.0, 2.0, 0.01),
        (0.05, 60.0, 0.01),
        (1.0, 86_400.0, 1.0),
        (0.001, 1.0, 0.001),
        (0.0, 0.01, SMALLEST_STEP),
    ],
)
def test_a_step_is_fine_enough_and_meets_the_beginning(lowest: float, highest: float, size: float) -> None:
    assert step(lowest, highest) == size


def test_what_is_not_for_playing_is_kept_apart() -> None:
    found = components()
    assert "entity_category" not in found["play_temperature"]
    assert found["turn_patience"]["entity_category"] == "config"
    assert found["latency_p99"]["entity_category"] == "diagnostic"


def test_every_value_that_is_shown_is_in_the_state() -> None:
    async def session() -> dict[str, Any]:
        scene = Scene(loaded())
        state = Outbox(TOPICS, with_notes=False).state(scene.desk.state(), loaded().config)
        scene.close()
        told: dict[str, Any] = json.loads(state.payload)
        return told

    state = asyncio.run(session())
    for component in components().values():
        template = component.get("value_template", "")
        for name in re.findall(r"value_json\.settings\['([\w.]+)'\]", template):
            assert name in state["settings"]
        for path in re.findall(r"value_json\.((?!settings\b)[\w.]+)", template):
            value: Any = state
            for key in path.split("."):
                value = value[key]


def test_names_are_unique_and_stay_the_same() -> None:
    ids = [component["unique_id"] for component in components().values()]
    assert len(set(ids)) == len(ids)
    assert "antiphon_studio_play_temperature" in ids


def test_all_of_it_is_a_message_that_a_broker_takes() -> None:
    [(_, payload)] = messages(loaded().config, TOPICS)
    assert len(payload) < 65_536


@requires_home_assistant
def test_home_assistants_own_schema_takes_every_word_of_it() -> None:
    platforms = by_home_assistant("home_assistant_schema.py", message())
    assert set(platforms.values()) == {
        *("select", "number", "switch", "text", "button", "sensor", "binary_sensor")
    }
    assert platforms.keys() == components().keys()


@requires_home_assistant
def test_home_assistants_own_schema_would_not_take_a_word_that_it_does_not_know() -> None:
    with_a_slip = message()
    with_a_slip["components"]["play_temperature"]["stepp"] = 1
    with pytest.raises(AssertionError, match="stepp"):
        by_home_assistant("home_assistant_schema.py", with_a_slip)


@requires_home_assistant
@requires_mosquitto
def test_home_assistant_finds_the_device_shows_it_and_steers_it(tmp_path: Path) -> None:
    """A real Home Assistant, a real broker, and a daemon's own door."""

    async def session(port: int) -> tuple[dict[str, Any], dict[str, Any]]:
        config = loaded("mqtt.host=127.0.0.1", f"mqtt.port={port}", "mqtt.id=studio")
        scene = Scene(config)
        door = asyncio.create_task(MqttDoor(config.config, scene.desk, announce=messages).serve())
        seen = await home_assistant(
            port,
            calls=[
                ("number.set_value", "number.antiphon_studio_play_temperature", {"value": 0.8}),
                ("select.select_option", "select.antiphon_studio_guide_key", {"option": "F# minor"}),
                ("switch.turn_on", "switch.antiphon_studio_play_thru", {}),
                ("button.press", "button.antiphon_studio_trigger", {}),
            ],
            until={
                "number.antiphon_studio_play_temperature": "0.8",
                "select.antiphon_studio_guide_key": "F# minor",
                "switch.antiphon_studio_play_thru": "on",
                "sensor.antiphon_studio_state": "answering",
                "sensor.antiphon_studio_notes_played": "1",
            },
        )
        settings = scene.desk.loaded.config
        door.cancel()
        await asyncio.wait([door])
        scene.close()
        return seen, {"temperature": settings.play.temperature, "thru": settings.play.thru}

    with running_broker(tmp_path) as broker:
        seen, settings = asyncio.run(session(broker.port))
    assert seen["devices"] == ["Antiphon studio"]
    assert settings == {"temperature": 0.8, "thru": True}
    assert len(seen["entities"]) == len(components())
    assert seen["entities"]["binary_sensor.antiphon_studio_midi_in"]["state"] == "on"


async def home_assistant(port: int, calls: list[Any], until: dict[str, str]) -> dict[str, Any]:
    script = {"port": port, "entities": len(components()), "calls": calls, "until": until}
    process = await asyncio.create_subprocess_exec(
        PYTHON,
        SUPPORT / "home_assistant.py",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, complaints = await asyncio.wait_for(process.communicate(json.dumps(script).encode()), 120)
    assert process.returncode == 0, complaints.decode()
    seen: dict[str, Any] = json.loads(out)
    return seen


def test_the_setting_that_waits_for_a_restart_is_shown_by_its_short_name() -> None:
    assert "engine.kind" in {setting.dotted for setting in shown()}
    assert components()["engine_kind"]["command_topic"] == "antiphon/studio/cmd/engine"
    assert components()["play_mode"]["command_topic"] == "antiphon/studio/cmd/mode"
