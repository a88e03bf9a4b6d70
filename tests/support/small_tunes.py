"""Tunes that somebody could have written, made by rule, and a folder of them."""

import json
import random
from pathlib import Path


def tune(seed: int) -> str:
    """Return a tune of eight bars in a key and a metre of its own."""
    dice = random.Random(seed)
    metre, in_bar = dice.choice([("4/4", 8), ("6/8", 6), ("3/4", 6)])
    notes = "GABcdefg"
    bars = []
    at = dice.randrange(8)
    for _ in range(8):
        bar = ""
        for _ in range(in_bar):
            at = min(7, max(0, at + dice.choice([-1, 0, 1])))
            bar += notes[at]
        bars.append(f'"{dice.choice("GCD")}"{bar}')
    key = dice.choice(["G", "D", "C", "Em"])
    lines = f"{'|'.join(bars[:4])}|\n{'|'.join(bars[4:])}||"
    return f"X: {seed}\nT:Tune {seed}\nM:{metre}\nL:1/8\nK:{key}\n{lines}\n\n"


def folder_of_tunes(folder: Path, train: int = 12, valid: int = 3, test: int = 3) -> Path:
    """Write tunes and the lists of what is held out into a folder."""
    lists: dict[str, list[str]] = {"train": [], "valid": [], "test": []}
    split = ["train"] * train + ["valid"] * valid + ["test"] * test
    for seed, each in enumerate(split):
        (folder / f"{seed}.abc").write_text(tune(seed))
        lists[each].append(f"{seed}.abc")
    (folder / "splits.json").write_text(json.dumps(lists))
    return folder
