"""What is learnt is on the disk soon, and nothing that was there is lost."""

import logging
from contextlib import closing
from pathlib import Path

import pytest

from antiphon.adapters.engines.markov import learnt_file
from antiphon.adapters.engines.markov.keeper import Keeper, free_name, make_whole
from antiphon.adapters.engines.markov.learner import Learner
from antiphon.adapters.engines.markov.learnt_file import HEADER, Learnt, read, record
from antiphon_models import shelf
from antiphon_models.markov.style import Style
from antiphon_models.markov.table import Table
from players import a_minute_of

TABLE = Table.read(shelf.SHIPPED / "markov" / shelf.TABLE_FILE)
PHRASE = bytes([0, 20, 60, 9, 0, 60])
MOST = 10


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / learnt_file.NAME


def learner() -> Learner:
    return Learner(Style(TABLE), MOST)


def teach(learns: Learner, at: float, seconds: float = 5.0) -> int:
    heard = a_minute_of(1, seconds)
    for number, event in enumerate(heard):
        learns.hear(event, at + 0.1 * number)
    return len(heard)


def test_all_of_a_session_is_there_when_it_ends_and_the_next_goes_on(path: Path) -> None:
    learnt = 0
    for session in range(3):
        learns = learner()
        with closing(Keeper(path, learns, MOST)):
            learnt += teach(learns, 0.0)
        assert read(path).events == learnt
        assert len(read(path).phrases) == session + 1
        assert read(path).trouble == ""


def test_it_is_written_while_the_session_goes_on(path: Path) -> None:
    learns = learner()
    keeper = Keeper(path, learns, MOST, every=0.001)
    learnt = teach(learns, 0.0)
    # A session that is killed never closes its keeper: it is read beside it.
    while read(path).events < learnt:
        assert read(path).trouble == ""
    keeper.close()


def test_what_is_damaged_is_kept_aside_and_told_and_the_rest_counts(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir()
    content = HEADER + record(True, PHRASE) + record(True, PHRASE)[:-1]
    path.write_bytes(content)
    Keeper(path, learner(), MOST).close()
    assert read(path) == Learnt((PHRASE,))
    assert path.with_name("learnt.markov.aside-1").read_bytes() == content
    assert [record.getMessage() for record in caplog.records] == [
        f"{path} is cut short or damaged; it is kept as learnt.markov.aside-1, and 2 events of it still count"
    ]


def test_what_is_of_another_version_is_kept_aside_and_begun_anew(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir()
    path.write_bytes(learnt_file.MAGIC + b"\x09 something new")
    Keeper(path, learner(), MOST).close()
    assert read(path) == Learnt()
    assert len(caplog.records) == 1
    assert "is of another version; it is kept as learnt.markov.aside-1, and it is begun anew" in caplog.text


def test_of_a_file_that_has_grown_long_the_last_phrases_are_kept(path: Path) -> None:
    path.parent.mkdir()
    learnt_file.write(path, [bytes([0, 20, pitch]) for pitch in range(2 * MOST + 1)])
    Keeper(path, learner(), MOST).close()
    assert [phrase[2] for phrase in read(path).phrases] == list(range(MOST + 1, 2 * MOST + 1))


def test_a_second_daemon_does_not_write_into_the_file_of_the_first(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = learner(), learner()
    with closing(Keeper(path, first, MOST, every=0.001)):
        learnt = teach(first, 0.0)
        while read(path).events < learnt:
            pass
        with closing(Keeper(path, second, MOST)):
            teach(second, 0.0)
    assert read(path).events == learnt
    assert "somebody else keeps theirs there" in caplog.text


def test_a_place_that_cannot_be_written_to_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    learns = learner()
    with (
        caplog.at_level(logging.WARNING),
        closing(Keeper(tmp_path / "file" / "x", learns, MOST, every=0.001)),
    ):
        teach(learns, 0.0)
    assert len(caplog.records) == 1
    assert "not kept" in caplog.text


def test_a_name_that_is_taken_is_not_taken_again(tmp_path: Path) -> None:
    path = tmp_path / "learnt"
    for _ in range(2):
        path.touch()
        make_whole(path, Learnt(trouble="is something else"), MOST)
    assert {each.name for each in tmp_path.iterdir()} == {"learnt", "learnt.aside-1", "learnt.aside-2"}
    assert free_name(path).name == "learnt.aside-3"
