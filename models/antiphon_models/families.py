"""The families of models that can be trained, and what trains each of them but that of events."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from antiphon_models.extra import choose_tensorflow, training_installed
from antiphon_models.training.allocation import keep_freed_memory
from antiphon_models.wanted import Wanted


class Family(StrEnum):
    """What can be trained."""

    EVENTS = "events"
    CHAR = "char"
    MARKOV = "markov"
    RBM = "rbm"


def _char(wanted: Wanted) -> None:
    choose_tensorflow()
    keep_freed_memory()
    with training_installed():
        from antiphon_models.tunes.command import train
    train(wanted)


def _markov(wanted: Wanted) -> None:
    with training_installed():
        from antiphon_models.markov.command import train
    train(wanted)


def _rbm(wanted: Wanted) -> None:
    with training_installed():
        from antiphon_models.rbm.command import train
    train(wanted)


FAMILIES: Mapping[Family, Callable[[Wanted], None]] = {
    Family.CHAR: _char,
    Family.MARKOV: _markov,
    Family.RBM: _rbm,
}
"""What trains each of the families but that of events; each refuses the numbers that it has no use for."""
