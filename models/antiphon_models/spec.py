"""What an event network is, in one frozen value, and the card that travels beside its file.

The daemon reads this module and never the network's own: nothing here needs TensorFlow.

The exported graph has one signature, ``step``: one event in, one event out, batch 1. The newest event,
what sounds after it and the state before it go in; the state after it and the next event come out,
sampled inside the graph. All randomness and every constraint is an input:

=============  ==================  =====================================================================
input          shape               meaning
=============  ==================  =====================================================================
dt             (1,) int32          bin of the newest event
velocity       (1,) int32          class of the newest event
pitch          (1,) int32          of the newest event
part           (1,) int32          who played it: 1 or 2, or 0 where nobody is told apart
asked          (1,) int32          whose next event is asked for, if nothing else happens first; 0: any
guide          (1, 19)             what is to come is like, see :mod:`antiphon_models.guide`; 0: unset
sounding       (1, 128)            what sounds after it: 0 silent, 1 just struck, towards 0.5 held long
h0, c0, ...    (1, units)          state of each layer before the event
temperature    (1, 3)              of dt, velocity, pitch; divides the logits; above 0
log_min_p      (1, 3)              likewise; logits further than this below the highest are left out
noise          (1, 62 + 33 + 128)  Gumbel noise for dt, velocity, pitch; zeros take the likeliest
allow_dt       (1, 62)             added to the logits of dt: 0 allows, a large negative number forbids
allow_class    (1, 33)             the same for velocity
allow_onset    (1, 128)            the same for pitch, used when an onset was drawn
allow_release  (1, 128)            the same for pitch, used when a release was drawn
=============  ==================  =====================================================================

The outputs are ``next_dt``, ``next_velocity``, ``next_pitch`` (1,) int32; ``h0_after`` ...; and the
logits before constraints, ``dt_logits``, ``velocity_logits`` (given the dt that was drawn) and
``pitch_logits`` (given both), with which a file is measured.
"""

import msgspec

from antiphon_models import vocab
from antiphon_models.card import Card, Layers, Width

SIGNATURE = "step"

HELD_LONG = 0.5
"""What a note that has sounded for long contributes to ``sounding``; one just struck counts 1."""

FADE = 1.0
"""Seconds in which that difference falls to 1/e of itself."""

IMPOSSIBLE = -1e4
"""A logit that leaves no chance; small enough to be held by a float16."""


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of an event network.

    Attributes:
        units: width of the embeddings, of each LSTM layer and of the heads.
        layers: LSTM layers, each but the first added to its input.
        vocabulary: :func:`antiphon_models.vocab.fingerprint` at the time of training.
    """

    units: Width = 256
    layers: Layers = 3
    vocabulary: str = msgspec.field(default_factory=vocab.fingerprint)

    @property
    def state_names(self) -> list[str]:
        """Return the names of the state tensors: h0, c0, h1, c1, ..."""
        return [f"{part}{layer}" for layer in range(self.layers) for part in "hc"]


class Losses(msgspec.Struct, frozen=True):
    """Held-out cross-entropy in bits per event, by field."""

    dt: float
    velocity: float
    pitch: float

    @property
    def bits_per_event(self) -> float:
        return self.dt + self.velocity + self.pitch


class EventCard(Card, frozen=True, kw_only=True, omit_defaults=True, tag="lstm"):
    """The card of an event network.

    Attributes:
        spec: shape and vocabulary; the daemon refuses a vocabulary that is not its own.
        held_out: loss of this very file on music it never saw.
        bits_per_event: the sum of ``held_out``.
    """

    spec: Spec
    held_out: Losses
    bits_per_event: float

    @property
    def fits(self) -> bool:
        return self.spec.vocabulary == vocab.fingerprint()

    @property
    def figure(self) -> str:
        return f"{self.bits_per_event:.2f} bits per event"
