"""Whose turn it is, as anybody tells who knows what the modes promise (docs/modes.md), and what follows.

By rules of its own: it shares no code with the improviser.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from antiphon.core.commands import (
    Command,
    CueDropped,
    HeldLong,
    KeysHeld,
    PlayerLeft,
    Publish,
    TurnGivenBack,
    TurnTaken,
)
from antiphon.core.events import (
    Event,
    HoldPressed,
    HoldReleased,
    HoursTold,
    InputLost,
    OutputLost,
    SettingsChanged,
    Silenced,
    Triggered,
)
from antiphon.core.settings import Settings, Tempo
from seen_player import SeenPlayer

MOMENT = 1e-9
"""Seconds that are lost where moments are added up."""

IMPRESSION = 1.0
"""Seconds that a duet listens before it joins in."""

LONG_PRESS = 1.5
"""Seconds of a press that silences everything, in the modes that do not play meanwhile."""

LONGEST = 20.0
"""Seconds of an answer at most, where nobody asks for more."""

Manner = Literal["yields", "goes on", "fades"]
"""What it does when a key is struck."""


@dataclass
class SeenTurns:
    """Sees how turns are taken and given back, and raises an AssertionError where one is not as promised.

    Attributes:
        settings: that hold now.
        player: who plays beside it.
        manner: of what it plays; None while it has nothing to play.
        ends_at: the moment from which on no note begins.
        held_since: when somebody began to hold it; None while nobody does.
        has_begun_anew: whether, in this step, all that was heard was forgotten.
    """

    settings: Settings
    player: SeenPlayer
    manner: Manner | None = None
    ends_at: float = math.inf
    held_since: float | None = None
    has_begun_anew: bool = False
    _is_fading: bool = False
    _asked: Triggered | None = None
    _is_open: bool = True
    _quiet_since: float = 0.0
    _alone: bool = False
    _phrase_began: float | None = None

    @property
    def is_free_in_time(self) -> bool:
        """Whether notes sound where they were imagined, and not on a grid."""
        return is_free(self.settings.tempo)

    @property
    def is_note_against_note(self) -> bool:
        return self.settings.play.mode == "duet" and self.settings.duet.style == "harmonise"

    @property
    def plays_while_held(self) -> bool:
        return self.settings.play.mode == "takeover"

    def see(self, at: float, event: Event | None) -> bool:
        """See something happen; tell whether all that it plays has to be silent after that."""
        self.has_begun_anew = False
        if self.player.touched_at == at or self.player.means(event):
            self._quiet_since, self._alone = at, False
        if self.player.strikes(event):
            return self._are_struck(at)
        match event:
            case Triggered() if self.manner is None:
                self._asked = event
            case HoldPressed():
                self.held_since = at
            case HoldReleased() if self.held_since is not None:
                return self._are_let_go()
            case InputLost():
                was_held, self.held_since = self.held_since is not None, None
                if was_held and self.plays_while_held:
                    return self._lose_the_floor()
            case HoursTold(is_open):
                self._is_open = is_open
                if self.manner == "fades" and not is_open:
                    self._fade(at)
            case OutputLost():
                return self._lose_the_floor()
            case Silenced():
                return self._are_silenced(at)
            case SettingsChanged(settings):
                return self._follow(settings, at)
        self._go_along(at, event)
        return False

    def hear_of(self, at: float, event: Event | None, said: Sequence[Command]) -> None:
        """Hear what it tells of its turns, before what it plays in them."""
        for command in said:
            match command:
                case Publish(_, HeldLong()):
                    assert self.held_since is not None, "it was held long, and nobody holds it"
                    assert not self.plays_while_held, "it was held long, where it plays while it is held"
                    self._are_silenced(at)
                case Publish(_, KeysHeld()):
                    self._go_along(at, event)
                case Publish(_, CueDropped()):
                    self._asked = None
                case Publish(_, PlayerLeft()) if self.settings.play.mode == "attract":
                    self._phrase_began, self.has_begun_anew = None, True
                case Publish(due, TurnTaken(onsets)):
                    self._take(due, at, isinstance(event, HoldReleased), onsets)

    def conclude(self, at: float, event: Event | None, said: Sequence[Command], latest: float) -> bool:
        """Hear what it tells after it has played; tell whether it has nothing more to play."""
        gave_back = False
        for command in said:
            match command:
                case Publish(_, TurnTaken()):
                    gave_back = False
                case Publish(_, TurnGivenBack()):
                    gave_back = True
        if gave_back:
            self.manner, self._quiet_since = None, at
            if self.settings.play.mode == "duet" and not isinstance(event, SettingsChanged):
                self._phrase_began = at if self.player.strikes(event) else None
        if self.held_since is not None and not self.plays_while_held:
            held = at - self.held_since
            # The wake-up that would end it may be late, and so may the one before.
            assert held <= LONG_PRESS + 2 * latest, f"it has been held for {held} s, and is not silenced"
        return gave_back

    def check_onset(self, due: float, pitch: int, event: Event | None) -> None:
        """Check that a note may begin; ``pitch`` is the key that is meant."""
        assert pitch not in self.player.holding, f"{pitch} is played, which the player holds"
        if self.is_note_against_note and self.player.strikes(event):
            return
        mode = self.settings.play.mode
        assert self.manner is not None, f"{pitch} is played at {due} over a player who had taken the floor"
        if self.is_free_in_time:
            assert due < self.ends_at + MOMENT, f"{pitch} begins at {due}, after its time was up"
        if self.manner == "goes on" and mode == "takeover":
            assert self.held_since is not None, f"{pitch} is played at {due}, and nobody holds it"
        if self.manner == "goes on" and mode == "duet":
            gap = due - self.player.struck_at
            assert gap >= self.settings.duet.gap - MOMENT, f"{pitch} comes {gap} s after the player's note"

    def _are_struck(self, at: float) -> bool:
        self._asked = None
        if self._phrase_began is None:
            self._phrase_began = at
        if self.manner == "fades":
            self._fade(at)
        if self.manner == "yields":
            return self._lose_the_floor()
        self._go_along(at, None)
        return False

    def _go_along(self, at: float, event: Event | None) -> None:
        """Where it plays along, it goes on for a while after each touch."""
        is_touched = self.player.touched_at == at or self.player.means(event)
        is_anew = is_touched or isinstance(event, SettingsChanged)
        if self.manner == "goes on" and self.settings.play.mode == "duet" and is_anew:
            self.ends_at = at + self.settings.duet.lingers

    def _are_let_go(self) -> bool:
        self.held_since = None
        return self.manner is not None and self._lose_the_floor()

    def _are_silenced(self, at: float) -> bool:
        self._quiet_since, self._alone = at, False
        self._asked = self.held_since = self._phrase_began = None
        return self._lose_the_floor()

    def _lose_the_floor(self) -> bool:
        self.manner = None
        return True

    def _fade(self, at: float) -> None:
        if not self._is_fading:
            self.ends_at = min(self.ends_at, at + self.settings.attract.fade)
        self._is_fading = True

    def _follow(self, settings: Settings, at: float) -> bool:
        before, self.settings = self.settings, settings
        self.player.zone = settings.guide.zone
        if before.play.mode != settings.play.mode:
            self._asked = self.held_since = None
            self._quiet_since, self._alone = at, False
            return self._lose_the_floor()
        if self.manner == "goes on" and self.is_note_against_note:
            return self._lose_the_floor()
        self._go_along(at, SettingsChanged(settings))
        return False

    def _take(self, due: float, at: float, is_tapped: bool, onsets: int) -> None:
        assert self.manner is None, "a turn is taken that it had already"
        asked, self._asked = self._asked, None
        mode, seconds = self.settings.play.mode, self.settings.play.seconds
        if asked is not None or (is_tapped and mode != "duet"):
            wanted = None if asked is None else asked.seconds
            self._begin("yields", at + self._longest(seconds if wanted is None else wanted))
        elif mode == "takeover":
            assert self.held_since is not None, "it takes over, and nobody holds it"
            self._begin("goes on", math.inf)
        elif mode == "duet":
            began = self._phrase_began
            assert began is not None, "it joins in, and nobody plays"
            assert is_tapped or at >= began + IMPRESSION - MOMENT, (
                f"it joins in {at - began} s after the player has begun"
            )
            manner: Manner = "yields" if self.is_note_against_note else "goes on"
            self._begin(manner, at + self.settings.duet.lingers)
        else:
            assert mode != "listen", "it takes a turn, where it is only to listen"
            assert self.player.is_still, "it takes a turn while the player holds something"
            self._answer(due, at, onsets)

    def _answer(self, due: float, at: float, onsets: int) -> None:
        if onsets:
            pause = at - self.player.touched_at
            shortest = self.settings.turn.shortest_pause
            assert pause >= shortest - MOMENT, f"it answers after a pause of {pause} s"
            self._begin("yields", at + self._longest(self.settings.play.seconds))
            return
        attract = self.settings.attract
        assert self.settings.play.mode == "attract", "it answers, and nobody has played"
        assert self._is_open, "it plays by itself at an hour at which it is not to"
        quiet, wait = due - self._quiet_since, attract.rest if self._alone else attract.after
        assert quiet >= wait - MOMENT, f"it plays by itself {quiet} s after the last touch, or its last piece"
        self._alone = self.has_begun_anew = True
        self._begin("fades", at + attract.seconds)

    def _longest(self, seconds: float) -> float:
        is_counted_in_bars = not seconds and self.settings.play.length == "bars"
        return math.inf if is_counted_in_bars else seconds or LONGEST

    def _begin(self, manner: Manner, ends_at: float) -> None:
        self.manner, self.ends_at = manner, ends_at
        self._phrase_began, self._is_fading = None, False


def is_free(tempo: Tempo) -> bool:
    """Whether notes sound where they were imagined."""
    return tempo.quantise == 0.0 and tempo.swing == 0.5
