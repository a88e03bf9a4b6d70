"""The table of contents of a folder of notes, written once everything has been read.

Each file appears whole or not at all, and ``dataset.json`` appears last.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from antiphon_models.counted import counted
from antiphon_models.errors import CorpusError
from antiphon_models.folders import whole_file
from antiphon_models.notes.dataset import FORM, INDEX, INDEX_ROW, MANIFEST, NAMES, REPORT, Amount, Manifest
from antiphon_models.notes.ledger import Ledger
from antiphon_models.notes.placement import left_out, placed
from antiphon_models.notes.splits import SPLITS, STRONGEST_FIRST, Split


def write_catalogue(ledger: Ledger, folder: Path, credits: Sequence[str], is_shippable: bool) -> Manifest:
    """Write the index, the report and at last the manifest of what a ledger places.

    Raises:
        CorpusError: nothing falls into the split to learn from; there is a report then, and no manifest.
    """
    reasons = _write_report(ledger, folder / REPORT)
    splits, fingerprint = _write_index(ledger, folder)
    if not splits["train"].pieces:
        held_out = sum(amount.pieces for amount in splits.values())
        fate = (
            f"all that there is ({counted(held_out, 'piece')}) is held out"
            if held_out
            else "no piece can be learnt from"
        )
        raise CorpusError(f"there is no training split: {fate}; see {folder / REPORT}, or name more music")
    manifest = Manifest(
        FORM,
        splits,
        list(credits),
        is_shippable,
        fingerprint,
        ledger.stored,
        left_out=dict(reasons.most_common()),
        files=ledger.count_read(),
    )
    with whole_file(folder / MANIFEST) as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    return manifest


def _write_report(ledger: Ledger, path: Path) -> Counter[str]:
    """Write a line for all that is left out, and return how many there are for each reason."""
    reasons: Counter[str] = Counter()
    with whole_file(path) as file:
        for item in left_out(ledger):
            reasons[item.reason] += 1
            detail = f" ({item.detail})" if item.detail else ""
            file.write(f"{item.reason}: {item.name}{detail}\n".encode())
    return reasons


def _write_index(ledger: Ledger, folder: Path) -> tuple[dict[Split, Amount], str]:
    """Write a row for each piece, and return how much there is of each split, and the fingerprint."""
    pieces, events = Counter[str](), Counter[str]()
    fingerprint = name_start = 0
    with whole_file(folder / INDEX) as index, whole_file(folder / NAMES) as names:
        for piece in placed(ledger):
            split, name = STRONGEST_FIRST[piece.split], piece.name.encode()
            row = (piece.start, name_start, piece.events, len(name), piece.is_gridded)
            index.write(np.array(row, INDEX_ROW).tobytes())
            names.write(name)
            name_start += len(name)
            pieces[split] += 1
            events[split] += piece.events
            # A sum, so that the order does not matter, which is one of names.
            hashed = hashlib.blake2b(split.encode() + piece.content, digest_size=8).digest()
            fingerprint = (fingerprint + int.from_bytes(hashed, "big")) % (1 << 64)
    return {split: Amount(pieces[split], events[split]) for split in SPLITS}, f"{fingerprint:016x}"
