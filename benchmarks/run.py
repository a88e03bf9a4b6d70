"""All benchmarks, one after the other: `make bench`."""

import event_cost
import memory
import start_up
from figures import main_of


def main() -> None:
    """Print the figures of all of them."""
    main_of(__doc__ or "", start_up.measure, memory.measure, event_cost.measure)


if __name__ == "__main__":
    main()
