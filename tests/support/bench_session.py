"""What a bench might have measured."""

from antiphon.adapters.histogram import Histogram
from antiphon.bench.measured import Cost, Playing, Session, Waiting


def filled(*seconds: float) -> Histogram:
    histogram = Histogram()
    for each in seconds:
        histogram.record(each)
    return histogram


COST = Cost(invoke=filled(60e-6), prime=filled(80e-6), event=filled(90e-6))
SESSION = Session(
    "jack",
    Waiting(0.3812, 66.66, 0.1234),
    Playing(*(filled(0.0001 * number, 0.0002 * number) for number in range(1, 6))),
)
