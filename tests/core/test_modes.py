"""When each mode begins to play."""

import typing

from antiphon.core.modes import LEEWAY, LONGEST, MODES, SHORTEST
from antiphon.core.player import Player
from antiphon.core.pulse import Pulse
from antiphon.core.scene import Scene
from antiphon.core.settings import ModeName
from antiphon.core.terms import Terms
from antiphon.core.units import Pitch, Velocity
from default_settings import settings

CHOSEN = settings(turn={"shortest_pause": 0.5, "longest_pause": 0.5}, attract={"after": 60.0, "rest": 20.0})
C = Pitch(60)


def scene() -> Scene:
    return Scene(Player(), CHOSEN, Pulse(CHOSEN.tempo, 0.0), quiet_since=0.0)


def test_every_mode_that_can_be_chosen_is_there() -> None:
    assert set(MODES) == set(typing.get_args(ModeName))


def test_an_answer_begins_when_a_pause_follows_the_phrase_and_no_key_is_down() -> None:
    seen, begins_at = scene(), MODES["answer"].begins_at
    assert begins_at(seen) is None
    seen.player.press(C, Velocity(80), 1.0)
    assert begins_at(seen) is None
    seen.player.release(C, 2.0)
    assert begins_at(seen) == 2.5
    seen.player.begin_anew()
    assert begins_at(seen) is None


def test_an_answer_is_withheld_by_the_pedal_alone_and_who_listens_withholds_none() -> None:
    seen = scene()
    seen.player.pedal(127, 0.0)
    seen.player.press(C, Velocity(80), 1.0)
    assert MODES["answer"].withheld_from(seen) is None
    seen.player.release(C, 2.0)
    assert MODES["answer"].begins_at(seen) is None
    assert MODES["answer"].withheld_from(seen) == 2.5
    assert MODES["listen"].withheld_from(seen) is None


def test_who_listens_never_begins() -> None:
    seen = scene()
    seen.player.press(C, Velocity(80), 1.0)
    seen.player.release(C, 2.0)
    assert MODES["listen"].begins_at(seen) is None


def test_a_duet_begins_a_moment_after_the_player_though_keys_are_down() -> None:
    seen = scene()
    assert MODES["duet"].begins_at(seen) is None
    seen.player.press(C, Velocity(80), 5.0)
    assert MODES["duet"].begins_at(seen) == 6.0


def test_a_takeover_begins_when_it_is_held_and_not_before() -> None:
    seen = scene()
    seen.player.press(C, Velocity(80), 1.0)
    assert MODES["takeover"].begins_at(seen) is None
    seen.held_since = 3.0
    assert MODES["takeover"].begins_at(seen) == 3.0


def test_by_itself_it_begins_when_nobody_has_played_for_long_and_then_after_each_rest() -> None:
    seen, begins_at = scene(), MODES["attract"].begins_at
    assert begins_at(seen) == 60.0
    seen.quiet_since, seen.alone = 100.0, 1
    assert begins_at(seen) == 120.0
    seen.is_open = False
    assert begins_at(seen) is None


def test_by_itself_it_does_not_begin_while_somebody_plays_and_answers_when_they_have() -> None:
    seen, begins_at = scene(), MODES["attract"].begins_at
    seen.player.press(C, Velocity(80), 1.0)
    assert begins_at(seen) is None
    seen.player.release(C, 2.0)
    assert begins_at(seen) == 2.5


def terms(length: str, **tempo: object) -> Terms:
    chosen = settings(play={"length": length, "bars": 2}, tempo=tempo)
    seen = Scene(Player(), chosen, Pulse(chosen.tempo, 0.0), quiet_since=0.0)
    for at in range(8):
        seen.player.press(C, Velocity(80), float(at))
        seen.player.release(C, at + 0.5)
    return MODES["answer"].terms(seen)


def test_an_answer_is_as_long_as_the_question_or_some_bars_or_until_its_phrase_closes() -> None:
    assert terms("question").length == 7.5 * LEEWAY
    assert terms("bars", source="fixed", bpm=120, bar=3).length == 2 * 3 * 0.5
    phrase = terms("phrase")
    assert (phrase.closes_after, phrase.length) == (SHORTEST, LONGEST)


def test_where_nobody_gives_a_beat_some_bars_are_as_long_as_the_question() -> None:
    assert terms("bars", source="clock").length == terms("question").length
