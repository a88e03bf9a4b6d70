import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from antiphon.adapters.rolls.picture import ANSWER_COLOUR, QUESTION_COLOUR, plot
from antiphon.core.performance import Note
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import AntiphonError

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


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AntiphonError, match=r"name a file that ends in \.svg or \.png"):
        plot(tmp_path / "roll.bmp", QUESTION, ANSWER)


def test_a_missing_folder_is_told_in_one_sentence(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need matplotlib")
    with pytest.raises(AntiphonError, match="the folder is not there"):
        plot(tmp_path / "none" / "roll.svg", QUESTION, ANSWER)


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
    assert "install it with: pip install 'antiphon[plot]'" in said
