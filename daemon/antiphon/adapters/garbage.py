"""When Python looks for garbage: in quiet moments, and not while there is music.

What nobody refers to any more Python frees at once. It has to search only for things that refer to each
other, and then goes through all that it knows: after the start that takes milliseconds, and it does so
whenever some hundreds of things have been made. So what the start has made is set aside, and the little that
has come since is searched when nobody plays.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

VERY_MANY = 50_000
"""How many things more there have to be before they are searched all the same, for want of a quiet moment.

That takes a few milliseconds. An answer leaves some tens of things behind, and none of them is garbage.
"""


@contextmanager
def set_aside() -> Iterator[None]:
    """Until the end, leave out of every search what is there now."""
    gc.collect()
    gc.freeze()
    thresholds = gc.get_threshold()
    gc.set_threshold(VERY_MANY, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def collect() -> None:
    """Search what has come since, and free the garbage in it; takes some tens of microseconds."""
    gc.collect()
