"""All of an evaluation, on music that is small enough to be measured within a test."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from missing import TRAINING

pytest.importorskip("tensorflow", reason=TRAINING)
pytest.importorskip("symusic", reason=TRAINING)

from antiphon_export.evaluation.continuations import ANSWER, QUESTION
from antiphon_export.evaluation.evaluating import Wanted, evaluated
from antiphon_export.evaluation.evaluation import FROM_THE_REST, FROM_THE_TRAIN_SPLIT
from antiphon_export.measure import measure
from antiphon_models.network import EventNetwork
from antiphon_models.notes.pieces import read_piece
from antiphon_models.stages import Progress, on_the_terminal
from small_corpus import write_piece

LONG_ENOUGH = (QUESTION + ANSWER) // 2


def music(folder: Path, notes: int) -> Path:
    """Write two pieces to learn from and two that are held out."""
    folder.mkdir()
    names = [f"{number}.mid" for number in range(4)]
    for number, name in enumerate(names):
        write_piece(folder / name, seed=number, notes=notes)
    (folder / "splits.json").write_text(json.dumps({"train": names[:2], "test": names[2:]}))
    return folder


def test_a_model_is_measured_beside_baselines_and_continues_what_it_never_heard(
    tmp_path: Path, float_file: Path, network: EventNetwork
) -> None:
    folder = music(tmp_path / "music", LONG_ENOUGH)
    stages: list[str] = []

    @contextmanager
    def stage(name: str) -> Iterator[Progress]:
        stages.append(name)
        yield lambda done, of: None

    found = evaluated(Wanted(folder, str(float_file), "test", answers=1), stage)
    held_out = [read_piece(folder / "2.mid"), read_piece(folder / "3.mid")]
    evaluation = found.evaluation
    assert (evaluation.split, evaluation.pieces, evaluation.events) == ("test", 2, 2 * (2 * LONG_ENOUGH - 1))
    expected = measure(float_file, network.spec, held_out)
    assert evaluation.bits.bits_per_event == pytest.approx(expected.bits_per_event)
    assert set(evaluation.baselines) == {"frequencies", "markov1", "markov2", "markov3"}
    assert evaluation.baselines_learnt_from == FROM_THE_TRAIN_SPLIT
    assert evaluation.judgement is not None
    assert evaluation.judgement.model.continuations == 2
    assert evaluation.judgement.model.runs is not None
    assert [example.name for example in found.examples] == evaluation.judgement.pieces
    assert evaluation.remarks == []
    assert stages == [
        "reading the music",
        "measuring the model",
        "measuring the baselines",
        "continuing pieces",
    ]


def test_what_cannot_be_done_is_remarked(tmp_path: Path, float_file: Path) -> None:
    folder = music(tmp_path / "music", notes=20)
    short = evaluated(Wanted(folder, str(float_file)), on_the_terminal()).evaluation
    assert short.baselines_learnt_from == FROM_THE_REST
    assert short.judgement is None
    assert short.remarks == ["no piece was continued, for none has 400 events in which something sounds"]
    for name in ("1.mid", "2.mid", "3.mid", "splits.json"):
        (folder / name).unlink()
    alone = evaluated(Wanted(folder, str(float_file), answers=0), on_the_terminal()).evaluation
    assert alone.baselines == {}
    assert alone.remarks == [
        "there are no baselines, for one piece leaves nothing to learn from; name notes with --train"
    ]


def test_copies_are_not_looked_for_where_it_is_not_known_what_was_learnt(
    tmp_path: Path, float_file: Path
) -> None:
    folder = music(tmp_path / "music", LONG_ENOUGH)
    evaluation = evaluated(Wanted(folder, str(float_file), "all", answers=1), on_the_terminal()).evaluation
    assert evaluation.judgement is not None
    assert evaluation.judgement.model.runs is None
    assert evaluation.remarks == [
        "copied notes were not looked for; name the notes that the model learnt from with --train"
    ]


def test_the_network_of_the_articles_is_trained_for_as_long_as_asked(
    tmp_path: Path, float_file: Path
) -> None:
    folder = music(tmp_path / "music", notes=500)
    wanted = Wanted(folder, str(float_file), "test", answers=0, article_minutes=0.001)
    article = evaluated(wanted, on_the_terminal()).evaluation.article
    assert article is not None
    assert article.bits_per_note > 1.0
    assert article.parameters > 2_000_000
    alone = evaluated(
        Wanted(folder, str(float_file), "all", answers=0, article_minutes=1.0), on_the_terminal()
    ).evaluation
    assert alone.article is None
    assert alone.remarks == [
        "the network of the articles was not trained; name notes that it may learn from with --train"
    ]
