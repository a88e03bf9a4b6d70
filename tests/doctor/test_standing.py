"""What is said of a daemon that plays, by its own word."""

from antiphon.adapters.check_up import Standing
from antiphon.adapters.doors.osc.arrangement import arranged
from antiphon.adapters.footing import Footing
from antiphon.adapters.histogram import Summary
from antiphon.adapters.punctuality import Delays
from antiphon.doctor.standing import of_the_engine, of_the_osc_door, of_the_ports
from default_config import loaded
from states import NONE, a_state


def standing(**differences: object) -> Standing:
    return Standing(Footing(60, 60, memory_is_locked=True), a_state(**differences), {})


def test_ports_that_are_there_are_named() -> None:
    found = of_the_ports(standing())
    assert (found.verdict, found.value) == ("good", "hears Keystation, answers on FLUID")


def test_a_port_that_is_missing_is_told_with_its_remedy() -> None:
    found = of_the_ports(standing(lost=("in",)))
    assert (found.verdict, found.exit_code) == ("missing", 3)
    assert found.value == 'the input "Keystation" is missing; waiting for it'
    assert "midi.in" in found.remedy


def test_a_daemon_without_ports_needs_none() -> None:
    assert of_the_ports(standing(input="", output="")).verdict == "not needed"


def test_the_engine_is_told_and_how_late_its_notes_were() -> None:
    assert of_the_engine(standing()).value == "lstm plays default"
    played = Delays(NONE, NONE, Summary(801, 62.4, 311.0, 912.6, 2103.0), NONE)
    found = of_the_engine(standing(delays=played))
    assert found.value == "lstm plays default; of 801 onsets and releases 99 % were sent within 0.3 ms"


def test_a_socket_that_is_not_open_is_told() -> None:
    arrangement = arranged(loaded("osc.port=9000").config.osc)
    assert of_the_osc_door({"osc": "on"}, arrangement).verdict == "good"
    assert of_the_osc_door({"osc": "off"}, arrangement).verdict == "could be better"
    assert of_the_osc_door({}, arrangement).value == "port 9000 of 127.0.0.1 is not open; the log says why"
