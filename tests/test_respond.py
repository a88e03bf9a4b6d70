"""A MIDI file answered with a MIDI file, by the model that ships."""

import logging
from pathlib import Path

import pytest
from mido import MidiFile

from antiphon.adapters.files.reading import read_performance
from antiphon.core.performance import Note, notes_heard
from antiphon.errors import AntiphonError, ConfigurationError, MidiFileError, ModelError
from antiphon.respond import respond
from default_config import loaded
from midi_fixtures import note_off, note_on, pedal, write_scale, write_tracks
from missing import PLOTTING

SHORT = "play.seconds=3"


@pytest.fixture
def question(tmp_path: Path) -> Path:
    return write_scale(tmp_path / "question.mid")


def answer_to(question: Path, *sets: str, name: str = "answer.mid") -> Path:
    """Write one answer, of a few seconds unless something else is asked for, and return its path."""
    [path] = respond(
        loaded(SHORT, "play.seed=1", *sets).config,
        question,
        question.with_name(name),
        1,
        None,
        with_input=False,
    )
    return path


def notes_of(path: Path) -> list[Note]:
    return notes_heard(read_performance(path))


def tracks_of(path: Path) -> dict[str, list[Note]]:
    """Return the notes of each named track, in its own time."""
    score = MidiFile(path)
    parts = {}
    for track in score.tracks:
        alone = MidiFile(type=1, ticks_per_beat=score.ticks_per_beat)
        alone.tracks.append(track)
        alone.save(path.with_suffix(".one-track.mid"))
        parts[track.name] = notes_of(path.with_suffix(".one-track.mid"))
    return parts


def test_the_same_seed_writes_the_same_bytes_and_another_does_not(question: Path) -> None:
    first, again, other = (
        answer_to(question, f"play.seed={seed}", name=f"{number}.mid").read_bytes()
        for number, seed in enumerate((7, 7, 8))
    )
    assert first == again
    assert first != other


def test_without_a_seed_each_answer_is_another(question: Path) -> None:
    answers = [answer_to(question, "play.seed=-1", name=f"{number}.mid").read_bytes() for number in range(2)]
    assert answers[0] != answers[1]


def test_an_answer_begins_at_once_and_all_its_notes_end(question: Path) -> None:
    path = answer_to(question)
    notes = notes_of(path)
    assert notes[0].onset == 0.0
    score = MidiFile(path)
    pressed = sum(message.type == "note_on" for message in score)
    released = sum(message.type == "note_off" for message in score)
    assert pressed == released == len(notes)


def test_several_answers_are_numbered_and_take_the_next_seeds(question: Path, tmp_path: Path) -> None:
    out = tmp_path / "answers.mid"
    paths = respond(loaded(SHORT, "play.seed=4").config, question, out, 3, None, with_input=False)
    assert paths == [tmp_path / f"answers-{number}.mid" for number in (1, 2, 3)]
    assert paths[2].read_bytes() == answer_to(question, "play.seed=6").read_bytes()
    assert len({path.read_bytes() for path in paths}) == 3
    assert not out.exists()


def test_with_the_input_both_parts_have_a_named_track_in_real_time(question: Path, tmp_path: Path) -> None:
    out = tmp_path / "both.mid"
    respond(
        loaded(SHORT, "play.seed=1", "turn.shortest_pause=0.7").config,
        question,
        out,
        1,
        None,
        with_input=True,
    )
    tracks = tracks_of(out)
    assert list(tracks) == ["you", "antiphon"]
    assert tracks["you"] == notes_of(question)
    ending = tracks["you"][-1].release
    assert ending + 0.7 <= tracks["antiphon"][0].onset < ending + 2.1


def test_the_answer_is_the_same_whether_or_not_the_question_is_written_too(
    question: Path, tmp_path: Path
) -> None:
    out = tmp_path / "both.mid"
    respond(loaded(SHORT, "play.seed=1").config, question, out, 1, None, with_input=True)
    with_input = tracks_of(out)["antiphon"]
    alone = notes_of(answer_to(question))
    assert [note.pitch for note in with_input] == [note.pitch for note in alone]


def test_an_answer_stays_in_its_range_and_holds_no_note_too_long(question: Path) -> None:
    sets = ("play.lowest=50", "play.highest=62", "play.longest_note=0.3", "play.temperature=1.5")
    notes = notes_of(answer_to(question, *sets, "play.seconds=8"))
    assert notes
    assert {note.pitch for note in notes} <= set(range(50, 63))
    assert max(note.release - note.onset for note in notes) <= 0.3 + 0.001


def test_a_transposed_answer_is_written_as_it_would_be_sent(question: Path) -> None:
    plain = notes_of(answer_to(question, "play.lowest=40", "play.highest=80"))
    higher = notes_of(answer_to(question, "play.lowest=40", "play.highest=80", "play.transpose=12"))
    assert [note.pitch for note in higher] == [note.pitch + 12 for note in plain]


def test_the_length_that_is_asked_for_is_kept(question: Path) -> None:
    notes = notes_of(answer_to(question, "play.seconds=6", "play.longest_note=1.0"))
    assert notes[-1].onset <= 6.0
    assert max(note.release for note in notes) <= 6.0 + 1.5 + 0.001


def test_pauses_within_the_file_are_not_answered(tmp_path: Path) -> None:
    question = write_tracks(
        tmp_path / "pauses.mid",
        [note_on(60), note_off(60, 480), note_on(62, time=9600), note_off(62, 480), note_on(64, time=9600),
         note_off(64, 480)],
    )  # fmt: skip
    out = tmp_path / "both.mid"
    respond(loaded(SHORT, "play.seed=1").config, question, out, 1, None, with_input=True)
    tracks = tracks_of(out)
    assert len(tracks["you"]) == 3
    assert tracks["antiphon"][0].onset > tracks["you"][-1].release > 20.0


def test_a_file_that_forgets_to_lift_the_pedal_is_answered(tmp_path: Path) -> None:
    question = write_tracks(tmp_path / "held.mid", [pedal(127), note_on(60), note_off(60, 480)])
    assert notes_of(answer_to(question))


def test_a_file_is_answered_also_where_the_daemon_would_only_listen(question: Path) -> None:
    assert answer_to(question, "play.mode=listen").read_bytes() == answer_to(question).read_bytes()


@pytest.mark.parametrize("name", ["picture.svg", "picture.png"])
def test_question_and_answer_are_drawn(question: Path, tmp_path: Path, name: str) -> None:
    pytest.importorskip("matplotlib", reason=PLOTTING)
    picture = tmp_path / name
    respond(loaded(SHORT).config, question, tmp_path / "answer.mid", 2, picture, with_input=False)
    assert picture.stat().st_size > 1000


def test_a_question_that_cannot_be_read_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mid"
    broken.write_bytes(b"MThd")
    with pytest.raises(MidiFileError, match=r"broken\.mid"):
        answer_to(broken)
    with pytest.raises(MidiFileError, match="is not there"):
        answer_to(tmp_path / "missing.mid")
    assert list(tmp_path.iterdir()) == [broken]


def test_an_answer_that_cannot_be_written_is_told(question: Path, tmp_path: Path) -> None:
    with pytest.raises(MidiFileError, match="the folder is not there"):
        respond(loaded(SHORT).config, question, tmp_path / "no" / "answer.mid", 1, None, with_input=False)


@pytest.mark.parametrize(
    ("answer", "plot", "error", "sentence"),
    [
        ("answer.wav", None, ConfigurationError, r"name .*answer\.wav so that it ends in \.mid or \.midi"),
        ("answer", None, ConfigurationError, r"so that it ends in \.mid"),
        ("folder.mid", None, MidiFileError, "there is a folder of that name"),
        ("answer.mid", "roll.pdf", ConfigurationError, r"roll\.pdf; name a file that ends in \.svg or \.png"),
        ("answer.mid", "no/roll.svg", AntiphonError, r"cannot draw .*roll\.svg: the folder is not there"),
    ],
)
def test_a_name_that_is_none_is_refused_before_a_model_is_opened_and_nothing_is_written(
    question: Path, tmp_path: Path, answer: str, plot: str | None, error: type[AntiphonError], sentence: str
) -> None:
    if plot is not None and error is AntiphonError:
        pytest.importorskip("matplotlib", reason=PLOTTING)
    (tmp_path / "folder.mid").mkdir()
    picture = tmp_path / plot if plot else None
    with pytest.raises(error, match=sentence):
        respond(
            loaded("model.name=nowhere").config, question, tmp_path / answer, 1, picture, with_input=False
        )
    assert {path.name for path in tmp_path.iterdir()} == {"folder.mid", question.name}


def test_a_missing_model_is_told_before_anything_is_written(question: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        answer_to(question, "model.name=nowhere")
    assert list(tmp_path.iterdir()) == [question]


def test_a_long_question_is_heard_to_its_end(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Ten minutes with two hundred notes; only what is odd would be logged."""
    notes = [
        message
        for number in range(200)
        for message in (note_on(60 + number % 12, time=2400), note_off(60 + number % 12, 480))
    ]
    question = write_tracks(tmp_path / "long.mid", notes)
    with caplog.at_level(logging.WARNING):
        assert notes_of(answer_to(question))
    assert caplog.records == []
