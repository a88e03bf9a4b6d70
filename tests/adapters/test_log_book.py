"""What happened, in the words of a log book."""

import logging

import pytest
from msgspec.structs import replace

from antiphon.adapters import log_book
from antiphon.adapters.broadcast import Examined, Sent, SettingsFollowed
from antiphon.adapters.histogram import Summary
from antiphon.adapters.punctuality import Delays
from antiphon.core.commands import Occurrence, OnsetsDropped, PedalHeld, Publish, TurnGivenBack, TurnTaken
from antiphon.core.units import Pitch
from antiphon.findings import Finding, Mend
from states import a_state

NONE = Summary(0, 0.0, 0.0, 0.0, 0.0)
DELAYS = Delays(NONE, Summary(1, 180.0, 180.0, 180.0, 180.0), Summary(801, 62.4, 311.0, 912.6, 2103.0), NONE)

STATE = a_state(delays=DELAYS)


@pytest.mark.parametrize(
    ("occurrence", "level", "line"),
    [
        (TurnTaken(5, 1.84), logging.INFO, "heard 5 notes in 1.8 s; answering"),
        (TurnTaken(1, 0.2), logging.INFO, "heard 1 note in 0.2 s; answering"),
        (
            TurnGivenBack("phrase ended", 12, 4.0),
            logging.INFO,
            "answered with 12 notes in 4.0 s (phrase ended); listening",
        ),
        (
            TurnGivenBack("interrupted", 0, 0.04),
            logging.INFO,
            "answered with 0 notes in 0.0 s (interrupted); listening",
        ),
        (TurnGivenBack("silenced", 1, 0.1), logging.INFO, "answered with 1 note in 0.1 s (silenced)"),
        (OnsetsDropped(1, 0.0621), logging.WARNING, "left out 1 note that would have come 62 ms late"),
        (PedalHeld(), logging.WARNING, log_book.PEDAL_HELD),
    ],
)
def test_an_occurrence_is_one_line(
    caplog: pytest.LogCaptureFixture, occurrence: Occurrence, level: int, line: str
) -> None:
    with caplog.at_level(logging.INFO):
        log_book.write(Sent(Publish(1.0, occurrence), 1.0))
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [(level, line)]


def test_settings_that_changed_are_named_and_those_that_wait_in_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        log_book.write(SettingsFollowed({"play.seconds": 4.0, "midi.out": "*"}, ("midi.out",), "SIGHUP"))
        log_book.write(SettingsFollowed({}, (), "the page"))
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.INFO, "settings changed by SIGHUP: play.seconds, midi.out"),
        (logging.WARNING, "restart to follow the changes in: midi.out"),
        (logging.INFO, "settings changed by the page: none"),
    ]


def test_a_mood_that_is_asked_for_is_told_as_it_was_understood(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        log_book.write(SettingsFollowed({"play.mood": "sad as xanadu"}, (), "MQTT"))
        log_book.write(SettingsFollowed({"play.mood": "none"}, (), "MQTT"))
    assert lines_of(caplog) == [
        "settings changed by MQTT: play.mood",
        'the mood "sad as xanadu" is valence -0.65 and arousal -0.40; passed over: xanadu',
        "settings changed by MQTT: play.mood",
    ]


def test_what_the_doctor_wants_to_be_done_is_written_down(caplog: pytest.LogCaptureFixture) -> None:
    mend = Mend("into limits.conf", "antiphon - rtprio 60")
    with caplog.at_level(logging.INFO):
        log_book.write(
            Examined(
                (
                    Finding("MIDI", "good", "hears Keystation"),
                    Finding("MIDI", "missing", "nothing is heard", "plug it in"),
                    Finding("priority", "could be better", "ordinary", mends=(mend,)),
                    Finding("heat", "could be better", "81 °C"),
                )
            )
        )
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "MIDI: nothing is heard -> plug it in"),
        (logging.WARNING, "priority: ordinary -> into limits.conf: antiphon - rtprio 60"),
        (logging.WARNING, "heat: 81 °C"),
    ]


def lines_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    assert {record.levelno for record in caplog.records} <= {logging.INFO}
    return [record.getMessage() for record in caplog.records]


def test_the_state_is_a_few_lines(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        log_book.write_state(STATE)
    assert lines_of(caplog) == [
        "waiting for somebody to play; mode answer, engine lstm, model default",
        'listening on "Keystation", playing on "FLUID"',
        "events heard: none",
        "answers begun: 1, within 0.18 ms",
        "onsets and releases sent: 801, half of them within 0.06 ms, 99 % within 0.31 ms, all within 2.10 ms",
        "messages passed through: none",
    ]


def test_the_state_says_what_sounds_and_what_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    sounding = (Pitch(60), Pitch(64))
    with caplog.at_level(logging.INFO):
        log_book.write_state(replace(STATE, answering=True, sounding=sounding, lost=("in", "out")))
    doing, ports, *_ = lines_of(caplog)
    assert doing.startswith("answering; ")
    assert ports.endswith("; lost: in and out; sounding: C4 E4")


def test_the_state_says_when_the_player_is_playing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        log_book.write_state(replace(STATE, player_active=True))
    assert lines_of(caplog)[0].startswith("hearing a phrase; ")


def test_the_state_says_when_only_the_pedal_withholds_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        log_book.write_state(replace(STATE, player_active=True, pedal_withholds=True))
    assert lines_of(caplog)[0].startswith("waiting for the sustain pedal to come up; ")


def test_at_the_end_one_line_says_how_punctual_it_was(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        log_book.write_punctuality(DELAYS)
    [line] = lines_of(caplog)
    assert line.startswith("onsets and releases sent: 801, half of them within 0.06 ms")


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, "1, within 0.90 ms"),
        (9, "9, all within 0.90 ms"),
        (10, "10, half of them within 0.10 ms, all within 0.90 ms"),
        (100, "100, half of them within 0.10 ms, 99 % within 0.20 ms, all within 0.90 ms"),
        (
            1000,
            "1000, half of them within 0.10 ms, 99 % within 0.20 ms, 99.9 % within 0.30 ms, "
            "all within 0.90 ms",
        ),
    ],
)
def test_a_share_is_told_of_as_many_as_make_it_one(
    count: int, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    sent = Summary(count, 100.0, 200.0, 300.0, 900.0)
    with caplog.at_level(logging.INFO):
        log_book.write_punctuality(Delays(NONE, NONE, sent, NONE))
    assert lines_of(caplog) == [f"onsets and releases sent: {told}"]


def test_of_a_session_in_which_nothing_was_played_nothing_is_said(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        log_book.write_punctuality(Delays(NONE, NONE, NONE, NONE))
    assert lines_of(caplog) == []
