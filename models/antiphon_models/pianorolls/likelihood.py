"""The event network as an exact, normalised distribution over rolls of a known length.

At each step what cannot follow is forbidden and what is left of each field shares the whole chance: dt = 0
where the frame is finished, releases after onsets, pitches that go down again. So every roll has one way to
come about, and the chances of all rolls of a length add up to 1. The end is the chance that nothing changes
until the roll is over.
"""

from typing import NamedTuple, Protocol

from keras import ops

from antiphon_models import vocab
from antiphon_models.backends import Tensor
from antiphon_models.pianorolls.windows import LONGER, ONSET, RELEASE, STRIKE, RollWindow
from antiphon_models.spec import IMPOSSIBLE

GOES_ON = 0.9
"""The chance, each frame past the longest wait that has a bin, that the wait goes on."""


class Heads(Protocol):
    """What the three fields are predicted with, see ``network.Heads``."""

    def look(self, features: Tensor, sounding: Tensor) -> Tensor: ...

    def dt_logits(self, seen: Tensor) -> Tensor: ...

    def velocity_logits(self, seen: Tensor, dt: Tensor, sounding: Tensor) -> Tensor: ...

    def pitch_logits(self, seen: Tensor, dt: Tensor, velocity: Tensor, sounding: Tensor) -> Tensor: ...


class Surprise(NamedTuple):
    """Nats, (lanes, time) each: of when, of whether a release or an onset, of which pitch, and, as a part
    of the first, that the frame holds nothing more.
    """

    dt: Tensor
    kind: Tensor
    pitch: Tensor
    closing: Tensor


def surprise(heads: Heads, features: Tensor, window: RollWindow) -> Surprise:
    """Return the surprise of each event given those before it; at the end, that nothing changes any more."""
    frames = window.frames
    dt = ops.minimum(frames, LONGER)
    seen = heads.look(features, window.sounding)
    log_dt = _log_share(heads.dt_logits(seen), _possible_dt(window))
    possible = ops.where((frames > 0)[..., None], window.later, window.now)
    kind, pitch = window.events[:, 1:, 1], window.events[:, 1:, 2]
    log_kind = _log_share(heads.velocity_logits(seen, dt, window.sounding), _possible_kinds(possible))
    wanted = ops.where(kind == vocab.RELEASE, RELEASE, STRIKE)[..., None]
    log_pitch = _log_share(
        heads.pitch_logits(seen, dt, kind, window.sounding), possible == ops.cast(wanted, "int8")
    )
    heard = window.weights * ops.cast(~window.is_end, "float32")
    return Surprise(
        dt=-window.weights * _log_wait(log_dt, frames, window.is_end),
        kind=-heard * _picked(log_kind, kind),
        pitch=-heard * _picked(log_pitch, pitch),
        closing=-window.weights * ops.cast(frames > 0, "float32") * ops.logsumexp(log_dt[..., 1:], -1),
    )


def _log_wait(log_dt: Tensor, frames: Tensor, is_end: Tensor) -> Tensor:
    """Return the logarithm of the chance of a wait, or at the end of one that is at least as long."""
    dt = ops.minimum(frames, LONGER)
    beyond = ops.cast(ops.maximum(frames - LONGER, 0), "float32") * ops.log(GOES_ON)
    is_beyond = ops.cast(frames >= LONGER, "float32")
    ends_there = is_beyond * ops.log(1.0 - GOES_ON)
    too_short = ops.arange(vocab.DT_BINS) < dt[..., None]
    at_least = ops.logsumexp(log_dt + IMPOSSIBLE * ops.cast(too_short, "float32"), -1)
    return beyond + ops.where(is_end, at_least, _picked(log_dt, dt) + ends_there)


def _possible_dt(window: RollWindow) -> Tensor:
    """Return (lanes, time, bins): the same frame where anything may follow in it, and every later one."""
    goes_on = ops.any(ops.cast(window.now, "bool"), -1)[..., None]
    return ops.logical_or(goes_on, ops.arange(vocab.DT_BINS) > 0)


def _possible_kinds(possible: Tensor) -> Tensor:
    """Return (lanes, time, velocity classes): a release and an onset, where there is one to choose."""
    classes = ops.arange(vocab.VELOCITY_CLASSES)
    release = ops.any(possible == RELEASE, -1)[..., None]
    onset = ops.any(possible == STRIKE, -1)[..., None]
    return ops.logical_or(
        ops.logical_and(release, classes == vocab.RELEASE), ops.logical_and(onset, classes == ONSET)
    )


def _log_share(logits: Tensor, possible: Tensor) -> Tensor:
    """Return logarithms of chances that are shared among what is possible."""
    return ops.log_softmax(logits + IMPOSSIBLE * (1.0 - ops.cast(possible, "float32")), -1)


def _picked(logarithms: Tensor, index: Tensor) -> Tensor:
    return ops.take_along_axis(logarithms, index[..., None], -1)[..., 0]
