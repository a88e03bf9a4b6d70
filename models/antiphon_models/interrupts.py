"""Ctrl-C and SIGTERM end a long command, whatever it is at, and let it clean up."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM)

AGAIN = 0.05
"""Seconds after which an interrupt that was lost comes again."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Let the signals raise KeyboardInterrupt, and let none of them get lost.

    Python raises it wherever the program happens to be. In a destructor, of which TensorFlow has many, there
    is nobody to catch it: Python prints a notice and goes on. Here it comes again a moment later.
    """
    raising = (*SIGNALS, signal.SIGALRM)
    before = {each: signal.signal(each, signal.default_int_handler) for each in raising}
    told_by, sys.unraisablehook = sys.unraisablehook, _once_more
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        sys.unraisablehook = told_by
        for each, handler in before.items():
            signal.signal(each, handler)


def _once_more(dropped: "sys.UnraisableHookArgs") -> None:
    if dropped.exc_type is KeyboardInterrupt:
        signal.setitimer(signal.ITIMER_REAL, AGAIN)
    else:
        sys.__unraisablehook__(dropped)
