"""The card of a table: what stands beside its file."""

from antiphon_models import vocab
from antiphon_models.card import Card
from antiphon_models.spec import Losses


class TableCard(Card, frozen=True, kw_only=True, omit_defaults=True, tag="markov"):
    """The card of a table.

    Attributes:
        vocabulary: of its events.
        held_out: its loss on music that it never saw, while it learns nothing.
        bits_per_event: the sum of ``held_out``.
    """

    vocabulary: str
    held_out: Losses
    bits_per_event: float

    @property
    def fits(self) -> bool:
        return self.vocabulary == vocab.fingerprint()

    @property
    def figure(self) -> str:
        return f"{self.bits_per_event:.2f} bits per event"
