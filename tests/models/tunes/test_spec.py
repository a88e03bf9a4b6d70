"""What a network of characters is, and its card."""

import msgspec

from antiphon_models.tunes.spec import CharCard, CharSpec


def card(writes_tunes: bool) -> CharCard:
    spec = CharSpec("ab", writes_tunes, units=4, layers=2)
    return CharCard(
        name="a",
        description="b",
        sha256="",
        parameters=1,
        quantisation="float32",
        licence="none",
        trained_on=[],
        arguments={},
        tools={},
        spec=spec,
        bits_per_character=1.234,
    )


def test_a_card_is_what_it_was_when_it_is_read_again() -> None:
    written = msgspec.json.encode(card(True))
    assert msgspec.json.decode(written, type=CharCard) == card(True)
    assert b'"engine":"char-lstm"' in written


def test_only_what_learnt_tunes_can_be_played() -> None:
    assert card(True).fits
    assert not card(False).fits
    assert card(True).figure == "1.23 bits per character"


def test_each_layer_has_two_states() -> None:
    assert card(True).spec.state_names == ["h0", "c0", "h1", "c1"]
