"""The journal of a session: what of it is on the disk, and what a crash left becomes a recording."""

import fcntl
from pathlib import Path

from antiphon.adapters.files.journal import BETWEEN_SYNCS, Entry, Journal, recover
from kept_sessions import NOON, messages_of, names_in


def test_a_journal_with_half_a_line_and_zeros_at_its_end_is_recovered(tmp_path: Path) -> None:
    journal = tmp_path / "antiphon-2025-06-01-120000.journal"
    journal.write_bytes(b"0.000000 you 903c50\n0.500000 you 803c40\n0.7000" + bytes(4096))
    [recording] = recover(tmp_path)
    assert messages_of(recording, 0) == [(0x90, 60, 80), (0x80, 60, 64)]
    assert names_in(tmp_path) == [recording.name]


def test_a_journal_without_music_is_removed(tmp_path: Path) -> None:
    (tmp_path / "antiphon-2025-06-01-120000.journal").touch()
    assert recover(tmp_path) == []
    assert names_in(tmp_path) == []


def test_a_journal_that_somebody_writes_is_left_alone(tmp_path: Path) -> None:
    journal = tmp_path / "antiphon-2025-06-01-120000.journal"
    journal.write_bytes(b"0.000000 you 903c50\n")
    with journal.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert recover(tmp_path) == []
    assert len(recover(tmp_path)) == 1


def test_what_is_half_a_second_old_is_on_the_disk_when_the_next_note_comes(tmp_path: Path) -> None:
    """And where none comes, the recorder brings it there half a second later: a second at most is lost."""
    journal = Journal.begun(tmp_path, NOON, 0.0)
    unsynced = []
    for at in (0.0, 0.3, 0.6, 0.9, 1.2):
        journal.append(Entry(at, "you", b"\x90\x3c\x50"))
        unsynced.append(journal.unsynced)
    journal.close()
    assert unsynced == [True, True, False, True, False]
    assert BETWEEN_SYNCS <= 0.5
