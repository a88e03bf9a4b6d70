"""Written music, read on the grid of its own beats."""

from pathlib import Path

import numpy as np
import pytest

from midi_fixtures import note_off, note_on, write_tracks
from missing import TRAINING

pytest.importorskip("symusic", reason=TRAINING)

from antiphon_models.rbm.frames import GridNote
from antiphon_models.rbm.scores import SECTION, OffTheGridError, grid_notes, sections_of
from antiphon_models.rbm.spec import STRUCK, RbmSpec

SPEC = RbmSpec(hidden=1)


def test_notes_are_read_in_sixteenths_and_last_one_at_least(tmp_path: Path) -> None:
    path = write_tracks(
        tmp_path / "piece.mid",
        [
            note_on(60),
            note_off(60, time=480),
            note_on(62),
            note_off(62, time=10),
            note_on(64, time=110),
            note_off(64, time=240),
        ],
    )
    assert grid_notes(path) == [GridNote(0, 4, 60), GridNote(4, 5, 62), GridNote(5, 7, 64)]


def test_what_somebody_played_is_refused(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    messages = []
    for gap in random.integers(40, 300, 40).tolist():
        messages += [note_on(60, time=gap), note_off(60, time=37)]
    with pytest.raises(OffTheGridError, match="grid of sixteenths"):
        grid_notes(write_tracks(tmp_path / "played.mid", messages))


def test_what_is_no_music_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OffTheGridError, match="no notes"):
        grid_notes(write_tracks(tmp_path / "empty.mid", []))
    (broken := tmp_path / "broken.mid").write_bytes(b"a song")
    with pytest.raises(OffTheGridError, match="not a readable"):
        grid_notes(broken)


def test_a_piece_is_cut_into_sections_of_eight_bars_each_at_home() -> None:
    scale = (60, 62, 64, 65, 67, 69, 71, 72)
    in_c = [GridNote(2 * step, 2 * step + 2, scale[step % 8]) for step in range(SECTION // 2)]
    in_d = [GridNote(SECTION + begins, SECTION + ends, pitch + 2) for begins, ends, pitch in in_c]
    first, second = sections_of([*in_c, *in_d], SPEC)
    assert (first[:, STRUCK] == second[:, STRUCK]).all()


def test_a_rest_too_short_for_a_window_or_without_a_note_is_no_section() -> None:
    assert sections_of([GridNote(0, 4, 60)], SPEC) == []
    assert len(sections_of([GridNote(0, 4, 60), GridNote(3 * SECTION, 3 * SECTION + 20, 60)], SPEC)) == 2
