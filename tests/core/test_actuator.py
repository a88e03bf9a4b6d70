"""An instrument that takes its time: everything sounds on time, in order, and nothing hangs."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.core.actuator import SHORTEST_STROKE, Actuator, Outgoing, lead_of
from antiphon.core.commands import Command, PlayNote, Publish, Reason, ReleaseNote, SendControl, TurnGivenBack
from antiphon.core.pulse import Pulse
from antiphon.core.settings import Actuator as ActuatorSettings
from antiphon.core.units import Pitch, Velocity
from default_settings import settings

DISKLAVIER = ActuatorSettings(latency="1:160 64:80 127:0", release=30.0)


def onset(due: float, pitch: int, velocity: int) -> PlayNote:
    return PlayNote(due, Pitch(pitch), Velocity(velocity))


def release(due: float, pitch: int) -> ReleaseNote:
    return ReleaseNote(due, Pitch(pitch))


def own(due: float, pitch: int) -> PlayNote:
    return PlayNote(due, Pitch(pitch), Velocity(80), "you")


def over(due: float, reason: Reason = "interrupted") -> Publish:
    return Publish(due, TurnGivenBack(reason, 1, 1.0))


def sent(outgoing: list[Outgoing]) -> list[tuple[float, str, int]]:
    """Return when what was sent, and to which key."""
    return [
        (round(each.at, 4), "on" if isinstance(each.command, PlayNote) else "off", each.command.pitch)
        for each in outgoing
        if isinstance(each.command, PlayNote | ReleaseNote)
    ]


def all_of(actuator: Actuator, *commands: Command) -> list[Outgoing]:
    """Return everything that is ever sent of what is given out, each at its moment."""
    outgoing: list[Outgoing] = []
    for command in commands:
        outgoing += actuator.take([command], command.due)
    return outgoing + actuator.due(1e9)


def test_a_soft_note_is_sent_before_a_loud_one_and_both_sound_on_time() -> None:
    outgoing = all_of(Actuator(DISKLAVIER), onset(1.0, 60, 127), onset(1.05, 64, 64))
    assert sent(outgoing) == [(1.13, "on", 64), (1.16, "on", 60)]
    assert [each.at + each.ahead for each in outgoing] == pytest.approx([1.21, 1.16])
    assert [each.command.due for each in outgoing] == pytest.approx([1.21, 1.16])


def test_the_softest_note_goes_at_once_and_so_the_answer_is_shifted_as_a_whole() -> None:
    actuator = Actuator(DISKLAVIER)
    assert sent(actuator.take([onset(1.0, 60, 1)], 1.0)) == [(1.0, "on", 60)]
    assert actuator.lead == lead_of(DISKLAVIER) == 0.16


def test_a_release_takes_its_own_time() -> None:
    outgoing = all_of(Actuator(DISKLAVIER), onset(1.0, 60, 127), release(2.0, 60))
    assert sent(outgoing) == [(1.16, "on", 60), (2.13, "off", 60)]


def test_an_instrument_that_sounds_at_once_is_sent_everything_as_it_comes() -> None:
    actuator = Actuator()
    commands: list[Command] = [release(1.0, 60), onset(1.0, 60, 80), release(1.01, 60), over(1.0)]
    outgoing = actuator.take(commands, 1.2)
    assert [each.command for each in outgoing] == commands
    assert {each.ahead for each in outgoing} == {0.0}
    actuator.cut(1.3)
    assert actuator.next_at is None


def test_what_the_player_plays_is_not_kept_waiting() -> None:
    actuator = Actuator(DISKLAVIER)
    touches: list[Command] = [own(1.0, 60), SendControl(1.0, 64, 0, "you")]
    assert [each.command for each in actuator.take(touches, 1.0)] == touches


def test_a_note_of_the_players_that_is_taken_over_is_ended_as_any_other() -> None:
    """Its onset never waited, so nobody knew it, and it sounded on for ever."""
    actuator = Actuator(DISKLAVIER)
    actuator.take([own(1.0, 60)], 1.0)
    assert sent(actuator.take([release(2.0, 60)], 2.0)) == [(2.0, "off", 60)]
    assert sent(all_of(actuator, release(2.5, 60))) == []


def test_a_note_that_was_never_struck_does_not_take_one_of_the_players_along() -> None:
    """Its release was sent where it was cut off, and ended what the player held with the left hand."""
    actuator = Actuator(DISKLAVIER)
    actuator.take([own(1.0, 60)], 1.0)
    assert sent(actuator.take([onset(1.1, 60, 127)], 1.1)) == []
    assert sent(actuator.take([release(1.15, 60), over(1.15)], 1.15)) == []
    assert sent(actuator.take([ReleaseNote(2.0, Pitch(60), "you")], 2.0)) == [(2.0, "off", 60)]


def test_a_note_that_was_struck_is_ended_once_beside_one_of_the_players() -> None:
    actuator = Actuator(DISKLAVIER)
    actuator.take([own(1.0, 60)], 1.0)
    actuator.take([onset(1.1, 60, 1)], 1.1)
    outgoing = actuator.take([release(1.15, 60), over(1.15)], 1.15)
    assert [each.command for each in outgoing if isinstance(each.command, ReleaseNote)] == [release(1.15, 60)]
    assert sent(actuator.take([ReleaseNote(2.0, Pitch(60), "you")], 2.0)) == [(2.0, "off", 60)]


def test_a_key_that_sounds_is_let_go_before_the_player_strikes_it() -> None:
    """It was let go after that, and what the player had struck was silent."""
    actuator = Actuator(DISKLAVIER)
    actuator.take([onset(1.0, 60, 1)], 1.0)
    outgoing = actuator.take([release(1.5, 60), own(1.5, 60), over(1.5)], 1.5)
    assert sent(outgoing) == [(1.5, "off", 60), (1.5, "on", 60)]
    assert actuator.next_at is None


def test_so_it_is_where_what_is_played_goes_on() -> None:
    actuator = Actuator(DISKLAVIER)
    actuator.take([onset(1.0, 60, 1), onset(1.0, 64, 1)], 1.0)
    assert sent(actuator.take([release(1.5, 60), own(1.5, 60)], 1.5)) == [(1.5, "off", 60), (1.5, "on", 60)]
    assert sent(all_of(actuator, release(2.0, 64))) == [(2.13, "off", 64)]


def test_a_key_that_the_player_strikes_is_not_struck_by_what_was_on_its_way() -> None:
    actuator = Actuator(DISKLAVIER)
    actuator.take([onset(1.0, 60, 127)], 1.0)
    assert sent(actuator.take([own(1.1, 60)], 1.1)) == [(1.1, "on", 60)]
    assert sent(all_of(actuator, release(1.5, 60))) == []
    assert sent(actuator.take([ReleaseNote(2.0, Pitch(60), "you")], 2.0)) == [(2.0, "off", 60)]


def test_what_was_cut_off_is_not_released_though_the_table_is_gone() -> None:
    actuator = Actuator(DISKLAVIER)
    actuator.take([onset(1.0, 60, 127)], 1.0)
    actuator.follow(ActuatorSettings(latency="", release=0.0))
    assert sent(actuator.take([release(1.1, 60), over(1.1)], 1.1)) == []
    assert sent(all_of(actuator, onset(2.0, 60, 80), release(3.0, 60))) == [(2.0, "on", 60), (3.0, "off", 60)]


def test_what_joins_a_note_of_the_players_sounds_on_when_another_key_is_struck() -> None:
    """Each key that was struck cut off what joined those before it."""
    actuator = Actuator(DISKLAVIER)
    assert sent(actuator.take([onset(1.0, 64, 1)], 1.0)) == [(1.0, "on", 64)]
    actuator.yield_the_tail(1.5)
    outgoing = all_of(actuator, onset(1.5, 67, 1), release(2.0, 64), release(2.5, 67))
    assert sent(outgoing) == [(1.5, "on", 67), (2.13, "off", 64), (2.63, "off", 67)]


def test_a_key_is_down_for_a_while_however_short_the_note() -> None:
    outgoing = all_of(Actuator(DISKLAVIER), onset(1.0, 60, 127), release(1.01, 60))
    assert sent(outgoing) == [(1.16, "on", 60), (1.18, "off", 60)]


def test_a_key_that_is_struck_again_softly_is_let_go_before() -> None:
    outgoing = all_of(
        Actuator(DISKLAVIER), onset(1.0, 60, 127), release(1.3, 60), onset(1.31, 60, 1), release(2.0, 60)
    )
    assert sent(outgoing) == [(1.16, "on", 60), (1.29, "off", 60), (1.31, "on", 60), (2.13, "off", 60)]


def test_an_interruption_drops_what_waits_and_releases_what_was_struck() -> None:
    actuator = Actuator(DISKLAVIER)
    assert sent(actuator.take([onset(1.0, 60, 1), onset(1.0, 64, 127)], 1.0)) == [(1.0, "on", 60)]
    outgoing = actuator.take([release(1.1, 60), release(1.1, 64), over(1.1)], 1.1)
    assert sent(outgoing) == [(1.1, "off", 60)]
    assert actuator.next_at is None


def test_an_answer_that_ends_by_itself_sounds_to_its_end() -> None:
    actuator = Actuator(DISKLAVIER)
    actuator.take([onset(1.0, 60, 127)], 1.0)
    assert sent(actuator.take([release(1.05, 60), over(1.05, "phrase ended")], 1.05)) == []
    assert sent(actuator.due(9.0)) == [(1.16, "on", 60), (1.18, "off", 60)]


def kinds(outgoing: list[Outgoing]) -> list[type]:
    return [type(each.command) for each in outgoing]


def test_an_answer_is_told_to_be_over_when_its_last_note_is() -> None:
    actuator = Actuator(DISKLAVIER)
    assert actuator.take([onset(1.0, 60, 127), release(1.05, 60), over(1.05, "length reached")], 1.05) == []
    assert kinds(actuator.due(9.0)) == [PlayNote, ReleaseNote, Publish]


def test_the_news_come_after_the_music_and_none_are_lost_when_it_is_cut() -> None:
    actuator = Actuator(DISKLAVIER)
    actuator.take([onset(1.0, 60, 1), release(1.05, 60), over(1.05, "length reached")], 1.05)
    actuator.cut(1.06)
    assert kinds(actuator.take([], 1.06)) == [ReleaseNote, Publish]
    actuator.take([onset(2.0, 60, 1)], 2.0)
    assert kinds(actuator.take([release(2.1, 60), over(2.1)], 2.1)) == [ReleaseNote, Publish]


def test_what_is_over_for_the_music_can_be_cut_yet() -> None:
    actuator = Actuator(DISKLAVIER)
    actuator.take(
        [onset(1.0, 60, 1), onset(1.0, 64, 127), release(1.05, 60), over(1.05, "length reached")], 1.05
    )
    actuator.yield_the_tail(1.06)
    assert sent(actuator.due(1.06)) == [(1.06, "off", 60)]
    assert actuator.next_at is None


def test_where_the_output_is_gone_nothing_is_sent_to_it() -> None:
    actuator = Actuator(DISKLAVIER)
    actuator.take([onset(1.0, 60, 1), onset(1.0, 64, 127)], 1.0)
    actuator.forget()
    assert actuator.due(9.0) == []


def test_what_sounded_when_the_output_was_lost_has_no_part_in_what_is_played_there_later() -> None:
    actuator = Actuator()
    actuator.take([onset(1.0, 60, 80)], 1.0)
    actuator.forget()
    actuator.take([own(2.0, 60)], 2.0)
    assert sent(actuator.take([release(3.0, 60)], 3.0)) == [(3.0, "off", 60)]


def test_a_note_that_began_at_once_is_ended_by_a_table_that_came_in_between() -> None:
    actuator = Actuator()
    actuator.take([onset(1.0, 60, 80)], 1.0)
    actuator.follow(DISKLAVIER)
    assert sent(all_of(actuator, release(1.5, 60))) == [(1.63, "off", 60)]


def test_a_note_that_waits_is_ended_though_the_table_is_gone() -> None:
    actuator = Actuator(DISKLAVIER)
    actuator.take([onset(1.0, 60, 127)], 1.0)
    actuator.follow(ActuatorSettings(latency="", release=0.0))
    assert sent(all_of(actuator, release(1.05, 60))) == [(1.16, "on", 60), (1.18, "off", 60)]


notes = st.lists(
    st.tuples(
        st.floats(0.0, 0.3),
        st.sampled_from([60, 61]),
        st.integers(1, 127),
        st.floats(0.0, 0.5),
        st.booleans(),
    ),
    max_size=12,
)


@given(notes, st.floats(0.0, 6.0))
def test_every_key_goes_down_and_up_by_turns_and_is_up_in_the_end(
    played: list[tuple[float, int, int, float, bool]], cut_at: float
) -> None:
    actuator = Actuator(DISKLAVIER)
    outgoing: list[Outgoing] = []
    now, is_cut = 0.0, False
    down: set[int] = set()
    for wait, pitch, velocity, length, _ in played:
        now += wait
        commands: list[Command] = [onset(now, pitch, velocity)]
        if pitch in down:
            commands.insert(0, release(now, pitch))
        down.add(pitch)
        outgoing += actuator.take(commands, now)
        now += length
        if now > cut_at and not is_cut:
            is_cut = True
            outgoing += actuator.take([*(release(now, each) for each in down), over(now)], now)
            down.clear()
    outgoing += actuator.take([release(now, each) for each in down], now)
    outgoing += actuator.due(1e9)
    for pitch in (60, 61):
        strokes = [(at, what) for at, what, key in sent(outgoing) if key == pitch]
        assert [what for _, what in strokes] == ["on", "off"] * (len(strokes) // 2)
        assert [at for at, _ in strokes] == sorted(at for at, _ in strokes)


@given(notes)
def test_a_key_is_never_down_or_up_for_less_than_a_stroke(
    played: list[tuple[float, int, int, float, bool]],
) -> None:
    actuator, now = Actuator(DISKLAVIER), 0.0
    commands: list[Command] = []
    for wait, pitch, velocity, length, _ in played:
        now += wait
        commands += [onset(now, pitch, velocity), release(now + length, pitch)]
        now += length
    outgoing = all_of(actuator, *commands)
    for pitch in (60, 61):
        moments = [at for at, _, key in sent(outgoing) if key == pitch]
        gaps = [later - sooner for sooner, later in pairwise(moments)]
        assert all(gap >= SHORTEST_STROKE - 0.001 for gap in gaps)


@pytest.mark.parametrize("begin", ["beat", "bar"])
def test_the_sound_is_on_the_beat_and_not_what_is_given_out(begin: str) -> None:
    tempo = settings(tempo={"source": "fixed", "bpm": 60.0, "bar": 4, "begin": begin, "quantise": 1.0}).tempo
    lead = lead_of(DISKLAVIER)
    pulse = Pulse(tempo, 100.0, lead)
    sounds_at = pulse.begins_at(100.5) + lead
    assert sounds_at == pytest.approx(101.0 if begin == "beat" else 104.0)
    placed = pulse.place(100.9, None, 100.0) + lead
    assert (placed - 100.0) * 4 == pytest.approx(round((placed - 100.0) * 4))
