"""What a network of characters is, in one frozen value; the daemon reads it and needs no TensorFlow for it.

The exported graph has one signature, ``step``: one character in, one out, batch 1, the state with it.

=============  ===================  ===================================================================
input          shape                meaning
=============  ===================  ===================================================================
character      (1,) int32           index of the newest character
h0, c0, ...    (1, units)           state of each layer before it
temperature    (1, 1)               divides the logits; above 0
log_min_p      (1, 1)               logits further than this below the highest are left out
noise          (1, characters)      Gumbel noise; zeros take the likeliest
allow          (1, characters)      added to the logits: 0 allows, a large negative number forbids
=============  ===================  ===================================================================

The outputs are ``next`` (1,) int32; ``h0_after`` ...; and ``logits`` (1, characters) before constraints, with
which a file is measured.
"""

import msgspec

from antiphon_models.card import Card, Layers, Width

SIGNATURE = "step"


class CharSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="family", tag="char"):
    """The shape of a network of characters; of itself, that of the source articles.

    Attributes:
        alphabet: all characters it knows, each at its index.
        writes_tunes: whether what it learnt are tunes in ABC notation, spelt as we spell them.
        embedding, units, layers: of the network.
    """

    alphabet: str
    writes_tunes: bool
    embedding: Width = 512
    units: Width = 256
    layers: Layers = 3

    @property
    def state_names(self) -> list[str]:
        """Return the names of the state tensors: h0, c0, h1, c1, ..."""
        return [f"{part}{layer}" for layer in range(self.layers) for part in "hc"]


class CharCard(Card, frozen=True, kw_only=True, omit_defaults=True, tag="char-lstm"):
    """The card of a network of characters.

    Attributes:
        spec: shape and alphabet.
        bits_per_character: of text that was held out, by this very file.
    """

    spec: CharSpec
    bits_per_character: float

    @property
    def fits(self) -> bool:
        """Whether its characters are ours; a character is a character everywhere."""
        return True

    @property
    def figure(self) -> str:
        return f"{self.bits_per_character:.2f} bits per character"
