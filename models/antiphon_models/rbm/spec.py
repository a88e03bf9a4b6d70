"""What the machine sees, a bar of music step by step, and the card that travels beside its file.

A *window* is ``steps`` steps of a sixteenth. In each, every key of the range is struck, held from the step
before, or silent: two visible units, struck and held, in the order (steps, 2, keys). Music is seen at home:
see :mod:`antiphon_models.rbm.home`. What may be together is told in :mod:`antiphon_models.rbm.visible`.

The daemon reads this module and never the training: nothing here needs more than msgspec.

The exported graph has one signature, ``step``: ``sweeps`` steps of block Gibbs sampling, batch 1, in which
the units that are clamped keep their values. All randomness is an input:

===============  ========================  =============================================================
input            shape                     meaning
===============  ========================  =============================================================
visible          (1, visible)              where the chain stands
clamp            (1, visible)              1: the unit is as ``values`` says; 0: it is drawn
values           (1, visible)              0 or 1 where ``clamp`` is 1, and 0 elsewhere
bias             (1, visible)              added to the logits of visible units: a wish, 0 for none
beta             (1, 1)                    inverse temperature of both layers
hidden_noise     (sweeps, hidden)          uniform from 0 to 1
visible_noise    (sweeps, steps * keys)    the same
===============  ========================  =============================================================

The output is ``visible_after`` (1, visible).
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from antiphon_models.card import Card, Width

SIGNATURE = "step"

STRUCK, HELD = 0, 1
"""The two units of a key in a step."""

MOST_LOGIT, LEAST_LOGIT = 15.0, -30.0
"""What a unit's logit is taken to be at most and at least, so that no product overflows."""

MOST_WORTH = 1e18
"""How many times likelier a key that sounds may make what follows."""

LEAST_SHARE = 1e-12
"""What nothing counts as where something is divided by it."""


class RbmSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="family", tag="rbm"):
    """The shape of a machine.

    Attributes:
        hidden: hidden units.
        steps: sixteenths in a window.
        lowest: MIDI note number of the lowest key at home.
        keys: how many keys there are.
    """

    hidden: Width = 256
    steps: Width = 15
    lowest: Annotated[int, Meta(ge=0, le=127)] = 33
    keys: Annotated[int, Meta(ge=1, le=128)] = 64

    @property
    def visible(self) -> int:
        """Return the number of visible units."""
        return self.steps * 2 * self.keys


SWEEPS = 4
"""Gibbs steps that the graph takes at a call."""


class Known(msgspec.Struct, frozen=True):
    """What a file makes of music that it never saw, in nats for each step of a sixteenth.

    Attributes:
        nats_per_step: surprise, by annealed importance sampling.
        error: its standard error.
        pseudo_likelihood: of each key in each step given all else.
        reconstruction: surprise at a window of the hidden units that it causes.
    """

    nats_per_step: float
    error: float
    pseudo_likelihood: float
    reconstruction: float


class RbmCard(Card, frozen=True, kw_only=True, omit_defaults=True, tag="rbm"):
    """The card of a machine.

    Attributes:
        spec: its shape.
        held_out: what the weights of this very file make of music that they never saw.
    """

    spec: RbmSpec
    held_out: Known

    @property
    def fits(self) -> bool:
        """Whether a window of the machine is one that the engine can fill."""
        return self.spec.steps > 1 and self.spec.keys >= 12

    @property
    def figure(self) -> str:
        return f"{self.held_out.nats_per_step:.2f} nats per sixteenth"
