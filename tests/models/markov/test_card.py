"""The card of the table that ships."""

import hashlib

import msgspec

from antiphon_models import shelf
from antiphon_models.markov.card import TableCard

SHIPPED = shelf.SHIPPED / "markov"


def test_it_vouches_for_the_file_and_says_what_it_is_worth() -> None:
    card = msgspec.json.decode((SHIPPED / shelf.CARD_FILE).read_bytes(), type=TableCard)
    assert card.sha256 == hashlib.sha256((SHIPPED / shelf.TABLE_FILE).read_bytes()).hexdigest()
    assert card.fits
    assert card.engine == "markov"
    assert card.figure == f"{card.bits_per_event:.2f} bits per event"
    assert round(card.held_out.bits_per_event, 4) == card.bits_per_event


def test_a_card_of_another_vocabulary_does_not_fit() -> None:
    card = msgspec.json.decode((SHIPPED / shelf.CARD_FILE).read_bytes(), type=TableCard)
    assert not msgspec.structs.replace(card, vocabulary="another").fits
