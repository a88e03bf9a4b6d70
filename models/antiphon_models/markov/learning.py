"""Learns a table from notes, and with how much trust a player's style begins.

All is counted in one reading of the pieces that are learnt from. The gates are learnt by playing the held-out
pieces of ``valid`` to a style, each from its beginning, as a player would.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from antiphon_models import vocab
from antiphon_models.lessons.augmentation import as_played
from antiphon_models.markov import contexts
from antiphon_models.markov.contexts import DEPTHS, DT, INTERVAL, LOUDNESS, RANK, UNISON
from antiphon_models.markov.gates import first_gates
from antiphon_models.markov.past import NO_RANK, SILENCE, Past, rank_of
from antiphon_models.markov.style import Style
from antiphon_models.markov.table import Counts, Table, bits, depth_number, in_eighths
from antiphon_models.notes.pieces import Piece
from antiphon_models.spec import Losses

LONGEST_PIECE = 8000
"""Events of a piece that are counted: one long concert is not to outweigh a hundred tunes."""

FEWEST = 40
"""How often a context must have been seen to be kept."""

SECONDS_OF_A_PLAYER = 120.0
ROUNDS = 2
MEASURED = 2000
"""Events of each held-out piece on which a table is measured."""

AT_ONCE = 1 << 20

Outcomes = npt.NDArray[np.int64]
"""A context, times 256, plus the value that followed it."""


def learn(
    learnt: Sequence[Piece],
    valid: Sequence[Piece],
    fewest: int = FEWEST,
    report: Callable[[float], None] = lambda share: None,
) -> Counts:
    """Return a table of some pieces.

    Args:
        learnt: what is counted.
        valid: pieces on which the gates of a style are learnt.
        fewest: how often a context must have been seen to be kept.
        report: is told how much of it is done, 0 to 1.
    """
    counted, struck = _count(learnt, lambda share: report(0.8 * share))
    counts = _kept(counted, struck, fewest)
    return replace(counts, gates=learn_gates(counts, valid))


def learn_gates(counts: Counts, pieces: Sequence[Piece]) -> npt.NDArray[np.float32]:
    """Return how far the gates of a style are open at its beginning, learnt on some players."""
    gates = first_gates()
    for _ in range(ROUNDS):
        table = Table(replace(counts, gates=gates))
        start = Style(table).gates()
        evidence = np.zeros_like(gates)
        for piece in pieces:
            style = Style(table)
            for past, event in followed(_beginning(piece)):
                style.learn(past, event)
            evidence += np.maximum(style.gates() - start, 0.0)
        gates = evidence + first_gates()
    return gates


def measure(table: Table, pieces: Iterable[Piece]) -> Losses:
    """Return the mean loss of a table in bits, by field, on events after the first of each piece."""
    style, sums, events = Style(table), np.zeros(3), 0
    for piece in pieces:
        for past, event in followed(as_played(piece)[:MEASURED, :3].tolist()):
            if past is SILENCE:
                continue
            sums += [bits(chance) for chance in style.chance(past, event)]
            events += 1
    return Losses(*(float(each) for each in sums / max(1, events)))


def followed(events: Iterable[Sequence[int]]) -> Iterator[tuple[Past, tuple[int, int, int]]]:
    """Yield each event of a piece with what was heard before it."""
    past = SILENCE
    for dt, velocity, pitch in events:
        event = dt, velocity, pitch
        yield past, event
        past = past.after(event)


def _beginning(piece: Piece) -> list[list[int]]:
    until = int(np.searchsorted(np.cumsum(piece.dt), SECONDS_OF_A_PLAYER))
    events: list[list[int]] = as_played(piece)[:until, :3].tolist()
    return events


def _count(
    pieces: Sequence[Piece], report: Callable[[float], None]
) -> tuple[dict[int, tuple[Outcomes, Outcomes]], npt.NDArray[np.int64]]:
    """Return the outcomes of each depth and how many there were of each, and of each pitch."""
    counted: dict[int, tuple[Outcomes, Outcomes]] = {}
    struck = np.zeros(vocab.PITCHES, np.int64)
    fresh, waiting = _columns(), 0
    for number, piece in enumerate(pieces):
        events = as_played(piece)[:LONGEST_PIECE, :3]
        struck += np.bincount(events[events[:, 1] > 0, 2], minlength=vocab.PITCHES)
        for past, event in followed(events.tolist()):
            _append(fresh, past, event)
        waiting += len(events)
        if waiting > AT_ONCE or number == len(pieces) - 1:
            for depth, column in fresh.items():
                counted[depth] = _summed(counted.get(depth), np.frombuffer(column, np.int64))
            fresh, waiting = _columns(), 0
        report((number + 1) / len(pieces))
    return counted, struck


def _columns() -> dict[int, "array[int]"]:
    return {
        depth_number(field, fineness): array("q")
        for field, depths in enumerate(DEPTHS)
        for fineness in range(depths)
    }


def _append(columns: dict[int, "array[int]"], past: Past, event: tuple[int, int, int]) -> None:
    dt, velocity, pitch = event
    told = [(DT, contexts.of_dt(past).table, dt), (LOUDNESS, contexts.of_loudness(past, dt).table, velocity)]
    if velocity:
        told.append((INTERVAL, contexts.of_onset(past, dt).table, pitch - past.struck[0] + UNISON))
    elif (rank := rank_of(pitch, past.sounding)) != NO_RANK:
        told.append((RANK, contexts.of_release(past, dt).table, rank))
    for field, keys, value in told:
        for fineness, key in enumerate(keys):
            columns[depth_number(field, fineness)].append(key << 8 | value)


def _summed(before: tuple[Outcomes, Outcomes] | None, fresh: Outcomes) -> tuple[Outcomes, Outcomes]:
    outcomes, counts = np.unique(fresh, return_counts=True)
    if before is None:
        return outcomes, counts
    joined, places = np.unique(np.append(before[0], outcomes), return_inverse=True)
    summed = np.bincount(places, np.append(before[1], counts)).astype(np.int64)
    return joined, summed


def _kept(
    counted: dict[int, tuple[Outcomes, Outcomes]], struck: npt.NDArray[np.int64], fewest: int
) -> Counts:
    """Return what was counted of contexts that were seen often enough."""
    depths, keys, kinds, values, logs = [], [], [], [], []
    for depth, (outcomes, counts) in sorted(counted.items()):
        seen, places = np.unique(outcomes >> 8, return_inverse=True)
        often = np.bincount(places, counts, minlength=len(seen)) >= fewest
        kept = often[places]
        places, counts, outcomes = places[kept], counts[kept], outcomes[kept]
        depths.append(np.full(int(often.sum()), depth, np.uint8))
        keys.append(seen[often])
        kinds.append(np.bincount(places, minlength=len(seen))[often].astype(np.uint8))
        values.append((outcomes & 255).astype(np.uint8))
        logs.append(in_eighths(counts))
    usual = ((struck + 1.0) / (struck + 1.0).sum()).astype(np.float32)
    return Counts(
        np.concatenate(depths),
        np.concatenate(keys),
        np.concatenate(kinds),
        np.concatenate(values),
        np.concatenate(logs),
        usual,
        first_gates(),
    )
