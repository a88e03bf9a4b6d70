"""Windows of events, cut so that the network's state can be carried from each to the next.

A batch has a fixed number of lanes. Each lane plays one piece after another, a window at a time, and
says when a new piece begins so that the state is reset there, as it is at the keyboard.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from antiphon_models import guide, vocab
from antiphon_models.spec import FADE, HELD_LONG

Events = npt.NDArray[np.int32]
"""(events, 4): dt bin, velocity class, pitch, part."""


class Window(NamedTuple):
    """One batch of consecutive events; each is predicted from the ones before it.

    ``events``: (lanes, time + 1, 4) int32 of dt bin, velocity class, pitch, part.
    ``sounding``: (lanes, time, 128) float32, what sounds after each event but the last.
    ``asked``: (lanes, time) int32, the part whose next event is asked for, 0 for whichever comes.
    ``guide``: (lanes, 19) float32, what the music to come is like; zeros where it is not told.
    ``weights``: (lanes, time) float32, 1 where the event to be predicted is of the piece.
    ``fresh``: (lanes,) float32, 1 where a new piece begins.
    """

    events: npt.NDArray[np.int32]
    sounding: npt.NDArray[np.float32]
    asked: npt.NDArray[np.int32]
    guide: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    fresh: npt.NDArray[np.float32]


class Hints:
    """What a pupil is told beside the music: sometimes what is to come is like, sometimes who is asked.

    Told only now and then, the network also learns to do without.
    """

    TOLD = 0.5
    """How often anything is said of what is to come, and then of each of its four sides."""

    SHORTEST, LONGEST = 64, 512
    """Events to come that a guide sums up."""

    ASKED = 0.5
    """How often one of the two parts is asked for, where they are told apart."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def guide(self, to_come: Events) -> npt.NDArray[np.float32]:
        """Return the guide (19,) to the events that are about to be played."""
        onsets = to_come[:, 1] > vocab.RELEASE
        if self._rng.random() > self.TOLD or not onsets.any():
            return np.zeros(guide.WIDTH, np.float32)
        span = int(np.exp(self._rng.uniform(np.log(self.SHORTEST), np.log(self.LONGEST))))
        to_come, onsets = to_come[:span], onsets[:span]
        if not onsets.any():
            return np.zeros(guide.WIDTH, np.float32)
        seconds = float(GRID[to_come[:, 0]].sum())
        density, loudness, register, classes = guide.likeness(
            max(seconds, 0.1), VELOCITIES[to_come[onsets, 1]], to_come[onsets, 2]
        )
        told = self._rng.random(4) > 1.0 - self.TOLD - 0.2
        return guide.guide(
            density if told[0] else None,
            loudness if told[1] else None,
            register if told[2] else None,
            classes.tolist() if told[3] else None,
        )

    def asked(self, window: Events) -> Events:
        """Return the part (events,) that is asked for after each event."""
        asked = self._rng.integers(1, 3, len(window)) * (self._rng.random(len(window)) < self.ASKED)
        return (asked * (window[:, 3] > 0).any()).astype(np.int32)


class Lane:
    """Plays pieces one after another, a window at a time."""

    def __init__(self, playlist: Iterator[Events], hints: Hints | None = None) -> None:
        self._playlist = playlist
        self._hints = hints
        self._events: Events = np.zeros((0, 4), np.int32)
        self._position = 0
        self.is_fresh = True

    def next_events(self, time: int) -> tuple[Events, Events, npt.NDArray[np.float32]] | None:
        """Return up to ``time + 1`` events, whom to ask after each, and the guide to them.

        The first event is the last of the window before.
        """
        self.is_fresh = self._position + 1 >= len(self._events)
        while self._position + 1 >= len(self._events):
            following = next(self._playlist, None)
            if following is None:
                return None
            self._events, self._position = following, 0
        window = self._events[self._position : self._position + time + 1]
        to_come = self._events[self._position + 1 :]
        self._position += time
        if self._hints is None:
            return window, np.zeros(len(window), np.int32), np.zeros(guide.WIDTH, np.float32)
        return window, self._hints.asked(window), self._hints.guide(to_come)


def windows(lanes: Sequence[Lane], time: int) -> Iterator[Window]:
    """Yield windows until every lane's playlist has ended."""
    struck = np.full((len(lanes), vocab.PITCHES), -np.inf, np.float32)
    clock = np.zeros((len(lanes), 1), np.float32)
    every_lane = np.arange(len(lanes))
    while True:
        events = np.zeros((len(lanes), time + 1, 4), np.int32)
        asked = np.zeros((len(lanes), time), np.int32)
        guides = np.zeros((len(lanes), guide.WIDTH), np.float32)
        weights = np.zeros((len(lanes), time), np.float32)
        for index, lane in enumerate(lanes):
            cut = lane.next_events(time)
            if cut is not None:
                played, asked_after, guides[index] = cut
                events[index, : len(played)] = played
                asked[index, : len(played) - 1] = asked_after[:-1]
                weights[index, : len(played) - 1] = 1.0
        if not weights.any():
            return
        fresh = np.array([lane.is_fresh for lane in lanes])
        struck[fresh] = -np.inf
        sounding = np.zeros((len(lanes), time, vocab.PITCHES), np.float32)
        for step in range(time):
            dt, velocity, pitch = events[:, step, :3].T
            clock += GRID[dt][:, None]
            struck[every_lane, pitch] = np.where(velocity > 0, clock[:, 0], -np.inf)
            is_sounding = struck > -np.inf
            sounding[:, step] = is_sounding * (HELD_LONG + (1 - HELD_LONG) * np.exp((struck - clock) / FADE))
        yield Window(events, sounding, asked, guides, weights, fresh.astype(np.float32))
        struck -= clock
        clock[:] = 0


GRID = np.array(vocab.DT_GRID, np.float32)
VELOCITIES = np.array([vocab.velocity_of(class_) for class_ in range(vocab.VELOCITY_CLASSES)], np.float64)
