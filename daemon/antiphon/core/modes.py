"""When it plays, and on what terms: the one place where a mode is added.

A mode looks at the scene. What an answer then does, and how it is sent, is not its business.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from antiphon.core.attract import plays_alone_at, terms_of_a_piece
from antiphon.core.cue import Question
from antiphon.core.duet import joins_in_at, room_in_a_duet, terms_of_a_duet
from antiphon.core.scene import Scene
from antiphon.core.settings import ModeName
from antiphon.core.terms import Room, Terms
from antiphon.core.units import Seconds

SHORTEST = 2.0
"""Seconds that an answer lasts at least, however short the question was."""

LONGEST = 20.0
"""Seconds that an answer lasts at most, unless more are asked for."""

LEEWAY = 1.15
"""Times the length of the question within which its answer has to end: many phrases close a little later."""


def never(scene: Scene) -> None:
    """Somebody has to ask for it."""


def when_the_turn_is_over(scene: Scene) -> Seconds | None:
    """A phrase has been played, no key or pedal is down, and a pause follows."""
    player = scene.player
    if not player.phrase.onsets or not player.is_still:
        return None
    return player.phrase_ends_at(scene.settings.turn)


def when_the_turn_would_be_over(scene: Scene) -> Seconds | None:
    """A phrase has been played, a pause follows, and nothing but the sustain pedal is down."""
    return scene.player.phrase_would_end_at(scene.settings.turn)


def when_it_is_over_or_nobody_is_there(scene: Scene) -> Seconds | None:
    """A phrase is to be answered, or nobody has touched anything for long."""
    return when_the_turn_is_over(scene) or plays_alone_at(scene)


def while_it_is_held(scene: Scene) -> Seconds | None:
    """Somebody holds it, from now on."""
    return scene.held_since


def terms_of_an_answer(scene: Scene) -> Terms:
    """The answer is like the player's phrase, and about as long."""
    return terms_after(scene.player.question(scene.settings), scene)


def terms_after(
    question: Question, scene: Scene, seconds: Seconds | None = None, seed: int | None = None
) -> Terms:
    """Return the terms of an answer to a question.

    Args:
        question: what is answered.
        scene: who plays, and by which settings.
        seconds: how long it lasts at most, 0 for as long as the question; None as the settings say.
        seed: the same one gives the same answer to the same question; None leaves it to chance.
    """
    play = scene.settings.play
    asked_for = play.seconds if seconds is None else seconds
    if not asked_for and play.length == "phrase":
        return Terms(question.guide, LONGEST, closes_after=SHORTEST, seed=seed)
    bars = None if asked_for or play.length != "bars" else bars_of(scene, play.bars)
    length = asked_for or bars or min(max(LEEWAY * question.seconds, SHORTEST), LONGEST)
    return Terms(question.guide, length, seed=seed)


def bars_of(scene: Scene, bars: int) -> Seconds | None:
    """Return how long some bars are; None where nobody gives a beat."""
    metre = scene.pulse.metre(scene.quiet_since)
    return None if metre is None else bars * metre.bar * metre.period


def terms_of_a_takeover(scene: Scene) -> Terms:
    """It goes on in mid-phrase until it is let go, and with thru, the notes that sound are now its own."""
    player, settings = scene.player, scene.settings
    inherited = player.sounding if settings.play.thru else frozenset()
    return Terms(player.guide(settings), touched="goes on", inherited=inherited, is_prompt=False)


def terms_of_an_answer_or_a_piece(scene: Scene) -> Terms:
    """A phrase is answered; where there is none, a piece is played."""
    return terms_of_an_answer(scene) if scene.player.phrase.onsets else terms_of_a_piece(scene)


def keys_not_held(scene: Scene) -> Room:
    """The player leaves every key that they do not hold."""
    return Room(scene.player.holding)


@dataclass(frozen=True, slots=True)
class Mode:
    """What is asked of a mode.

    Attributes:
        begins_at: returns the moment at which it begins to play, unless the player touches something before;
            None while it waits for that.
        terms: returns the terms on which it then plays.
        withheld_from: returns the moment from which it would play, were the sustain pedal not down; None
            while it waits for something else.
        room: returns what the player leaves to it, which is asked again whenever they touch something.
        goes_along: whether the terms, too, are drawn up anew at each touch, and the player and it are two
            parts of one music, not one after the other.
        is_held: whether to hold it is to have it play.
        forgets: whether it begins anew for whoever comes when somebody has left.
    """

    begins_at: Callable[[Scene], Seconds | None]
    terms: Callable[[Scene], Terms] = terms_of_an_answer
    withheld_from: Callable[[Scene], Seconds | None] = never
    room: Callable[[Scene], Room] = keys_not_held
    goes_along: bool = False
    is_held: bool = False
    forgets: bool = False


MODES: Mapping[ModeName, Mode] = {
    "answer": Mode(when_the_turn_is_over, withheld_from=when_the_turn_would_be_over),
    "listen": Mode(never),
    "duet": Mode(joins_in_at, terms_of_a_duet, room=room_in_a_duet, goes_along=True),
    "takeover": Mode(while_it_is_held, terms_of_a_takeover, is_held=True),
    "attract": Mode(
        when_it_is_over_or_nobody_is_there,
        terms_of_an_answer_or_a_piece,
        withheld_from=when_the_turn_would_be_over,
        forgets=True,
    ),
}
