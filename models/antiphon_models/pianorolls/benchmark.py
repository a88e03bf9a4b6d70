"""The benchmark of Boulanger-Lewandowski, Bengio and Vincent (2012): two corpora with their published splits.

Trains by a fixed recipe, chosen on the valid lists, and measures the test lists; a finished run is kept and
only measured again. It does not print.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from antiphon_models.pianorolls.frames import RollError, read_rolls
from antiphon_models.pianorolls.measure import NatsPerFrame, nats_of, nats_per_frame
from antiphon_models.pianorolls.pupil import Forgetting
from antiphon_models.pianorolls.training import Course, Report, trained
from antiphon_models.training.recipe import Recipe

CorpusName = Literal["nottingham", "jsb"]


class Corpus(msgspec.Struct, frozen=True):
    """A file, how its rolls are learnt, and the test nats per frame that others have published."""

    title: str
    file: str
    course: Course
    published: dict[str, float]


class Result(msgspec.Struct, frozen=True):
    """What a trained network measures on one corpus, in nats per frame."""

    corpus: CorpusName
    parameters: int
    valid: NatsPerFrame
    test: NatsPerFrame


LSTM = "LSTM (Bai, Kolter and Koltun 2018)"
TCN = "TCN (Bai, Kolter and Koltun 2018)"
RNN_RBM = "RNN-RBM (Boulanger-Lewandowski, Bengio and Vincent 2012)"
RNN_NADE = "RNN-NADE (Boulanger-Lewandowski, Bengio and Vincent 2012)"

CORPORA: dict[CorpusName, Corpus] = {
    "nottingham": Corpus(
        "Nottingham",
        "Nottingham.mat",
        Course(
            Recipe(lanes=16, window=100, steps=2500, learning_rate=4e-3, warm_up=50, weight_decay=0.01),
            Forgetting(into=0.05, between=0.1, out=0.1, recurrent=0.05, heads=0.1),
        ),
        {LSTM: 3.29, TCN: 3.07, RNN_RBM: 2.39, RNN_NADE: 2.31},
    ),
    "jsb": Corpus(
        "JSB chorales",
        "JSB_Chorales.mat",
        Course(
            Recipe(lanes=16, window=100, steps=1500, learning_rate=5e-3, warm_up=50, weight_decay=0.02),
            Forgetting(into=0.15, between=0.3, out=0.3, recurrent=0.15, heads=0.25),
        ),
        {LSTM: 8.45, TCN: 8.10, RNN_RBM: 6.27, RNN_NADE: 5.56},
    ),
}


def run(
    matrices: Path, out: Path, which: Iterable[CorpusName] = tuple(CORPORA), report: Report = lambda _: None
) -> list[Result]:
    """Train and measure a network for each corpus, or measure it where ``out`` already holds it trained.

    Raises:
        RollError: a file is missing or is not one of piano rolls.
        TrainingError: ``out`` holds runs of other recipes, or a run went astray.
    """
    names = list(which)
    for name in names:
        path = matrices / CORPORA[name].file
        if not path.is_file():
            raise RollError(f"{path} is missing; docs/benchmark.md tells where it comes from")
    return [_measured(name, matrices, out / name, report) for name in names]


def _measured(name: CorpusName, matrices: Path, folder: Path, report: Report) -> Result:
    corpus = CORPORA[name]
    path = matrices / corpus.file
    network = trained(corpus.course, read_rolls(path, "train"), folder, report)
    result = Result(
        corpus=name,
        parameters=network.count_params(),
        valid=nats_per_frame(nats_of(network, read_rolls(path, "valid"))),
        test=nats_per_frame(nats_of(network, read_rolls(path, "test"))),
    )
    (folder / "result.json").write_bytes(msgspec.json.encode(result))
    return result


def table(results: Sequence[Result]) -> str:
    """Return the published figures beside ours, as Markdown."""
    systems = [LSTM, TCN, RNN_RBM, RNN_NADE]
    corpora = [CORPORA[result.corpus] for result in results]
    rows = [
        ["nats per frame, test", *(corpus.title for corpus in corpora)],
        ["---", *("---:" for _ in results)],
        *([system, *(f"{each.published[system]:.2f}" for each in corpora)] for system in systems),
        ["Antiphon, all frames", *(f"{result.test.frames:.3f}" for result in results)],
        ["Antiphon, the first frame given", *(f"{result.test.after_the_first:.3f}" for result in results)],
        ["Antiphon, mean over sequences", *(f"{result.test.rolls:.3f}" for result in results)],
        ["Antiphon, all frames, valid", *(f"{result.valid.frames:.3f}" for result in results)],
        ["parameters", *(f"{result.parameters:,}" for result in results)],
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
