"""Disks that are full or read-only, settings that are broken, and a model file that is gone."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from antiphon.adapters.engines.models import path_of
from antiphon.adapters.files.reading import read_performance
from antiphon.core.performance import notes_heard
from fault_table import Fault
from faults_at_large import STEADY, Tell, interrupt, until, until_it_answers, words_of
from jack_server import requires_jack
from jam_session import Jam, jam
from small_disk import fill, small_disk

pytestmark = requires_jack


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", kilobytes=256) as disk:
        yield disk


def plays_on(session: Jam) -> None:
    """Hear more of the answer, end it, and hear another."""
    session.next_onset()
    interrupt(session)
    until_it_answers(session)


def ends_well(session: Jam) -> None:
    session.daemon.child.send_signal(signal.SIGTERM)
    assert session.daemon.child.wait(20) == 0


def test_a_disk_that_becomes_full_while_it_records(tmp_path: Path, tell: Tell, disk: Path) -> None:
    with jam(disk, *STEADY) as session:
        session.play_phrase()
        session.next_onset()
        until(lambda: any(path.stat().st_size for path in disk.glob("*.journal")))
        fill(disk)
        stops = session.daemon.wait_for("recording stops")
        plays_on(session)
        ends_well(session)
        stays = session.daemon.has_said("stays in")
        (disk / "filling").unlink()
        session.start_daemon()
        session.daemon.has_said("recovered a session")
        [recording] = disk.glob("*.mid")
        assert len(notes_heard(read_performance(recording))) > 5
        tell(
            Fault(
                "the disk becomes full while it records",
                "a disk of 256 kB is filled in mid-answer",
                "nothing: the answer goes on; what was recorded so far is kept at the next start",
                f"{words_of(stops, tmp_path)}; at the end: {words_of(stays, tmp_path)}; exit 0",
            )
        )


def test_a_disk_that_becomes_read_only(tmp_path: Path, tell: Tell, disk: Path) -> None:
    with jam(disk, *STEADY) as session:
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        session.play_phrase()
        session.next_onset()
        stops = session.daemon.wait_for("recording stops")
        plays_on(session)
        ends_well(session)
        tell(
            Fault(
                "the disk becomes read-only",
                "it is remounted so, between the start and the first note",
                "nothing: it answers, and keeps no recording",
                f"{words_of(stops, tmp_path)}; exit 0",
            )
        )


@pytest.mark.long
def test_a_folder_of_recordings_that_is_read_only_at_the_start(
    tmp_path: Path, tell: Tell, disk: Path
) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    home = tmp_path / "home"
    with jam(disk / "sessions", *STEADY, environment={"HOME": str(home)}) as session:
        elsewhere = session.daemon.has_said("recordings go to")
        until_it_answers(session)
        ends_well(session)
        assert [*home.rglob("*.mid")]
        tell(
            Fault(
                "the folder of recordings is read-only at the start",
                "its disk is mounted so",
                "nothing: it answers, and records elsewhere",
                words_of(elsewhere, tmp_path),
            )
        )


@pytest.mark.long
def test_a_start_with_every_disk_full(tmp_path: Path, tell: Tell, disk: Path) -> None:
    fill(disk)
    places = ("HOME", "TMPDIR", "XDG_RUNTIME_DIR", "STATE_DIRECTORY", "RUNTIME_DIRECTORY")
    with jam(disk / "sessions", *STEADY, environment=dict.fromkeys(places, str(disk))) as session:
        until_it_answers(session)
        stops = session.daemon.has_said("recording stops")
        ends_well(session)
        tell(
            Fault(
                "all it may write to is full at the start",
                "home, state folder, run-time folder and the one of temporary files lie on a full disk",
                "nothing: it answers, and keeps no recording",
                f"{words_of(stops, tmp_path)}; exit 0",
            )
        )


@pytest.mark.long
def test_settings_that_are_broken_when_they_are_read_again(tmp_path: Path, tell: Tell) -> None:
    settings = tmp_path / "antiphon.toml"
    settings.write_text("[play]\ntemperature = 0.9\n", encoding="utf-8")
    with jam(tmp_path / "recordings", *STEADY, config_file=settings) as session:
        session.play_phrase()
        session.next_onset()
        settings.write_text("[play\ntemperature = hot", encoding="utf-8")
        session.daemon.child.send_signal(signal.SIGHUP)
        stays = session.daemon.wait_for("the configuration stays as it was")
        plays_on(session)
        tell(
            Fault(
                "the settings are broken when they are read again",
                "a file that is no TOML, and `SIGHUP` in mid-answer",
                "nothing: the answer goes on, by the settings that held",
                words_of(stays, tmp_path),
            )
        )


@pytest.mark.long
def test_a_model_that_is_deleted_while_it_plays(tmp_path: Path, tell: Tell) -> None:
    model = tmp_path / "model"
    shutil.copytree(path_of("default").parent, model)
    with jam(tmp_path / "recordings", *STEADY, f"model.file='{model / 'model.tflite'}'") as session:
        session.play_phrase()
        session.next_onset()
        shutil.rmtree(model)
        plays_on(session)
        ends_well(session)
        tell(
            Fault(
                "the model is deleted while it plays",
                "its folder is removed in mid-answer",
                "nothing: the answer goes on, and so do those that follow",
                "nothing, until the next start",
            )
        )


@pytest.mark.long
def test_a_model_that_is_overwritten_in_place_ends_it(tmp_path: Path, tell: Tell) -> None:
    """It is mapped into memory, and the kernel ends whoever reads there what the file has no more."""
    model = tmp_path / "model"
    shutil.copytree(path_of("default").parent, model)
    with jam(tmp_path / "recordings", *STEADY, f"model.file='{model / 'model.tflite'}'") as session:
        session.play_phrase()
        session.next_onset()
        (model / "model.tflite").write_bytes(b"")
        assert session.daemon.child.wait(20) == -signal.SIGBUS
        tell(
            Fault(
                "the model is overwritten in place while it plays",
                "its file is cut to nothing in mid-answer, as `cp` does and `mv` does not",
                "as where it is killed",
                "as there; exit 135",
                "not by itself",
            )
        )
