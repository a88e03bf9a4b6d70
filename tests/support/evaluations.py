"""An evaluation with made-up figures, for what shows it."""

from typing import Any

import msgspec

from antiphon_export.evaluation.evaluation import FROM_THE_TRAIN_SPLIT, Article, Bits, Evaluation
from antiphon_export.evaluation.judgement import Judgement, Runs, Verdict

RUNS = Runs(median=6.0, of_99_percent=11.0, longest=13, original=0.995)
MODEL = Verdict(0.71, 0.77, 0.48, 1.1, 0.98, 1.4, 290, RUNS, RUNS)
JUDGEMENT = Judgement(
    pieces=["a.mid", "b.mid"],
    model=MODEL,
    real=Verdict(0.74, 0.81, 0.5, 1.16, 1.0, 1.1, 29, RUNS, RUNS),
    other=Verdict(0.46, 0.5, 0.04, 1.12, 1.0, 7.9, 29),
    improviser=Verdict(0.7, 0.7, 0.45, 1.2, 1.02, 2.0, 29, RUNS, RUNS),
    gap_closed=0.893,
)


def evaluation(**changes: Any) -> Evaluation:
    """Return the figures, some of them changed."""
    usual = Evaluation(
        model="default",
        parameters=2_000_095,
        quantisation="int8",
        folder="notes",
        split="valid",
        pieces=56,
        events=357_180,
        notes=178_600,
        bits=Bits(5.25, 2.0, 1.25, 2.0, 10.5),
        baselines={
            "frequencies": Bits(12.0, 4.0, 3.0, 5.0, 24.0),
            "markov2": Bits(10.0, 3.5, 2.5, 4.0, 20.0),
        },
        baselines_learnt_from=FROM_THE_TRAIN_SPLIT,
        article=Article(14.25, 30.0, 2_570_000),
        judgement=JUDGEMENT,
        continued_from="test",
        remarks=["something was left out"],
    )
    return msgspec.structs.replace(usual, **changes)
