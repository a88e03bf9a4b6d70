"""How long Python searches for garbage, which keeps every note waiting.

By itself it does so again and again while there is music. The baseline is a search through all that is there
once the daemon has started. The daemon sets that aside and, whenever nobody plays, searches what has come
since: here after each of a hundred answers.
"""

import gc
from itertools import islice

from figures import Figure, Result, main_of, percentile
from flat import phrases

import antiphon.app  # noqa: F401  what the daemon imports is a part of what is searched
from antiphon.adapters import garbage
from antiphon.adapters.engines.lstm import LstmEngine
from antiphon.adapters.engines.models import find_network
from antiphon.adapters.engines.step_graph import StepGraph
from antiphon.bench.engine_cost import seconds
from antiphon.config import defaults
from antiphon.core.improviser import Improviser
from antiphon.core.simulated import play_through
from antiphon.core.units import Seconds

TITLE = "search for garbage"
SEARCHES = 20
ANSWERS = 100
EVENTS_OF_A_PHRASE, BETWEEN_PHRASES = 16, 15.0


def measure() -> Result:
    """Search with everything in it, and then as the daemon does."""
    engine = LstmEngine(StepGraph(find_network("default")), seed=1)
    improviser = Improviser(engine, defaults().config.settings, 0.0)
    before = [seconds(gc.collect) for _ in range(SEARCHES)]
    with garbage.set_aside():
        since = [search_after_an_answer(improviser, number) for number in range(ANSWERS)]
    baseline = figure("all that is there", before)
    return Result(
        TITLE,
        (
            baseline,
            figure("what has come since", since, baseline.value),
            figure(f"after the last {SEARCHES} answers", since[-SEARCHES:], baseline.value),
        ),
    )


def search_after_an_answer(improviser: Improviser, number: int) -> Seconds:
    """Let it hear a phrase and answer, and return how long the search takes then."""
    first = number * EVENTS_OF_A_PHRASE
    heard = islice(phrases(), first, first + EVENTS_OF_A_PHRASE)
    for _ in play_through(improviser, heard, (number + 1) * BETWEEN_PHRASES):
        pass
    assert improviser.is_at_rest
    return seconds(garbage.collect)


def figure(name: str, took: list[Seconds], baseline: float | None = None) -> Figure:
    microseconds = [1e6 * each for each in took]
    return Figure(name, percentile(microseconds, 50), "us", percentile(microseconds, 99), baseline)


if __name__ == "__main__":
    main_of(__doc__ or "", measure)
