"""A daemon that says at its end how punctual it was: what `antiphon bench` plays with.

It is a program of its own, so that it is alone in its process as the daemon is: its argument is a
configuration as JSON, and its last line the histograms as JSON, each as the upper ends of its buckets in
seconds and how many durations are in them.
"""

import asyncio
import sys

import msgspec

from antiphon import log
from antiphon.adapters.broadcast import Broadcast
from antiphon.adapters.punctuality import Punctuality
from antiphon.app import play
from antiphon.config import Loaded
from antiphon.errors import AntiphonError
from antiphon.settings import Config


def main(config: str) -> int:
    """Play until a signal ends it."""
    log.configure(verbose=False)
    loaded = Loaded(msgspec.json.decode(config, type=Config), {})
    punctuality, broadcast = Punctuality(), Broadcast()
    broadcast.listen(punctuality.take_down)
    try:
        asyncio.run(play(loaded, reload_nothing, broadcast))
    except AntiphonError as error:
        sys.stderr.write(f"antiphon: {error}\n")
        return error.exit_code
    kept = {name: list(histogram.buckets()) for name, histogram in punctuality.histograms().items()}
    sys.stdout.write(f"{msgspec.json.encode(kept).decode()}\n")
    return 0


def reload_nothing() -> Loaded:
    """Follow no other settings."""
    raise AntiphonError("the settings of a bench stay as they are; begin a new one")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
