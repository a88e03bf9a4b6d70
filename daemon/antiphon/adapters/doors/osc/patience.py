"""How much of one sender is listened to, whatever the others send."""

from collections import OrderedDict
from collections.abc import Hashable

from antiphon.adapters.doors.allowance import Allowance, Verdict
from antiphon.core.units import Seconds

WEIGHT_PER_SECOND = 500.0
"""How much of one sender is followed; 1 is the value of a fader, which sends up to sixty in a second."""

MOST_SENDERS = 64
"""Senders that are remembered; whoever has been silent for longest is forgotten."""


class Patience:
    """An allowance for each sender."""

    def __init__(self) -> None:
        self._allowances: OrderedDict[Hashable, Allowance] = OrderedDict()

    def verdict(self, sender: Hashable, weight: float, now: Seconds) -> Verdict:
        """Return what to do with so much more of a sender."""
        allowance = self._allowances.setdefault(sender, Allowance(WEIGHT_PER_SECOND))
        self._allowances.move_to_end(sender)
        if len(self._allowances) > MOST_SENDERS:
            self._allowances.popitem(last=False)
        return allowance.verdict(weight, now)
