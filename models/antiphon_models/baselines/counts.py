"""Counts of what followed each context, and the distributions that they make with a coarser one.

Each count is made smaller by a discount, and what that sets free, with a weight for never having seen enough,
goes to the coarser distribution:

    p(x | context) = (c(x) - D(c(x)) + (theta + sum of D) p'(x)) / (theta + sum of c)

This is the predictive rule of a Pitman-Yor process (Teh, A hierarchical Bayesian language model based on
Pitman-Yor processes, 2006) with the three discounts, and their estimates, of Chen and Goodman (An empirical
study of smoothing techniques for language modeling, 1999). The coarser distribution may be any, not only that
of the same context with its oldest part left out (as in Bilmes and Kirchhoff, Factored language models and
generalized parallel backoff, 2003). Nothing is known here of music.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

VALUE_BITS = 8
"""Values are below 256."""

LARGEST_CONTEXT = 2 ** (63 - VALUE_BITS)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.integer]


class Counts(NamedTuple):
    """Discounted counts, sorted by context.

    ``contexts``: (contexts,) int64, ascending.
    ``starts``: (contexts + 1,) where the values of each begin.
    ``values``: (seen,) uint8.
    ``shares``: (seen,) float32, what is left of each count, over all of its context and theta.
    ``rest``: (contexts,) the share of the coarser distribution.
    """

    contexts: npt.NDArray[np.int64]
    starts: npt.NDArray[np.intp]
    values: npt.NDArray[np.uint8]
    shares: npt.NDArray[np.float32]
    rest: Floats


def count(contexts: Integers, values: Integers, theta: float) -> Counts:
    """Return the counts of some values, (n,) below 256 each, in the contexts (n,) that they followed.

    Args:
        theta: above 0; how often a context must have been seen to weigh as much as the coarser one.
    """
    pairs = np.sort((contexts.astype(np.int64) << VALUE_BITS) | values)
    is_new = np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]
    counts = np.diff(np.flatnonzero(is_new), append=len(pairs))
    pairs = pairs[is_new]
    seen = pairs >> VALUE_BITS
    starts = np.flatnonzero(np.append(True, seen[1:] != seen[:-1])[: len(pairs)])
    discounts = _discounts(counts)[np.minimum(counts, 3)]
    totals = theta + _sums(counts, starts)
    widths = np.diff(starts, append=len(pairs))
    return Counts(
        seen[starts],
        np.append(starts, len(pairs)),
        (pairs & (2**VALUE_BITS - 1)).astype(np.uint8),
        ((counts - discounts) / np.repeat(totals, widths)).astype(np.float32),
        (theta + _sums(discounts, starts)) / totals,
    )


def _sums(numbers: npt.NDArray[np.generic], starts: npt.NDArray[np.intp]) -> Floats:
    return np.add.reduceat(numbers, starts, dtype=np.float64) if len(starts) else np.zeros(0)


def _discounts(counts: Integers) -> Floats:
    """Return what is taken from a count of 0, of 1, of 2, and of 3 and more (Chen and Goodman, 1999)."""
    ones, twos, threes, fours = np.maximum(np.bincount(np.minimum(counts, 5), minlength=6)[1:5], 1)
    share = ones / (ones + 2 * twos)
    estimates = [1 - 2 * share * twos / ones, 2 - 3 * share * threes / twos, 3 - 4 * share * fours / threes]
    return np.append(0.0, np.clip(estimates, 0.05, (0.95, 1.9, 2.9)))


def refine(
    coarser: Floats, counts: Counts, contexts: Integers, offsets: Integers | None = None
) -> npt.NDArray[np.float64]:
    """Return the distributions (rows, values) in some contexts (rows,), given coarser ones.

    Args:
        offsets: (rows,) added to each counted value; what then lies outside is left out, so that the
            distributions may sum to a little less than 1.
    """
    found = np.minimum(np.searchsorted(counts.contexts, contexts), max(0, len(counts.contexts) - 1))
    rows = np.flatnonzero(counts.contexts[found] == contexts) if len(counts.contexts) else np.zeros(0, int)
    found = found[rows]
    finer = coarser.copy()
    finer[rows] *= counts.rest[found, np.newaxis]
    first, widths = counts.starts[found], counts.starts[found + 1] - counts.starts[found]
    ends = np.cumsum(widths)
    entries = np.arange(widths.sum()) + np.repeat(first - (ends - widths), widths)
    places = np.repeat(rows, widths)
    values, shares = counts.values[entries].astype(np.intp), counts.shares[entries]
    if offsets is not None:
        values += offsets[places]
        inside = (values >= 0) & (values < coarser.shape[1])
        places, values, shares = places[inside], values[inside], shares[inside]
    finer[places, values] += shares
    return finer


def packed(columns: list[Integers], sizes: list[int], length: int) -> npt.NDArray[np.int64]:
    """Return one number (length,) for each combination of the columns' values.

    Args:
        columns: (length,) each, at least 0 and less than its size.
        sizes: one for each.
    """
    numbers, range_ = np.zeros(length, np.int64), 1
    for column, size in zip(columns, sizes, strict=True):
        if range_ * size > LARGEST_CONTEXT:
            seen, numbers = np.unique(numbers, return_inverse=True)
            range_ = len(seen)
        numbers = numbers * size + column
        range_ *= size
    return numbers
