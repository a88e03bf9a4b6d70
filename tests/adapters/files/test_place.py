"""Where recordings go on machines that write to a disk, and on those that never do."""

import logging
from pathlib import Path

import pytest

from antiphon.adapters.files.place import MEGABYTES_OF_MEMORY, Place, place_for_recordings, tell_place
from antiphon.settings import Record

ON_A_DISK = "/dev/mmcblk0p2 / ext4 rw,noatime 0 0\ntmpfs /run tmpfs rw 0 0\n"

# A Pi with the overlay of raspi-config, as its /proc/mounts shows it.
OVERLAY = """\
/dev/mmcblk0p2 /media/root-ro ext4 ro,relatime 0 0
tmpfs-root /media/root-rw tmpfs rw,relatime 0 0
overlayroot / overlay rw,lowerdir=/media/root-ro,upperdir=/media/root-rw/overlay,workdir=/media/root-rw/w 0 0
/dev/sda1 /mnt/stick vfat rw 0 0
"""

CONTAINER = (
    "overlay / overlay rw,lowerdir=/var/lib/layers/1,upperdir=/var/lib/layers/2/diff,workdir=/var/x 0 0\n"
)


def place(tmp_path: Path, mounts: str = ON_A_DISK, folder: str = "", **environ: str) -> Place:
    listed = tmp_path / "mounts"
    listed.write_text(mounts)
    return place_for_recordings(Record(True, folder, 1000), environ, listed)


def test_the_folder_that_is_asked_for_comes_first(tmp_path: Path) -> None:
    found = place(tmp_path, folder=f"{tmp_path}/mine", STATE_DIRECTORY=f"{tmp_path}/state")
    assert found == Place(tmp_path / "mine", tmp_path / "mine", outlives_the_power=True, megabytes=1000)
    assert not (tmp_path / "mine").exists()


def test_a_service_keeps_them_in_its_own_folder(tmp_path: Path) -> None:
    assert (
        place(tmp_path, STATE_DIRECTORY=f"{tmp_path}/state:/elsewhere").folder == tmp_path / "state/sessions"
    )


def test_a_user_keeps_them_at_home(tmp_path: Path) -> None:
    assert place(tmp_path).folder == Path("~/.local/share/antiphon/sessions").expanduser()


def test_where_nothing_can_be_written_they_stay_in_memory_and_that_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("HOME", f"{tmp_path}/file/home")
    runtime = f"tmpfs {tmp_path}/run tmpfs rw 0 0\n"
    found = place(tmp_path, ON_A_DISK + runtime, f"{tmp_path}/file/mine", XDG_RUNTIME_DIR=f"{tmp_path}/run")
    kept_in = tmp_path / "run" / "antiphon-sessions"
    assert found == Place(kept_in, tmp_path / "file" / "mine", False, MEGABYTES_OF_MEMORY)
    with caplog.at_level(logging.WARNING):
        tell_place(found)
    assert caplog.messages == [
        f"recordings go to {kept_in}, for {tmp_path}/file/mine cannot be written to",
        f"recordings in {kept_in} are gone when the machine is switched off, for that is memory; "
        "mount a disk and name a folder on it in record.folder",
    ]


def test_an_overlay_over_a_read_only_disk_is_memory_and_a_disk_beside_it_is_not(tmp_path: Path) -> None:
    assert not place(tmp_path, OVERLAY, folder=str(tmp_path)).outlives_the_power
    beside = OVERLAY.replace("/mnt/stick", str(tmp_path))
    assert place(tmp_path, beside, folder=f"{tmp_path}/sessions").outlives_the_power


def test_the_overlay_of_a_container_is_a_disk(tmp_path: Path) -> None:
    assert place(tmp_path, CONTAINER, folder=str(tmp_path)).outlives_the_power


def test_a_place_that_lasts_needs_no_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        tell_place(place(tmp_path, folder=str(tmp_path)))
    assert caplog.messages == []
