"""A model learns from a player's recordings, and what it knew is measured too."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from missing import TRAINING

pytest.importorskip("keras", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

import keras

from antiphon_models.errors import CorpusError
from antiphon_models.network import build
from antiphon_models.notes.dataset import Dataset
from antiphon_models.notes.prepare import prepare
from antiphon_models.notes.sources import Source, sources
from antiphon_models.spec import Spec
from antiphon_models.training.finetuning import FEWEST_MINUTES, Outcome, finetune, held_out_some
from antiphon_models.training.origins import Origin, find
from antiphon_models.training.recipe import GENTLE
from antiphon_models.training.runs import MUSIC, WEIGHTS, Music, OtherMusicError, RunError, describe
from antiphon_models.training.train import InterruptedRun, Report
from antiphon_models.training.weights import load_weights
from small_corpus import write_piece
from trained_runs import leave_a_run

QUICK = replace(GENTLE, lanes=4, window=16, steps=6, learning_rate=0.02, warm_up=2)


class Onlooker:
    """Lets a run go on for so many steps."""

    def __init__(self, steps: int = 1_000_000) -> None:
        self.left = steps

    def see(self, report: Report) -> None:
        self.left -= 1

    def wants_it_to_stop(self) -> bool:
        return self.left == 0


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Origin:
    keras.utils.set_random_seed(1)
    network = build(Spec(units=8, layers=1))
    return find(str(leave_a_run(network, tmp_path_factory.mktemp("origin") / "run")))


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four of a little less than four minutes each, and one that is none."""
    folder = tmp_path_factory.mktemp("sessions")
    for seed in range(4):
        write_piece(folder / f"{seed}.mid", seed, notes=900)
    (folder / "broken.mid").write_bytes(b"a song")
    return folder


def learn(
    origin: Origin, recordings: Path, out: Path, keep: Path | None = None, steps: int = 1_000_000
) -> Outcome:
    found = list(sources(recordings))
    _, outcome = finetune(origin, found, ["a player"], keep, QUICK, out, Onlooker(steps))
    return outcome


def weights(folder: Path) -> list[npt.NDArray[np.float32]]:
    network = build(Spec(units=8, layers=1))
    load_weights(network, folder / WEIGHTS)
    return [np.asarray(weight) for weight in network.get_weights()]


@pytest.fixture(scope="module")
def mine(origin: Origin, recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    """A run that is over, and what came of it."""
    folder = tmp_path_factory.mktemp("runs") / "my run"
    return folder, learn(origin, recordings, folder)


def test_it_gets_better_at_the_players_music_and_says_what_it_knew(mine: tuple[Path, Outcome]) -> None:
    folder, outcome = mine
    before, after = outcome.own
    assert after.bits_per_event < before.bits_per_event
    assert outcome.minutes >= FEWEST_MINUTES
    assert "improvised" in outcome.knew_from
    assert outcome.left_out == {"not a readable MIDI file": 1}
    written = (folder / "before-and-after.json").read_bytes()
    assert msgspec.json.decode(written, type=Outcome) == outcome
    notes = Dataset.open(folder / "notes")
    assert (len(notes.pieces("train")), len(notes.pieces("valid"))) == (3, 1)


def test_it_ends_half_way_between_the_old_weights_and_the_new(
    origin: Origin, mine: tuple[Path, Outcome]
) -> None:
    with np.load(mine[0] / "checkpoint.npz") as kept:
        new = [kept[f"network/{index}"] for index in range(len(weights(origin.weights.parent)))]
    old, mean = weights(origin.weights.parent), weights(mine[0])
    for before, after, between in zip(old, new, mean, strict=True):
        np.testing.assert_allclose(between, (before + after) / 2, atol=1e-6)


def test_what_was_interrupted_goes_on_and_what_is_over_stays_as_it_is(
    origin: Origin, recordings: Path, mine: tuple[Path, Outcome], tmp_path: Path
) -> None:
    whole = mine[1]
    with pytest.raises(InterruptedRun):
        learn(origin, recordings, tmp_path / "parts", steps=2)
    with pytest.raises(RunError, match="has come to no weights yet; repeat its command"):
        describe(tmp_path / "parts")
    for _ in range(2):
        parts = learn(origin, recordings, tmp_path / "parts")
        assert parts.own[1].bits_per_event == pytest.approx(whole.own[1].bits_per_event, abs=1e-4)
        assert parts.knew[1].bits_per_event == pytest.approx(whole.knew[1].bits_per_event, abs=1e-4)


def test_everybody_is_credited_once_also_when_it_goes_on_a_second_time(
    mine: tuple[Path, Outcome], recordings: Path, tmp_path: Path
) -> None:
    with pytest.raises(InterruptedRun):
        learn(find(str(mine[0])), recordings, tmp_path / "second", steps=1)
    for folder in (mine[0], tmp_path / "second"):
        music = msgspec.json.decode((folder / MUSIC).read_bytes(), type=Music)
        assert music.credits == ["somebody", "a player"]
        assert not music.is_shippable
        assert music.fingerprint == Dataset.open(folder / "notes").manifest.fingerprint


def test_another_recording_is_refused_and_leaves_the_notes_of_a_finished_run(
    origin: Origin, mine: tuple[Path, Outcome], recordings: Path, tmp_path: Path
) -> None:
    def contents() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in mine[0].rglob("*") if path.is_file()}

    before = contents()
    shutil.copytree(recordings, tmp_path / "sessions")
    write_piece(tmp_path / "sessions" / "one more.mid", 99, notes=900)
    with pytest.raises(OtherMusicError, match=r"train into another folder with --from '.*my run'"):
        learn(origin, tmp_path / "sessions", mine[0])
    assert contents() == before


def test_it_rehearses_the_notes_that_it_is_to_keep(origin: Origin, recordings: Path, tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    for seed in (11, 12, 13):
        write_piece(tmp_path / "music" / f"{seed}.mid", seed)
    lists = {"train": ["11.mid", "12.mid"], "valid": ["13.mid"]}
    (tmp_path / "music" / "splits.json").write_text(json.dumps(lists))
    prepare(sources(tmp_path / "music"), tmp_path / "notes", ["nobody"], workers=1)
    outcome = learn(origin, recordings, tmp_path / "mine", keep=tmp_path / "notes")
    assert outcome.knew_from == "the music that it is to keep"
    assert not (tmp_path / "mine" / "improvised.npz").exists()


def test_too_little_playing_is_told_in_a_sentence(origin: Origin, tmp_path: Path) -> None:
    (tmp_path / "sessions").mkdir()
    for seed in range(2):
        write_piece(tmp_path / "sessions" / f"{seed}.mid", seed, notes=240)
    with pytest.raises(
        CorpusError, match=r"there are 1\.0 minutes of playing to learn from and it takes 10; .* same command"
    ):
        learn(origin, tmp_path / "sessions", tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


def test_a_single_recording_leaves_nothing_to_measure_on(origin: Origin, tmp_path: Path) -> None:
    (tmp_path / "sessions").mkdir()
    write_piece(tmp_path / "sessions" / "long.mid", 1, notes=2600)
    with pytest.raises(CorpusError, match="all is in one recording and none is left to measure on"):
        learn(origin, tmp_path / "sessions", tmp_path / "mine")


def found(count: int) -> list[Source]:
    return [Source(f"{number}.mid".encode(), f"{number}.mid", size=100 + number) for number in range(count)]


@pytest.mark.parametrize(("count", "held_out"), [(1, []), (2, [0]), (3, [1]), (8, [3]), (20, [3, 11, 19])])
def test_of_few_recordings_one_of_middling_length_is_held_out(count: int, held_out: list[int]) -> None:
    placed = held_out_some(found(count))
    assert [number for number, source in enumerate(placed) if source.listed == "valid"] == held_out


def test_lists_are_followed_where_there_are_some() -> None:
    listed = [replace(source, listed="test") for source in found(3)]
    assert held_out_some(listed) == listed
