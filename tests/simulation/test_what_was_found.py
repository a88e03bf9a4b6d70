"""What simulated sessions have found that was wrong, each as small as it could be made."""

from typing import Any

from antiphon.core.events import (
    Event,
    HoldPressed,
    HoldReleased,
    KeyPressed,
    KeyReleased,
    SettingsChanged,
    Silenced,
    Triggered,
)
from antiphon.core.settings import Settings
from antiphon.core.units import Pitch, Velocity
from default_settings import settings
from drawn_sessions import DrawnSession, drawn, live_through, what_can_be_compared
from simulated_room import Happening


def briefly(mode: str, look_ahead: float = 0.0, zone: int = 0, **sections: dict[str, Any]) -> Settings:
    """Return settings of short answers, of one note at a time."""
    play = {"mode": mode, "polyphony": 1, "seconds": 3.0, "lowest": 58, "highest": 66, "longest_note": 1.0}
    return settings(
        play=play | sections.pop("play", {}),
        latency={"look_ahead": look_ahead, "late_onset": 0.05},
        attract={"after": 2.0, "rest": 1.0, "seconds": 4.0, "fade": 1.0},
        guide={"zone": zone},
        turn={"shortest_pause": 0.2, "longest_pause": 1.0, "absence": 5.0, "longest_hold": 30.0},
        **sections,
    )


HARMONISING = briefly("duet", look_ahead=2.0, duet={"style": "harmonise"})


def pressed(pitch: int) -> KeyPressed:
    return KeyPressed(Pitch(pitch), Velocity(80))


def released(pitch: int) -> KeyReleased:
    return KeyReleased(Pitch(pitch))


def promises_hold(first: Settings, happenings: list[tuple[float, Event]], is_compared: bool = False) -> None:
    """Let a session happen by some seeds, each time before a witness."""
    for seed in range(20):
        session = DrawnSession(seed, first, [Happening(wait, event) for wait, event in happenings])
        assert (what_can_be_compared(session) is not None) or not is_compared
        live_through(session)


def test_what_joins_the_players_notes_rests_while_they_are_answered() -> None:
    """It sounded on beside the answer: two notes, where one at a time is allowed."""
    promises_hold(HARMONISING, [(0.1, pressed(59)), (0.0, Triggered()), (3.0, released(59))])


def test_a_tap_of_the_pedal_has_the_second_part_answer_and_then_join_again() -> None:
    """It played along from then on, and joined each note as well."""
    promises_hold(
        HARMONISING,
        [
            (0.1, pressed(60)),
            (0.1, HoldPressed()),
            (0.3, HoldReleased()),
            (0.5, pressed(67)),
            (1.0, released(67)),
            (1.0, released(60)),
        ],
    )


def test_who_plays_along_stops_where_each_note_is_to_be_joined() -> None:
    """So it did when the style was changed in the midst of it."""
    promises_hold(
        briefly("duet", duet={"style": "gaps"}),
        [
            (0.1, pressed(60)),
            (2.0, SettingsChanged(HARMONISING)),
            (0.1, pressed(65)),
            (1.0, pressed(67)),
            (2.0, released(60)),
        ],
    )


def test_what_is_prepared_does_not_take_along_into_oblivion_that_the_second_part_ended() -> None:
    """The end of its note was heard on top of an answer that was then taken back, and forgotten with it."""
    promises_hold(
        HARMONISING, [(0.1, pressed(62)), (0.1, Triggered(at=1.0)), (0.3, Silenced())], is_compared=True
    )


def test_a_piece_that_is_only_prepared_is_no_reason_to_forget_what_was_played() -> None:
    """Who touched a key a moment before it began was met by an engine that had heard nothing."""
    promises_hold(
        briefly("attract", look_ahead=2.0),
        [
            (0.1, pressed(60)),
            (0.1, released(60)),
            (0.1, Silenced()),
            (1.0, pressed(62)),
            (0.1, released(62)),
        ],
        is_compared=True,
    )


def test_who_takes_over_leaves_the_left_hand_its_notes() -> None:
    """Those of its zone, passed through, sounded on although the key was released."""
    promises_hold(
        briefly("takeover", zone=60, play={"thru": True}),
        [
            (0.1, pressed(62)),
            (0.1, pressed(50)),
            (0.1, HoldPressed()),
            (0.5, released(50)),
            (2.0, HoldReleased()),
        ],
    )


def test_no_key_is_played_that_the_left_hand_holds() -> None:
    """Where it was passed through, the end of the answer's note was the end of the chord's."""
    promises_hold(
        briefly("answer", zone=60),
        [
            (0.1, pressed(58)),
            (0.0, pressed(59)),
            (0.1, pressed(62)),
            (0.1, released(62)),
            (4.0, released(58)),
        ],
    )


def test_a_key_that_the_left_hand_strikes_is_let_go() -> None:
    """The answer kept it, though it was the player's now."""
    touches = [(0.2, happens(pitch)) for pitch in (58, 59) * 8 for happens in (pressed, released)]
    promises_hold(briefly("takeover", zone=60), [(0.1, HoldPressed()), *touches, (0.1, HoldReleased())])


def test_who_takes_over_plays_no_key_that_the_left_hand_holds() -> None:
    """With thru all keys counted as theirs from then on, the left hand's among them."""
    promises_hold(
        briefly("takeover", zone=60, play={"thru": True}),
        [
            *[(0.1, pressed(pitch)) for pitch in (58, 59, 62)],
            (0.1, HoldPressed()),
            (4.0, HoldReleased()),
        ],
    )


def test_what_joins_a_note_is_let_go_where_the_left_hand_strikes_that_key() -> None:
    """It sounded on beside the chord."""
    touches = [(0.2, happens(pitch)) for pitch in (58, 59, 60, 61) for happens in (pressed, released)]
    promises_hold(
        briefly("duet", zone=62, duet={"style": "harmonise"}),
        [(0.1, pressed(64)), *touches, (0.1, released(64))],
    )


def test_a_long_press_is_not_followed_by_a_piece_in_the_same_moment() -> None:
    """It silenced everything, and then nobody seemed to have been there."""
    promises_hold(briefly("attract"), [(0.5, HoldPressed()), (4.0, HoldReleased())])


def test_what_is_drawn_to_a_grid_is_never_due_before_what_has_been_played() -> None:
    """A wake-up that was late played all that was planned; the next release was due before the last onset."""
    live_through(drawn(3012296))
