"""Windows of events, cut so that the network's state can be carried from each to the next.

A batch has a fixed number of lanes. Each lane plays one piece after another, a window at a time, and
says when a new piece begins so that the state is reset there, as it is at the keyboard. What a lane gives
follows from its playlist and its place in it, so the place is all that a checkpoint has to keep.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from antiphon_models import guide, vocab
from antiphon_models.lessons.hints import SECONDS, Hints
from antiphon_models.spec import FADE, HELD_LONG

Events = npt.NDArray[np.int32]
"""(events, 4): dt bin, velocity class, pitch, part."""

Floats = npt.NDArray[np.float32]

GRID = SECONDS.astype(np.float32)
"""Seconds of each dt bin."""

Playlist = Callable[[int], Events | None]
"""Gives the piece of a turn, counted from 0; None when all has been played."""


class Window(NamedTuple):
    """One batch of consecutive events; each is predicted from the ones before it.

    ``events``: (lanes, time + 1, 4) int32 of dt bin, velocity class, pitch, part.
    ``sounding``: (lanes, time, 128) float32, what sounds after each event but the last.
    ``asked``: (lanes, time) int32, the part whose next event is asked for, 0 for whichever comes.
    ``guide``: (lanes, 19) float32, what the music to come is like; zeros where it is not told.
    ``weights``: (lanes, time) float32, 1 where the event to be predicted is of the piece.
    ``fresh``: (lanes,) float32, 1 where a new piece begins.
    """

    events: Events
    sounding: Floats
    asked: npt.NDArray[np.int32]
    guide: Floats
    weights: Floats
    fresh: Floats


class Place(NamedTuple):
    """Where a lane is: a turn of its playlist, and the event that the next window begins with."""

    turn: int
    event: int


class Cut(NamedTuple):
    """A lane's share of a window.

    ``events``: (up to time + 1, 4), the first of them the last of the cut before.
    ``struck``: (128,) seconds, below 0, when what sounds was struck, counted from the event before these;
    minus infinity for what is silent.
    ``asked``: (events,) and ``guide``: (19,) as in a window.
    ``is_fresh``: whether a piece begins here.
    """

    events: Events
    struck: Floats
    asked: npt.NDArray[np.int32]
    guide: Floats
    is_fresh: bool


class Lane:
    """Plays pieces one after another, a window at a time."""

    def __init__(self, playlist: Playlist, hints: Hints | None = None) -> None:
        self._playlist = playlist
        self._hints = hints
        self.go_to(Place(0, 0))

    @property
    def place(self) -> Place:
        """Return where the next cut begins."""
        return Place(self._turn, self._event)

    def go_to(self, place: Place) -> None:
        """Go on from where a lane with the same playlist and hints was."""
        self._turn, self._event = place
        self._piece: _Heard | None = None

    def next_cut(self, time: int) -> Cut | None:
        """Return up to ``time + 1`` events and what is to be known of them, None when all has been played."""
        piece = self._playing()
        if piece is None:
            return None
        begin, end = self._event, min(self._event + time + 1, len(piece.events))
        events = piece.events[begin:end]
        asked, told = np.zeros(len(events), np.int32), np.zeros(guide.WIDTH, np.float32)
        if self._hints:
            asked, told = self._hints.at(self._turn, begin, events, piece.events[begin + 1 :])
        self._event += time
        return Cut(events, piece.struck_before(begin), asked, told, begin == 0)

    def _playing(self) -> "_Heard | None":
        """Return the piece that goes on here, or else the next that holds something to predict."""
        while self._piece is None or self._event + 1 >= len(self._piece.events):
            if self._piece is not None:
                self._turn, self._event, self._piece = self._turn + 1, 0, None
            events = self._playlist(self._turn)
            if events is None:
                return None
            self._piece = _Heard(events)
        return self._piece


class _Heard:
    """A piece, and what sounds in it so far."""

    def __init__(self, events: Events) -> None:
        self.events = events
        self._at = np.cumsum(SECONDS[events[:, 0]])
        self._latest = np.full(vocab.PITCHES, -1)
        self._heard = 0

    def struck_before(self, begin: int) -> Floats:
        """Return when what sounds was struck (128,), counted from the event before ``begin``."""
        self._latest[self.events[self._heard : begin, 2]] = np.arange(self._heard, begin)
        self._heard = begin
        sounds = (self._latest >= 0) & (self.events[self._latest, 1] > vocab.RELEASE)
        ago = self._at[self._latest] - self._at[begin - 1]
        return np.where(sounds, ago, -np.inf).astype(np.float32)


def windows(lanes: Sequence[Lane], time: int) -> Iterator[Window]:
    """Yield windows until every lane's playlist has ended."""
    while (window := next_window(lanes, time)) is not None:
        yield window


def next_window(lanes: Sequence[Lane], time: int) -> Window | None:
    """Return the next window of all lanes together, None when every playlist has ended."""
    events = np.zeros((len(lanes), time + 1, 4), np.int32)
    asked = np.zeros((len(lanes), time), np.int32)
    guides = np.zeros((len(lanes), guide.WIDTH), np.float32)
    weights = np.zeros((len(lanes), time), np.float32)
    fresh = np.ones(len(lanes), np.float32)
    struck = np.full((len(lanes), vocab.PITCHES), -np.inf, np.float32)
    for index, lane in enumerate(lanes):
        cut = lane.next_cut(time)
        if cut is not None:
            targets = len(cut.events) - 1
            events[index, : targets + 1] = cut.events
            asked[index, :targets] = cut.asked[:-1]
            guides[index], fresh[index], struck[index] = cut.guide, cut.is_fresh, cut.struck
            weights[index, :targets] = 1.0
    if not weights.any():
        return None
    return Window(events, _sounding(events, struck), asked, guides, weights, fresh)


def _sounding(events: Events, struck: Floats) -> Floats:
    """Return what sounds after each event but the last (lanes, time, 128); ``struck`` is from before."""
    every_lane = np.arange(len(events))
    clock = np.zeros((len(events), 1), np.float32)
    sounding = np.zeros((len(events), events.shape[1] - 1, vocab.PITCHES), np.float32)
    for step in range(sounding.shape[1]):
        dt, velocity, pitch = events[:, step, :3].T
        clock += GRID[dt][:, None]
        struck[every_lane, pitch] = np.where(velocity > 0, clock[:, 0], -np.inf)
        sounding[:, step] = level(struck - clock)
    return sounding


def level(since: Floats, fade: float = FADE) -> Floats:
    """Return what is contributed to ``sounding`` by notes that were struck at moments, counted from now.

    Minus infinity is the moment of a note that does not sound.
    """
    faded = HELD_LONG + (1 - HELD_LONG) * np.exp(since / fade)
    return np.where(since > -np.inf, faded, 0.0).astype(np.float32)
