"""The file of a session log: what is on the disk of it at any moment, and what is refused."""

import gzip
import os
from pathlib import Path

import msgspec
import pytest

from antiphon.adapters.files.session_log import (
    FORMAT,
    LONGEST_LINE_BYTES,
    SessionLog,
    heading,
    read_session_log,
)
from antiphon.adapters.files.transcript_lines import line_of
from antiphon.core.events import OtherMessage
from antiphon.core.transcript import Beginning, Step
from antiphon.errors import SessionLogError
from default_settings import settings
from logged_sessions import NOON, Session, log_of
from small_disk import fill, small_disk

BEGINNING = Beginning(100.0, settings(), 3)
SESSION = Session(BEGINNING, [Step(100.0 + step / 7, None) for step in range(1000)])


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    log = read_session_log(log_of(SESSION, tmp_path / "a.session"))
    assert log.beginning == BEGINNING
    assert list(log.steps) == SESSION.steps
    assert log.heading == heading(NOON)
    assert log.is_whole


def test_it_is_gzip_so_that_anybody_can_look_into_it(tmp_path: Path) -> None:
    path = log_of(SESSION, tmp_path / "a.session")
    first, second, *_ = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    assert b'"began":"2025-06-01T12:00:00"' in first
    assert second == line_of(BEGINNING)


def test_what_was_synced_is_there_though_it_was_never_closed(tmp_path: Path) -> None:
    path = tmp_path / "a.session"
    log = begun(path)
    log.append(BEGINNING)
    log.append(SESSION.steps[0])
    log.sync()
    log.append(SESSION.steps[1])
    found = read_session_log(path)
    log.close()
    assert found.steps == (SESSION.steps[0],)
    assert not found.is_whole


def test_wherever_it_breaks_off_it_is_read_up_to_there(tmp_path: Path) -> None:
    path = log_of(SESSION, tmp_path / "a.session")
    content = path.read_bytes()
    for length in range(len(content) // 2, len(content), 97):
        path.write_bytes(content[:length])
        found = read_session_log(path)
        assert list(found.steps) == SESSION.steps[: len(found.steps)]
        assert not found.is_whole


def test_what_is_damaged_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = log_of(SESSION, tmp_path / "a.session")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(SessionLogError, match=f"{path}.*damaged"):
        read_session_log(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is no session log"),
        (b"MThd\0\0\0\6", "is damaged, or is no session log"),
        (gzip.compress(b"Dear Sir or Madam\n"), "is no session log"),
        (gzip.compress(b"x" * (2 * LONGEST_LINE_BYTES)), "is no session log"),
        (gzip.compress(msgspec.json.encode(heading(NOON)) + b"\n"), "does not begin"),
        (gzip.compress(msgspec.json.encode(heading(NOON)) + b"\n[1.0]\n"), "does not begin"),
        (gzip.compress(msgspec.json.encode(heading(NOON)) + b"\n[1.0,7]\n"), "line 2 of .* means nothing"),
    ],
)
def test_what_is_none_is_refused_in_a_sentence(content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "a.session"
    path.write_bytes(content)
    with pytest.raises(SessionLogError, match=sentence):
        read_session_log(path)


def test_one_of_another_version_names_who_reads_it(tmp_path: Path) -> None:
    later = msgspec.structs.replace(heading(NOON), session_log=FORMAT + 1, antiphon="9.1")
    path = tmp_path / "a.session"
    path.write_bytes(gzip.compress(msgspec.json.encode(later) + b"\n"))
    with pytest.raises(SessionLogError, match=r"replay it with antiphon 9\.1"):
        read_session_log(path)


def test_a_folder_is_none_either(tmp_path: Path) -> None:
    with pytest.raises(SessionLogError, match="cannot be read"):
        read_session_log(tmp_path)


def test_no_log_takes_the_place_of_another(tmp_path: Path) -> None:
    path = log_of(SESSION, tmp_path / "a.session")
    with pytest.raises(FileExistsError):
        begun(path)


def test_a_full_disk_is_an_error_and_leaves_what_was_synced(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=64) as folder:
        log = begun(folder / "a.session")
        log.append(BEGINNING)
        log.sync()
        fill(folder)
        with pytest.raises(OSError, match="No space"):
            write_on(log)
        with pytest.raises(OSError, match="No space"):
            log.close()
        assert read_session_log(folder / "a.session").beginning == BEGINNING


def test_where_there_is_no_room_for_its_beginning_nothing_is_left_of_it(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=64) as folder:
        fill(folder)
        with pytest.raises(OSError, match="No space"):
            begun(folder / "a.session")
        assert [path.name for path in folder.iterdir()] == ["filling"]


def test_what_was_appended_before_it_has_a_place_is_there_when_it_has_one(tmp_path: Path) -> None:
    log = SessionLog(heading(NOON))
    log.append(BEGINNING)
    log.append(SESSION.steps[0])
    log.place(tmp_path / "a.session")
    assert read_session_log(tmp_path / "a.session").steps == (SESSION.steps[0],)
    log.close()
    assert read_session_log(tmp_path / "a.session").is_whole


def test_given_another_place_it_is_found_in_both(tmp_path: Path) -> None:
    log = begun(tmp_path / "a.session")
    log.append(BEGINNING)
    log.place(tmp_path / "b.session")
    log.append(SESSION.steps[0])
    log.close()
    (tmp_path / "a.session").unlink()
    assert read_session_log(tmp_path / "b.session").steps == (SESSION.steps[0],)


def test_without_music_it_is_full_sooner(tmp_path: Path) -> None:
    log = SessionLog(heading(NOON))
    while not log.is_full:
        log.append(Step(0.0, OtherMessage(os.urandom(100_000))))
    log.place(tmp_path / "a.session")
    assert not log.is_full
    log.close()


def begun(path: Path) -> SessionLog:
    log = SessionLog(heading(NOON))
    log.place(path)
    return log


def write_on(log: SessionLog) -> None:
    for step in range(1000):
        log.append(Step(step / 7, None))
        log.sync()
