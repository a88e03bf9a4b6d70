"""Music that is small enough to be learnt within a test."""

import json
import random
from pathlib import Path

from midi_fixtures import note_off, note_on, write_tracks


def write_piece(path: Path, seed: int, notes: int = 40) -> Path:
    """Write a piece of one voice: a walk up and down a scale in an even rhythm."""
    drawn = random.Random(seed)
    degree, messages = drawn.randrange(7), []
    for _ in range(notes):
        degree = min(max(degree + drawn.choice((-1, 1)), 0), 13)
        pitch = 60 + 12 * (degree // 7) + (0, 2, 4, 5, 7, 9, 11)[degree % 7]
        messages += [note_on(pitch), note_off(pitch, time=240)]
    return write_tracks(path, messages)


def write_corpora(root: Path) -> Path:
    """Write the four corpora, each with a piece to learn from, one held out, and one that is not free."""
    facts = {
        "pianorolls": ({"pd_tier": "life70"}, {"pd_tier": "us"}),
        "mutopia-keyboard": ({"licence": "CC BY"}, {"licence": "CC BY-SA"}),
        "openewld": ({"pd_tier": "life70"}, {"pd_tier": "none"}),
    }
    for number, name in enumerate([*facts, "giantmidi-sample"]):
        folder = root / name
        folder.mkdir(parents=True)
        for seed, piece in enumerate(("learnt", "held-out", "not-free")):
            write_piece(folder / f"{piece}.mid", seed=10 * number + seed)
        splits = {"train": ["learnt.mid"], "valid": ["held-out.mid"], "test": []}
        if name in facts:
            free, not_free = facts[name]
            splits["train"].append("not-free.mid")
            index = {"learnt.mid": free, "held-out.mid": free, "not-free.mid": not_free}
            (folder / "index.json").write_text(json.dumps(index))
        (folder / "splits.json").write_text(json.dumps(splits))
    return root
