"""Phrases by name: the files of a folder and nothing else."""

import logging
from pathlib import Path

import pytest

from antiphon.adapters.files.phrase_book import MOST_EVENTS, PhraseBook, ending_of
from antiphon.core.engine import MusicEvent
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import RequestError
from midi_fixtures import write_scale


def test_a_phrase_is_found_by_the_name_of_its_file(tmp_path: Path) -> None:
    write_scale(tmp_path / "hello.mid")
    book = PhraseBook.read(tmp_path)
    assert book.names == ("hello",)
    assert book.phrase("hello") == book.phrase("hello.mid")
    assert sum(event.velocity > 0 for event in book.phrase("hello")) > 3


@pytest.mark.parametrize("name", ["", "nowhere", "../hello", "/etc/passwd", "hello.mid.mid", "x" * 500])
def test_no_other_file_can_be_named(tmp_path: Path, name: str) -> None:
    write_scale(tmp_path / "hello.mid")
    (tmp_path / "inner").mkdir()
    book = PhraseBook.read(tmp_path / "inner")
    with pytest.raises(RequestError, match="there are: none at all") as told:
        book.phrase(name)
    assert len(str(told.value)) < 200


def test_a_folder_that_is_not_there_holds_none_and_a_file_that_is_no_music_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert PhraseBook.read(tmp_path / "nowhere").names == ()
    assert caplog.records == []
    (tmp_path / "noise.mid").write_bytes(b"no music")
    assert PhraseBook.read(tmp_path).names == ()
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert "noise.mid" in record.getMessage()


def test_of_a_long_phrase_the_end_counts_without_releases_of_what_began_before() -> None:
    long = tuple(
        MusicEvent(0.1, Velocity(velocity), Pitch(20 + number % 80))
        for number in range(MOST_EVENTS)
        for velocity in (80, 0)
    )[1:]
    kept = ending_of(long)
    assert kept[0].velocity > 0 or len(kept) == MOST_EVENTS
    sounding: set[int] = set()
    for event in kept:
        if event.velocity:
            sounding.add(event.pitch)
        else:
            sounding.remove(event.pitch)
    assert sounding == set()
    assert ending_of(long[:10]) == long[:10]
