"""What the examples give other programs: each name in them is there, and Home Assistant and Pd take them."""

import asyncio
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from antiphon.adapters.doors import home_assistant, manual
from antiphon.adapters.doors.mqtt.inbox import meant, read
from antiphon.adapters.doors.mqtt.topics import Topics, command_in
from antiphon.adapters.doors.osc.addresses import ROOT, addresses
from default_config import loaded
from missing import MQTT, OSC

pytest.importorskip("aiomqtt", reason=MQTT)
pytest.importorskip("pythonosc", reason=OSC)

from antiphon.adapters.doors.osc.door import serve as serve_osc
from desk_scene import Scene
from osc_peer import free_port

PROJECT = Path(__file__).resolve().parent.parent
EXAMPLES = PROJECT / "examples"
SUPPORT = PROJECT / "tests" / "support"

HOME_ASSISTANT = PROJECT / ".venv-home-assistant"

PATIENCE = 20.0
"""Seconds that something is waited for before a test gives up on it."""

requires_pd = pytest.mark.skipif(
    shutil.which("pd") is None, reason="pd (package puredata-core) is missing: the patch for it is not run"
)

requires_home_assistant = pytest.mark.skipif(
    not (HOME_ASSISTANT / ".has-home-assistant").exists(),
    reason="`make home-assistant` was not run: nothing is tested with Home Assistant itself",
)


def test_the_flow_commands_what_is_understood_and_hears_what_is_told() -> None:
    nodes = {
        node["id"]: node for node in json.loads((EXAMPLES / "mqtt" / "node-red" / "flow.json").read_text())
    }
    for node in nodes.values():
        assert {target for wires in node.get("wires", []) for target in wires} <= nodes.keys()
        if node["type"] == "mqtt out":
            assert_is_understood(node["topic"], payload_before(node["id"], nodes))
        if node["type"] == "mqtt in" and node["topic"].startswith("antiphon/+/"):
            assert node["topic"].removeprefix("antiphon/+/") in told()


def payload_before(target: str, nodes: dict[str, Any]) -> str:
    """Return what the node that leads to another one makes the payload."""
    [before] = [node for node in nodes.values() if [target] in node.get("wires", [])]
    if before["type"] == "inject":
        return str(before["payload"])
    set_here = [rule["to"] for rule in before.get("rules", []) if rule.get("p") == "payload"]
    return str(set_here[0]) if set_here else payload_before(before["id"], nodes)


def assert_is_understood(topic: str, payload: str) -> None:
    command = command_in(topic)
    assert command is not None, topic
    meant(command, read(command, payload.encode()))


def told() -> set[str]:
    """Return the topics, below the daemon's own, on which it tells something."""
    return {"availability", "state", "error", *(f"event/{name}" for name in manual.EVENTS)}


def automations() -> str:
    return (EXAMPLES / "mqtt" / "home-assistant" / "automations.yaml").read_text()


def test_the_automations_name_entities_that_home_assistant_finds() -> None:
    [(_, payload)] = home_assistant.messages(loaded().config, Topics("studio"))
    entities = {
        f"{each['platform']}.antiphon_studio_{each['name'].lower().replace(' ', '_')}": each
        for each in json.loads(payload)["components"].values()
    }
    named = set(re.findall(r"\w+\.antiphon_\w+", automations()))
    assert len(named) > 5
    assert named <= entities.keys()
    assert "waiting for you" in entities["sensor.antiphon_studio_state"]["options"]


def test_the_automations_publish_what_is_understood() -> None:
    for topic in re.findall(r"topic: (\S+)", automations()):
        assert_is_understood(topic, "listen")


@requires_home_assistant
def test_home_assistant_takes_the_automations() -> None:
    program = SUPPORT / "home_assistant_automations.py"
    file = EXAMPLES / "mqtt" / "home-assistant" / "automations.yaml"
    python = HOME_ASSISTANT / "bin" / "python"
    done = subprocess.run([python, program, file], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)) == automations().count("- alias:")


def test_the_patches_for_osc_send_and_hear_what_is_there() -> None:
    patch = (EXAMPLES / "osc" / "antiphon.pd").read_text()
    named = {"/" + "/".join(words.split()) for words in re.findall(r"oscformat ([^;]+);", patch)}
    named |= set(re.findall(r'"(/antiphon/[^"]+)"', (EXAMPLES / "osc" / "antiphon.scd").read_text()))
    heard = {f"{ROOT}{name}" for name in manual.ADDRESSES}
    assert f"{ROOT}trigger" in named
    assert named <= addresses().keys() | heard
    for name in re.findall(r"route (note event error)", patch)[0].split():
        assert any(address.startswith(f"{ROOT}{name}") for address in heard)


@requires_pd
def test_the_patch_for_pd_triggers_and_is_told(tmp_path: Path) -> None:
    """A real Pd, without a window."""

    async def session() -> bytes:
        door, pd = free_port(), free_port()
        text = (EXAMPLES / "osc" / "antiphon.pd").read_text()
        patch = tmp_path / "antiphon.pd"
        patch.write_text(text.replace("9000;", f"{door};", 1).replace("9001;", f"{pd};"))
        assert patch.read_text().count(str(pd)) == 2
        config = loaded(f"osc.port={door}", "osc.notes=true")
        scene = Scene(config)
        serving = asyncio.create_task(serve_osc(config.config, scene.desk))
        await asyncio.sleep(0)
        process = await asyncio.create_subprocess_exec(
            *("pd", "-nogui", "-noaudio", "-nomidi", "-stderr"),
            *("-open", patch, "-send", "antiphon-trigger bang"),
            stderr=subprocess.PIPE,
        )
        assert process.stderr is not None
        await scene.until_it_plays()
        async with asyncio.timeout(PATIENCE):
            told = await process.stderr.readuntil(b"taken")
        process.kill()
        await process.wait()
        serving.cancel()
        await asyncio.wait([serving])
        scene.close()
        return told

    assert b"event: turn taken" in asyncio.run(session())
