"""Pieces written out of nothing, or out of a mood, by the model that ships and by engines of a few lines."""

import math
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import correlation, fmean
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.engines.kinds import Maker, maker_of
from antiphon.adapters.files.reading import read_performance
from antiphon.adapters.files.sound import FOLDERS
from antiphon.compose import (
    LENGTH,
    PAUSE,
    Order,
    Score,
    commands_of,
    compose,
    improvised,
    in_key,
    joined,
    key_asked,
    key_drawn,
    renumbered,
)
from antiphon.core.keys import Key, key_named, scale_in
from antiphon.core.performance import Note, notes_heard, notes_played
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import ConfigurationError, MidiFileError
from antiphon_models.profiles import MAJOR, MINOR
from default_config import loaded
from default_settings import settings
from missing import PLOTTING
from uniform_engine import UniformEngine

SHORT = "play.seconds=3"

VALENCE, AROUSAL = 0, 1
CORNERS = ((-1, -1), (-1, 1), (1, -1), (1, 1))


def written(tmp_path: Path, *sets: str, **order: Any) -> list[Path]:
    output = order.pop("output", tmp_path / "piece.mid")
    return compose(loaded(SHORT, "play.seed=1", *sets).config, Order(output, **order))


def notes_of(path: Path) -> list[Note]:
    return notes_heard(read_performance(path))


def test_the_same_seed_writes_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    first, again, other = (
        written(tmp_path, f"play.seed={seed}", output=tmp_path / f"{number}.mid")[0].read_bytes()
        for number, seed in enumerate((7, 7, 8))
    )
    assert first == again
    assert first != other


def test_a_piece_begins_at_once_and_lasts_about_as_long_as_is_asked_for(tmp_path: Path) -> None:
    notes = notes_of(written(tmp_path)[0])
    assert notes[0].onset == 0.0
    assert 1.0 < max(note.release for note in notes) < 5.0


def test_without_a_length_it_is_half_a_minute() -> None:
    notes = notes_played(improvised(UniformEngine(), settings()))
    assert 0.6 * LENGTH < notes[-1].onset < LENGTH


def test_several_pieces_are_numbered_and_take_the_next_seeds(tmp_path: Path) -> None:
    paths = written(tmp_path, "play.seed=4", outputs=2)
    assert [path.name for path in paths] == ["piece-1.mid", "piece-2.mid"]
    [second] = written(tmp_path, "play.seed=5", output=tmp_path / "second.mid")
    assert paths[1].read_bytes() == second.read_bytes()


def test_pieces_that_are_joined_follow_each_other_after_a_pause(tmp_path: Path) -> None:
    apart = [notes_of(path) for path in written(tmp_path, outputs=2)]
    [path] = written(tmp_path, outputs=2, join=True, output=tmp_path / "both.mid")
    both = notes_of(path)
    assert len(both) == sum(map(len, apart))
    second = both[len(apart[0])]
    assert second.onset == pytest.approx(max(note.release for note in apart[0]) + PAUSE, abs=0.01)


def test_a_mood_is_heard(tmp_path: Path) -> None:
    calm, furious = (
        notes_of(written(tmp_path, f"play.mood={mood}", output=tmp_path / f"{mood}.mid")[0])
        for mood in ("calm", "furious")
    )
    assert len(furious) > len(calm)
    assert max(note.velocity for note in calm) < max(note.velocity for note in furious)


def test_density_and_loudness_tell_arousal_and_major_and_minor_valence() -> None:
    """As benchmarks/moods.py does with far more, and with questions."""
    maker = maker_of(loaded().config)
    pieces: dict[tuple[int, int], list[list[Note]]] = {
        corner: [in_mood(maker, corner, seed) for seed in range(5)] for corner in CORNERS
    }

    def ranked(measure: Callable[[list[Note]], float], side: int) -> float:
        more, less = (
            [measure(piece) for corner in CORNERS if corner[side] == sign for piece in pieces[corner]]
            for sign in (1, -1)
        )
        return fmean(high > low for high in more for low in less)

    assert ranked(lambda notes: len(notes) / max(note.release for note in notes), AROUSAL) >= 0.9
    assert ranked(lambda notes: fmean(note.velocity for note in notes), AROUSAL) >= 0.9
    assert ranked(lambda notes: likeness_to(notes, MAJOR) - likeness_to(notes, MINOR), VALENCE) >= 0.75


def in_mood(maker: Maker, corner: tuple[int, int], seed: int) -> list[Note]:
    wanted = settings(play={"mood": f"{corner[0]},{corner[1]}", "seconds": 5.0})
    return notes_played(improvised(maker.make(seed), in_key(wanted, key_drawn(wanted, seed))))


def likeness_to(notes: list[Note], profile: Sequence[float]) -> float:
    """Return the highest correlation of the pitch classes with a profile on any tonic."""
    counts = Counter(note.pitch % 12 for note in notes)
    shares = [float(counts[pitch_class]) for pitch_class in range(12)]
    return max(correlation(shares, [*profile[-tonic:], *profile[:-tonic]]) for tonic in range(12))


@pytest.mark.parametrize("seed", range(3))
def test_a_full_lock_holds_every_note_to_the_key(tmp_path: Path, seed: int) -> None:
    sets = ("guide.lock=1", "play.seconds=8", f"play.seed={seed}", "guide.scale=dorian")
    notes = notes_of(written(tmp_path, *sets, key="F#m")[0])
    key = key_named("F# minor")
    assert key is not None
    assert {note.pitch % 12 for note in notes} <= scale_in(key, "dorian")


def test_a_lock_without_a_key_takes_one(tmp_path: Path) -> None:
    notes = notes_of(written(tmp_path, "guide.lock=1")[0])
    key = key_drawn(settings(guide={"lock": 1.0}), 1)
    assert key is not None
    assert {note.pitch % 12 for note in notes} <= scale_in(key, "key")


def test_a_key_is_asked_for_in_short_and_the_mood_says_the_mode() -> None:
    assert key_asked("D", settings()) == Key(2, is_minor=False)
    assert key_asked("D", settings(play={"mood": "sad"})) == Key(2, is_minor=True)
    assert key_asked("D major", settings(play={"mood": "sad"})) == Key(2, is_minor=False)
    assert key_asked("", settings(guide={"key": "E minor"})) == Key(4, is_minor=True)
    assert key_asked("", settings()) is None


def test_out_of_nothing_a_key_is_drawn_where_the_mood_needs_one() -> None:
    sad = settings(play={"mood": "sad"})
    drawn = [key_drawn(sad, seed) for seed in range(40)]
    assert all(key is not None and key.is_minor for key in drawn)
    assert len(set(drawn)) > 6
    assert key_drawn(sad, 3) == drawn[3]
    assert key_drawn(settings(play={"mood": "0,1"}), 3) is None
    assert key_drawn(settings(), 3) is None


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ({"output": Path("piece.txt")}, "ends in .mid or .abc"),
        ({"output": Path("piece.mid"), "midi": Path("other.mid")}, "--midi goes with an .abc file"),
        ({"output": Path("piece.mid"), "meter": "6/8"}, "--meter goes with an .abc file"),
        ({"output": Path("piece.abc"), "midi": Path("other.wav")}, "--midi is a MIDI file"),
        ({"output": Path("piece.mid"), "key": "H"}, '--key "H" is no key'),
        ({"output": Path("piece.mid"), "plot": Path("piece.pdf")}, "piece.pdf"),
        ({"output": Path("piece.abc"), "meter": "5/17"}, "5/17"),
    ],
)
def test_what_cannot_be_written_is_told_in_a_sentence(
    tmp_path: Path, order: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match=told):
        written(tmp_path, **order)
    assert [*tmp_path.iterdir()] == []


def test_a_folder_that_is_not_there_is_told_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(MidiFileError, match="the folder is not there"):
        written(tmp_path, output=tmp_path / "nowhere" / "piece.mid")


def test_a_piece_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason=PLOTTING)
    picture = tmp_path / "piece.svg"
    written(tmp_path, plot=picture)
    assert "antiphon" in picture.read_text()


def test_what_is_played_can_be_written_down_as_text(tmp_path: Path) -> None:
    text, midi = tmp_path / "piece.abc", tmp_path / "as-well.mid"
    assert written(tmp_path, output=text, midi=midi, key="Em") == [text, midi]
    assert "K:Em\n" in text.read_text()
    assert notes_of(midi) == notes_of(written(tmp_path, key="Em")[0])


def test_in_a_meter_its_top_line_is_written_down_in_bars(tmp_path: Path) -> None:
    [path] = written(tmp_path, output=tmp_path / "piece.abc", key="Em", meter="6/8")
    text = path.read_text()
    assert "M:6/8\n" in text
    assert "K:Em\n" in text
    assert "|" in text.partition("K:")[2]


@pytest.mark.skipif(shutil.which("fluidsynth") is None, reason="FluidSynth is not installed")
def test_it_is_made_to_sound(tmp_path: Path) -> None:
    if not any(Path(folder).is_dir() for folder in FOLDERS):
        pytest.skip("there is no sound font")
    paths = written(tmp_path, "play.seconds=1", wav=True)
    assert [path.name for path in paths] == ["piece.mid", "piece.wav"]
    assert paths[1].stat().st_size > 44_100


def test_texts_that_are_joined_are_told_apart_by_their_numbers() -> None:
    tune = "X:7\nT:a\nK:D\nDEF|\n"
    assert joined([Score([], tune), Score([], tune)]).text == ("X:1\nT:a\nK:D\nDEF|\n\nX:2\nT:a\nK:D\nDEF|\n")
    assert renumbered("T:X: marks the spot\nX:1\n", 3) == "T:X: marks the spot\nX:3\n"


@given(
    notes=st.lists(
        st.builds(
            Note,
            st.floats(0, 10),
            st.just(math.inf),
            st.integers(0, 127).map(Pitch),
            st.integers(1, 127).map(Velocity),
        ),
        max_size=20,
        unique_by=lambda note: note.pitch,
    )
)
def test_notes_become_what_is_sent_to_play_them(notes: list[Note]) -> None:
    lasting = [Note(note.onset, note.onset + 0.5, note.pitch, note.velocity) for note in notes]
    assert notes_played(commands_of(lasting)) == sorted(lasting, key=lambda note: (note.onset, note.pitch))
