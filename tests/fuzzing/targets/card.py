"""The card beside a model file, which here vouches for it whatever it is."""

import hashlib
import json
from collections.abc import Iterator

import msgspec

from antiphon.adapters.engines.models import read_model
from antiphon.errors import ModelError
from antiphon_models.card import Card
from antiphon_models.shelf import CARD_FILE, MODEL_FILE, SHIPPED, shipped_names
from antiphon_models.spec import EventCard
from antiphon_models.tunes.spec import CharCard
from target import Target, is_told, written

FILE = b"what the card vouches for"
DIGEST = hashlib.sha256(FILE).hexdigest()


def examine(data: bytes) -> None:
    path = written(MODEL_FILE, FILE)
    path.with_name(CARD_FILE).write_bytes(data)
    try:
        card = read_model(path, Card).card
    except ModelError as error:
        is_told(error)
        return
    # All that is made of a card before its file is opened.
    assert card.figure
    assert msgspec.json.encode(card)
    if isinstance(card, EventCard | CharCard):
        assert card.spec.state_names


def seeds() -> Iterator[bytes]:
    for name in shipped_names():
        card = json.loads((SHIPPED / name / CARD_FILE).read_bytes())
        short = card | {"sha256": DIGEST, "trained_on": [], "arguments": {"seed": 1}, "description": "short"}
        yield json.dumps(short).encode()


TARGET = Target(examine, seeds, longest=1024)
