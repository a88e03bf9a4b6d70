"""The doctor says whether the door of OSC can be opened."""

import socket

import pytest

from antiphon.doctor.osc import check_osc
from antiphon.findings import Finding
from default_config import loaded
from missing import OSC

pytest.importorskip("pythonosc", reason=OSC)

from osc_peer import LOOPBACK, free_port


def found(*sets: str) -> list[Finding]:
    return [*check_osc(loaded(*sets).config)]


def test_nothing_is_said_of_a_door_that_is_off() -> None:
    assert found() == []


def test_a_door_that_can_be_opened_is_good() -> None:
    port = free_port()
    [finding] = found(f"osc.port={port}")
    assert finding.verdict == "good"
    assert finding.value == f"port {port} of 127.0.0.1 is free, for every program on this machine"


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((LOOPBACK, 0))
        [finding] = found(f"osc.port={other.getsockname()[1]}")
    assert finding.verdict == "could be better"
    assert "another program has it" in finding.value
    assert "antiphon" in finding.remedy


def test_settings_that_cannot_be_are_told_and_the_music_goes_on() -> None:
    [finding] = found("osc.port=9000", "osc.address=0.0.0.0")
    assert (finding.verdict, finding.exit_code) == ("missing", 0)
    assert "osc.allow" in finding.value


def test_whoever_cannot_be_reached_is_told() -> None:
    _, unknown, far = found(
        f"osc.port={free_port()}", "osc.send_to='nowhere.invalid:9000 127.0.0.1:9001 192.0.2.1:9002'"
    )
    assert "nowhere.invalid:9000 of osc.send_to is not found: " in unknown.value
    assert "192.0.2.1:9002 of osc.send_to cannot be reached from 127.0.0.1" in far.value
