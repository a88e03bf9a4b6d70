"""What a model is, and the card beside its file."""

import msgspec
import numpy as np
import pytest

from antiphon_models import vocab
from antiphon_models.spec import IMPOSSIBLE, EventCard, Losses, Spec

CARD = EventCard(
    name="small",
    description="nothing in particular",
    spec=Spec(units=8, layers=2),
    sha256="0" * 64,
    parameters=1000,
    quantisation="float32",
    licence="CC BY 4.0",
    trained_on=["a scale"],
    arguments={"steps": 3, "learning_rate": 0.002},
    held_out=Losses(dt=2.0, velocity=1.5, pitch=3.25),
    bits_per_event=6.75,
    tools={"numpy": "2.0"},
)


def test_the_state_is_named_layer_by_layer() -> None:
    assert Spec(layers=2).state_names == ["h0", "c0", "h1", "c1"]


def test_a_spec_is_of_the_vocabulary_of_its_time() -> None:
    assert Spec().vocabulary == vocab.fingerprint()


def test_the_loss_of_an_event_is_the_sum_of_its_fields() -> None:
    assert CARD.held_out.bits_per_event == CARD.bits_per_event


def test_a_card_comes_back_from_its_file() -> None:
    assert msgspec.json.decode(msgspec.json.encode(CARD), type=EventCard) == CARD


@pytest.mark.parametrize("of", ["card", "spec"])
def test_a_card_with_something_unknown_is_not_read(of: str) -> None:
    content = msgspec.to_builtins(CARD)
    (content if of == "card" else content["spec"])["colour"] = "blue"
    with pytest.raises(msgspec.ValidationError, match="colour"):
        msgspec.convert(content, EventCard)


def test_half_precision_holds_what_is_impossible() -> None:
    assert np.isfinite(np.float16(4 * IMPOSSIBLE))
    assert np.exp(np.float32(IMPOSSIBLE)) == 0.0
