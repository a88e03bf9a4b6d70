"""What the doctor says of a Raspberry Pi, from what such boards have answered."""

from pathlib import Path

import pytest

from antiphon.adapters.files.place import Place
from antiphon.doctor.board import (
    LITTLE_SPACE,
    check_board,
    of_the_power,
    of_the_recordings,
    of_the_temperature,
    of_the_time,
)
from default_config import loaded


def test_a_supply_that_holds_is_good() -> None:
    [finding] = of_the_power("throttled=0x0\n")
    assert (finding.name, finding.verdict) == ("power", "good")


@pytest.mark.parametrize(
    ("answer", "verdicts"),
    [
        ("throttled=0x50005\n", {"power": "missing", "speed": "could be better"}),
        ("throttled=0x50000\n", {"power": "could be better", "speed": "could be better"}),
        ("throttled=0x80008\n", {"speed": "could be better"}),
        ("throttled=0x20002\n", {"speed": "could be better"}),
        ("throttled=0x10000\n", {"power": "could be better"}),
    ],
)
def test_a_supply_that_is_or_was_too_weak_and_cores_that_were_slowed_down_are_told(
    answer: str, verdicts: dict[str, str]
) -> None:
    found = [*of_the_power(answer)]
    assert {finding.name: finding.verdict for finding in found} == verdicts
    assert all(finding.remedy for finding in found)
    assert all(finding.exit_code == 0 for finding in found)


@pytest.mark.parametrize("answer", ["", "VCHI initialization failed\n", 'error=1 error_msg="x"\n'])
def test_where_there_is_no_firmware_to_ask_nothing_is_said(answer: str) -> None:
    assert [*of_the_power(answer)] == []


@pytest.mark.parametrize(
    ("degrees", "verdict"), [("48312", "good"), ("72500", "could be better"), ("83100", "could be better")]
)
def test_the_hottest_part_counts(tmp_path: Path, degrees: str, verdict: str) -> None:
    for number, reading in enumerate(("30000", degrees, "not a number")):
        (tmp_path / f"thermal_zone{number}").mkdir()
        (tmp_path / f"thermal_zone{number}" / "temp").write_text(f"{reading}\n")
    [finding] = of_the_temperature(tmp_path)
    assert finding.verdict == verdict
    assert finding.value.startswith(f"{float(degrees) / 1000:.0f} °C")


def test_a_machine_without_sensors_has_no_temperature(tmp_path: Path) -> None:
    assert [*of_the_temperature(tmp_path)] == []


def test_the_disk_of_the_recordings_is_looked_at_before_there_is_a_folder(tmp_path: Path) -> None:
    finding = of_the_recordings(Place(tmp_path / "a" / "b", tmp_path / "a" / "b", True, 1000))
    assert finding.figures["free_bytes"] > 0
    assert finding.verdict == ("good" if finding.figures["free_bytes"] > LITTLE_SPACE else "could be better")


def test_recordings_in_memory_could_be_better(tmp_path: Path) -> None:
    finding = of_the_recordings(Place(tmp_path, Path("/var/lib/antiphon"), False, 32))
    assert finding.verdict == "could be better"
    assert "/var/lib/antiphon cannot be written to; that is memory" in finding.value
    assert "record.folder" in finding.remedy


def test_a_clock_that_no_server_has_set_yet_is_told(tmp_path: Path) -> None:
    flag = tmp_path / "timesync" / "synchronized"
    assert [*of_the_time(flag)] == []
    flag.parent.mkdir()
    assert [finding.verdict for finding in of_the_time(flag)] == ["could be better"]
    flag.touch()
    assert [finding.verdict for finding in of_the_time(flag)] == ["good"]


def test_every_machine_can_be_looked_at() -> None:
    assert "disk" in {finding.name for finding in check_board(loaded().config)}
