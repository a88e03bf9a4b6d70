"""What becomes of a request that has come in by a door: followed by an improviser under a simulated clock."""

from functools import cache

from antiphon.adapters.desk import played
from antiphon.config import Loaded, changed
from antiphon.core.cue import phrase_of
from antiphon.core.events import SettingsChanged, Silenced, Triggered
from antiphon.core.improviser import Improviser
from antiphon.errors import ConfigurationError
from antiphon.requests import Change, Request, Trigger
from default_config import loaded
from synthesizer import Synthesizer
from target import is_told
from uniform_engine import UniformEngine

A_WHILE = 8.0
"""Simulated seconds: some of each answer."""


def follow(request: Request, source: str) -> None:
    """Do what somebody asks for, as the desk would, and see that nothing goes on sounding."""
    match request:
        case Change(settings):
            try:
                _play(SettingsChanged(changed(_as_shipped(), settings, source).config.settings), Triggered())
            except ConfigurationError as error:
                is_told(error)
        case Trigger(phrase, _, seconds, seed):
            _play(Triggered(phrase_of(played(phrase)), seconds, seed))


@cache
def _as_shipped() -> Loaded:
    return loaded("play.seconds=3", "play.longest_note=1")


def _play(*events: SettingsChanged | Triggered) -> None:
    improviser = Improviser(UniformEngine(), _as_shipped().config.settings, 0.0)
    synthesizer = Synthesizer(improviser)
    for event in events:
        improviser.receive(event, 0.0)
    synthesizer.pass_time(A_WHILE)
    improviser.receive(Silenced(), synthesizer.now)
    synthesizer.play()
    assert not synthesizer.sounding, f"stuck: {synthesizer.sounding}"
