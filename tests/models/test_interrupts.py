"""An interrupt ends what it comes into, wherever that is."""

import signal
import time

import pytest

from antiphon_models.interrupts import SIGNALS, interruptible


class Interrupted:
    """Is interrupted as it goes, where no exception gets out."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("number", SIGNALS)
def test_either_signal_lets_what_is_open_be_closed(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt), interruptible():
        signal.raise_signal(number)


def test_an_interrupt_that_python_drops_comes_again() -> None:
    something = Interrupted()
    ended = False
    try:
        with interruptible():
            del something
            # It is the interrupt that ends this.
            time.sleep(60.0)
    except KeyboardInterrupt:
        ended = True
    assert ended


def test_afterwards_everything_is_as_before() -> None:
    numbers = (*SIGNALS, signal.SIGALRM)
    before = [signal.getsignal(each) for each in numbers]
    with interruptible():
        pass
    assert [signal.getsignal(each) for each in numbers] == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
