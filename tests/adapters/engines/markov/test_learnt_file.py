"""The file of what was learnt: all that was written before a crash is read after it."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antiphon.adapters.engines.markov import learnt_file
from antiphon.adapters.engines.markov.learnt_file import HEADER, read, record, records, write
from players import events

PHRASES = [bytes([0, 20, 60, 9, 0, 60]), bytes([0, 21, 62]), bytes([0, 22, 64, 5, 0, 64, 3, 20, 65])]
phrases = st.lists(st.lists(events, min_size=1, max_size=5), max_size=5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / learnt_file.NAME


def as_bytes(phrase: list[tuple[int, int, int]]) -> bytes:
    return bytes(value for event in phrase for value in event)


@given(phrases)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_read(path: Path, wanted: list[list[tuple[int, int, int]]]) -> None:
    write(path, map(as_bytes, wanted))
    assert read(path).phrases == tuple(map(as_bytes, wanted))
    assert read(path).trouble == ""
    assert read(path).events == sum(map(len, wanted))


@given(phrases, st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_phrase_may_come_in_several_parts(
    path: Path, wanted: list[list[tuple[int, int, int]]], data: st.DataObject
) -> None:
    fresh = [(number == 0, event) for phrase in wanted for number, event in enumerate(phrase)]
    cut = data.draw(st.integers(0, len(fresh)))
    path.write_bytes(HEADER + records(fresh[:cut]) + records(fresh[cut:]))
    assert read(path).phrases == tuple(map(as_bytes, wanted))


def test_nothing_that_was_whole_is_lost_at_whichever_byte_a_crash_cuts_it(path: Path) -> None:
    content, ends = HEADER, [len(HEADER)]
    for phrase in PHRASES:
        content += record(True, phrase)
        ends.append(len(content))
    for cut in range(len(content) + 1):
        path.write_bytes(content[:cut])
        learnt = read(path)
        whole = sum(cut >= end for end in ends) - 1
        assert learnt.phrases == tuple(PHRASES[: max(0, whole)])
        assert (learnt.trouble == "") == (cut in ends)


def test_nothing_that_was_whole_is_lost_whichever_byte_is_another(path: Path) -> None:
    content = HEADER + b"".join(record(True, phrase) for phrase in PHRASES)
    for place in range(len(HEADER), len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        learnt = read(path)
        assert learnt.phrases == tuple(PHRASES[: len(learnt.phrases)])
        assert learnt.trouble == "is cut short or damaged"


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"a song", "is something else"),
        (b"", "is cut short"),
        (HEADER[:10], "is cut short"),
        (HEADER.replace(b"learnt \x01", b"learnt \x02") + record(True, PHRASES[0]), "is of another version"),
        (HEADER[:-17] + b"0123456789abcdef\n", "is of another version"),
    ],
)
def test_what_is_no_such_file_teaches_nothing(path: Path, content: bytes, trouble: str) -> None:
    path.write_bytes(content)
    assert read(path) == learnt_file.Learnt(trouble=trouble)


def test_where_there_is_none_nothing_was_learnt_and_what_cannot_be_read_is_told(path: Path) -> None:
    assert read(path) == learnt_file.Learnt()
    path.mkdir()
    assert read(path).trouble == "cannot be read: is a directory"
