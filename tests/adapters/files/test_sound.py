"""Music made to sound by a program that may or may not be there."""

import shutil
import stat
import wave
from pathlib import Path

import pytest

from antiphon.adapters.files.sound import (
    PROGRAM,
    RATE,
    Synthesizer,
    check_that_it_can_sound,
    find_synthesizer,
)
from antiphon.adapters.files.writing import NamedPart, part_played
from antiphon.core.commands import PlayNote, ReleaseNote
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import AntiphonError

C = Pitch(60)


def a_note() -> NamedPart:
    return part_played("antiphon", [PlayNote(0.0, C, Velocity(90)), ReleaseNote(0.5, C)])


def program(folder: Path, script: str = "exit 0") -> str:
    """Make a program of that name, and return the folder that it is in, as a search path."""
    path = folder / PROGRAM
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(folder)


def font(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.touch()
    return path


def test_without_the_program_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(AntiphonError, match="nothing sounds without fluidsynth; install it"):
        find_synthesizer(search=str(tmp_path))


def test_without_a_sound_font_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").touch()
    with pytest.raises(AntiphonError, match="no sound font; install one"):
        find_synthesizer([str(tmp_path / "nowhere"), str(tmp_path)], search=program(tmp_path))


def test_the_default_font_of_the_first_folder_that_has_one_is_taken(tmp_path: Path) -> None:
    empty, first, second = (tmp_path / name for name in ("empty", "first", "second"))
    empty.mkdir()
    font(first, "a.SF2")
    default = font(first, "default-GM.sf3")
    font(second, "default.sf2")
    folders = [str(folder) for folder in (empty, first, second)]
    assert find_synthesizer(folders, search=program(tmp_path)).font == default


def test_a_program_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    search = program(tmp_path, "echo one >&2; echo 'the font is broken' >&2; exit 1")
    synthesizer = Synthesizer(f"{search}/{PROGRAM}", tmp_path / "any.sf2")
    with pytest.raises(AntiphonError, match="made no sound: the font is broken"):
        synthesizer.write(tmp_path / "out.wav", [a_note()])
    assert not (tmp_path / "out.wav").exists()


def test_a_program_that_writes_nothing_is_no_success(tmp_path: Path) -> None:
    synthesizer = Synthesizer(f"{program(tmp_path)}/{PROGRAM}", tmp_path / "any.sf2")
    with pytest.raises(AntiphonError, match="does not say why"):
        synthesizer.write(tmp_path / "out.wav", [a_note()])


def test_a_file_that_cannot_be_written_is_refused_beforehand(tmp_path: Path) -> None:
    with pytest.raises(AntiphonError, match="the folder is not there; name another file"):
        check_that_it_can_sound(tmp_path / "nowhere" / "out.wav")


@pytest.mark.skipif(shutil.which(PROGRAM) is None, reason="FluidSynth is not installed")
def test_a_note_sounds_and_dies_away(tmp_path: Path) -> None:
    try:
        synthesizer = find_synthesizer()
    except AntiphonError as error:
        pytest.skip(str(error))
    synthesizer.write(tmp_path / "out.wav", [a_note()])
    with wave.open(str(tmp_path / "out.wav")) as sound:
        assert sound.getframerate() == RATE
        frames = sound.readframes(sound.getnframes())
    assert len(frames) / 4 / RATE > 0.5
    assert max(frames) > 0
