"""Settings drawn by lot: of short answers in a narrow range, so that much happens."""

import random
from collections.abc import Sequence
from typing import get_args

from antiphon.core.settings import Duet, ModeName, Settings
from default_settings import settings

ALL_MODES: tuple[ModeName, ...] = get_args(ModeName)

STYLES: tuple[str, ...] = get_args(Duet.__annotations__["style"].__origin__)

Draw = random.Random


def drawn_settings(draw: Draw, modes: Sequence[ModeName] = ALL_MODES) -> Settings:
    """Draw settings, some of which are as they ship more often than not."""
    return settings(
        play={
            "mode": draw.choice(modes),
            "transpose": draw.randrange(-2, 3),
            "polyphony": draw.randrange(1, 5),
            "seconds": draw.choice([3.0, 3.0, 0.0]),
            "length": seldom(draw, "question", "phrase", "bars"),
            "bars": 1,
            "longest_note": draw.choice([0.2, 1.0]),
            "lowest": 58,
            "highest": 66,
            "thru": draw.random() < 0.5,
            "mood": seldom(draw, "none", "hopeful"),
        },
        turn={
            "judge": draw.choice(["music", "pace"]),
            "shortest_pause": 0.2,
            "longest_pause": 1.0,
            "longest_hold": draw.choice([2.0, 30.0]),
            "absence": 5.0,
        },
        guide={
            "zone": seldom(draw, 0, 60),
            "lock": seldom(draw, 0.0, 0.5, 1.0),
            "scale": draw.choice(["key", "chord"]),
            "tempo": seldom(draw, 1.0, 0.5, 2.0),
        },
        tempo={
            "source": draw.choice(["auto", "clock", "heard", "fixed"]),
            "begin": seldom(draw, "free", "beat", "bar"),
            "quantise": seldom(draw, 0.0, 0.5, 1.0),
            "swing": seldom(draw, 0.5, 0.67),
            "send": seldom(draw, "off", "answers", "always"),
        },
        duet={"style": draw.choice(STYLES), "gap": draw.choice([0.05, 0.3]), "lingers": 2.0},
        attract={
            "after": draw.choice([2.0, 4.0]),
            "rest": draw.choice([1.0, 3.0]),
            "seconds": 4.0,
            "fade": draw.choice([0.1, 1.0]),
        },
        latency={"look_ahead": draw.choice([0.0, 0.3, 2.0]), "late_onset": 0.05},
    )


def seldom(draw: Draw, usual: object, *others: object) -> object:
    """Draw what is usual, and now and then something else."""
    return draw.choice(others) if draw.random() < 0.15 else usual
