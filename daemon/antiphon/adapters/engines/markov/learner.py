"""Learns a player's style phrase by phrase, from their own music alone, and forgets what was long ago.

It follows what the player played and nothing else: what sounded between two phrases is not their style. So
what it has learnt depends on the phrases only, and can be learnt again from them. It knows no files.
"""

from collections import deque
from collections.abc import Iterable, Iterator

from antiphon.core.units import Seconds
from antiphon_models import vocab
from antiphon_models.markov.past import SILENCE, Past
from antiphon_models.markov.style import Style

PAUSE: Seconds = 2.0
"""Silence of the player after which their next note begins a phrase."""

BYTES_OF_AN_EVENT = 3

FORGOTTEN_AT_ONCE = 2
"""Events that are forgotten for each that is learnt, so that no phrase takes long to forget."""

MOST_FRESH = 4096
"""Events that wait to be kept, two minutes of two hands; beyond that the oldest go. With
`markov.learn` off nobody ever takes them.
"""

Event = tuple[int, int, int]


class Learner:
    """Everything is called on one thread, but for ``take_fresh``.

    Args:
        style: what learns.
        keep_last: phrases that are remembered, the last ones.
        phrases: what was played before, three bytes for each event.
    """

    def __init__(self, style: Style, keep_last: int, phrases: Iterable[bytes | bytearray] = ()) -> None:
        self.style = style
        self._keep_last = keep_last
        self._phrases = deque(map(bytearray, phrases))
        self._fading: Iterator[tuple[Past, Event]] = iter(())
        self._past = SILENCE
        self._heard_at: Seconds | None = None
        self._fresh: deque[tuple[bool, Event]] = deque(maxlen=MOST_FRESH)

    @classmethod
    def of(cls, style: Style, keep_last: int, phrases: Iterable[bytes]) -> "Learner":
        """Return a learner that has learnt the last of some phrases."""
        latest = deque(phrases, maxlen=keep_last)
        for phrase in latest:
            for past, event in followed(phrase):
                style.learn(past, event)
        return cls(style, keep_last, latest)

    @property
    def phrases(self) -> int:
        """How many phrases are remembered."""
        return len(self._phrases)

    def copy(self) -> "Learner":
        """Return a learner that knows the same and goes its own way."""
        return Learner(self.style.copy(), self._keep_last, self._phrases)

    def hear(self, event: Event, at: Seconds) -> None:
        """Learn an event of the player's; ``at`` is on whatever clock, which may be set back."""
        is_first = self._heard_at is None or not 0.0 <= at - self._heard_at <= PAUSE
        if is_first:
            self._past = SILENCE
            self._phrases.append(bytearray())
        elapsed = 0.0 if is_first or self._heard_at is None else at - self._heard_at
        self._heard_at = at
        event = vocab.dt_bin(elapsed), event[1], event[2]
        self.style.learn(self._past, event)
        self._past = self._past.after(event)
        self._phrases[-1] += bytes(event)
        self._fresh.append((is_first, event))
        self._forget_a_little()

    def take_fresh(self) -> list[tuple[bool, Event]]:
        """Return what was learnt since this was last asked, and whether it began a phrase; any thread."""
        fresh = []
        while self._fresh:
            fresh.append(self._fresh.popleft())
        return fresh

    def _forget_a_little(self) -> None:
        for _ in range(FORGOTTEN_AT_ONCE):
            forgotten = next(self._fading, None)
            if forgotten is not None:
                self.style.forget(*forgotten)
            elif len(self._phrases) > self._keep_last:
                self._fading = followed(self._phrases.popleft())


def followed(phrase: bytes | bytearray) -> Iterator[tuple[Past, Event]]:
    """Yield each event of a phrase with what was heard before it."""
    past = SILENCE
    for start in range(0, len(phrase), BYTES_OF_AN_EVENT):
        dt, velocity, pitch = phrase[start : start + BYTES_OF_AN_EVENT]
        yield past, (dt, velocity, pitch)
        past = past.after((dt, velocity, pitch))
