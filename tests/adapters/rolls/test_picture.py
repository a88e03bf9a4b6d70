import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from antiphon.adapters.rolls.picture import ANSWER_COLOUR, QUESTION_COLOUR, ending_of, plot
from antiphon.core.performance import Note
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import AntiphonError, ConfigurationError
from antiphon_models.typed import pip_install
from small_disk import fill, small_disk

QUESTION = [Note(n / 4, n / 4 + 0.2, Pitch(60 + n), Velocity(20 + 10 * n)) for n in range(8)]
ANSWER = [Note(2 + n / 4, 2.2 + n / 4, Pitch(67 - n), Velocity(90 - 10 * n)) for n in range(8)]


def test_the_same_notes_give_the_same_svg_with_both_colours_and_names(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need matplotlib")
    plot(tmp_path / "a.svg", QUESTION, ANSWER)
    plot(tmp_path / "b.svg", QUESTION, ANSWER)
    picture = (tmp_path / "a.svg").read_text()
    assert picture == (tmp_path / "b.svg").read_text()
    ElementTree.fromstring(picture)
    for drawn in (QUESTION_COLOUR.lower(), ANSWER_COLOUR.lower(), ">you<", ">antiphon<", ">seconds<", ">C4<"):
        assert drawn in picture
    assert "<dc:date>" not in picture


def test_a_png_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need matplotlib")
    plot(tmp_path / "roll.PNG", QUESTION, ANSWER)
    assert (tmp_path / "roll.PNG").read_bytes().startswith(b"\x89PNG")


def test_silence_is_drawn_as_well(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need matplotlib")
    plot(tmp_path / "silence.svg", [], [])
    plot(tmp_path / "question.svg", QUESTION[:1], [])


def test_of_a_long_question_the_ending_is_drawn_twice_as_long_as_the_answer() -> None:
    long = [Note(float(n), n + 0.9, Pitch(60), Velocity(64)) for n in range(600)]
    held = Note(0.0, 600.0, Pitch(36), Velocity(64))
    answer = [Note(601.0, 605.0, Pitch(67), Velocity(64)), Note(605.0, 611.0, Pitch(69), Velocity(64))]
    drawn = ending_of([held, *long], answer)
    assert drawn[0] == Note(580.0, 600.0, Pitch(36), Velocity(64))
    assert drawn[1:] == long[580:]


def test_a_question_of_the_length_of_its_answer_is_drawn_whole_and_so_is_one_without_an_answer() -> None:
    assert ending_of(QUESTION, ANSWER) == QUESTION
    assert ending_of(QUESTION, []) == QUESTION
    assert ending_of([], ANSWER) == []


def test_of_the_question_of_a_single_note_something_is_seen() -> None:
    question = [Note(n / 2, n / 2 + 0.4, Pitch(60), Velocity(64)) for n in range(60)]
    assert len(ending_of(question, [Note(31.0, 31.1, Pitch(60), Velocity(64))])) == 8


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"name a file that ends in \.svg or \.png"):
        plot(tmp_path / "roll.bmp", QUESTION, ANSWER)


def test_a_missing_folder_is_told_in_one_sentence(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need matplotlib")
    with pytest.raises(AntiphonError, match="the folder is not there"):
        plot(tmp_path / "none" / "roll.svg", QUESTION, ANSWER)


def test_a_full_disk_leaves_no_empty_picture(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need matplotlib")
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        fill(disk)
        with pytest.raises(AntiphonError, match=r"cannot draw .*: there is no space left"):
            plot(disk / "roll.png", QUESTION, ANSWER)
        assert not (disk / "roll.png").exists()


def test_without_matplotlib_the_message_says_what_to_install(tmp_path: Path) -> None:
    # A folder that goes before the installed packages and holds a matplotlib that cannot be imported.
    (tmp_path / "matplotlib.py").write_text("raise ImportError('not here')")
    script = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
from pathlib import Path
from antiphon.adapters.rolls.picture import plot
from antiphon.errors import AntiphonError
try:
    plot(Path("roll.svg"), [], [])
except AntiphonError as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert f"run `{pip_install('antiphon[plot]')}`" in said
