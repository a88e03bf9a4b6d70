"""A run on text: what it leaves, and that it goes on."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("tensorflow", reason=TRAINING)

from antiphon_models.training.curves import read_curve
from antiphon_models.training.runs import WEIGHTS, RunError, family_of, spec_of, told_of
from antiphon_models.training.train import InterruptedRun, Report
from antiphon_models.tunes.spec import CharSpec
from antiphon_models.tunes.texts import texts_of
from antiphon_models.tunes.train import OF_THE_ARTICLES, train_on_text
from small_tunes import folder_of_tunes

QUICK = replace(OF_THE_ARTICLES, lanes=4, window=16, steps=6, steps_between_lines=1)


class Onlooker:
    def __init__(self, stops_after: int | None = None) -> None:
        self.seen: list[Report] = []
        self._stops_after = stops_after

    def see(self, report: Report) -> None:
        self.seen.append(report)

    def wants_it_to_stop(self) -> bool:
        return len(self.seen) == self._stops_after


def train(music: Path, folder: Path, onlooker: Onlooker, **shape: Any) -> None:
    texts = texts_of(music)
    spec = CharSpec(texts.alphabet, texts.are_tunes, **({"embedding": 4, "units": 8, "layers": 1} | shape))
    train_on_text(texts, spec, QUICK, ["somebody"], folder, onlooker)


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    (music := tmp_path / "music").mkdir()
    folder_of_tunes(music)
    train(music, tmp_path / "whole", Onlooker())
    with pytest.raises(InterruptedRun):
        train(music, tmp_path / "stopped", Onlooker(stops_after=3))
    train(music, tmp_path / "stopped", Onlooker())
    whole, stopped = (
        [line.get("bits_per_event") for line in read_curve(tmp_path / name)] for name in ("whole", "stopped")
    )
    assert whole == stopped
    assert (tmp_path / "whole" / WEIGHTS).is_file()


def test_its_folder_says_what_it_is(tmp_path: Path) -> None:
    (music := tmp_path / "music").mkdir()
    folder_of_tunes(music)
    train(music, tmp_path / "run", Onlooker())
    assert family_of(tmp_path / "run") == "char"
    assert spec_of(tmp_path / "run", CharSpec).units == 8
    assert told_of(tmp_path / "run")[1].credits == ["somebody"]
    with pytest.raises(RunError, match="units 8 and not 9"):
        train(music, tmp_path / "run", Onlooker(), units=9)
