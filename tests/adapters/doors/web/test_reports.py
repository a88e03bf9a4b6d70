"""What happens, as pages are told it."""

import pytest

from antiphon.adapters.broadcast import (
    ChangeFailed,
    Examined,
    Heard,
    News,
    PortFound,
    PortLost,
    Sent,
    SettingsFollowed,
)
from antiphon.adapters.doors.web import messages
from antiphon.adapters.doors.web.messages import (
    Findings,
    FindingShown,
    Notice,
    Outgoing,
    PedalMoved,
    PortChanged,
    SentNote,
    SettingsChanged,
    Trouble,
    Up,
)
from antiphon.adapters.doors.web.reports import is_shown, messages_of, settings_shown, without_paths
from antiphon.core.commands import (
    CueDropped,
    Occurrence,
    OnsetsDropped,
    PedalHeld,
    PlayerCame,
    PlayerLeft,
    PlayNote,
    Publish,
    ReleaseNote,
    SendControl,
    TurnTaken,
)
from antiphon.core.events import ControlMoved, InputLost, KeyPressed, KeyReleased, OtherMessage, Silenced
from antiphon.core.units import Pitch, Velocity
from antiphon.findings import Finding, Mend
from antiphon.schema import schema
from default_config import loaded

C, LOUD = Pitch(60), Velocity(80)
MENDED = Finding("time", "missing", "not set", mends=(Mend("into /etc/ntp.conf", "server a"),))


@pytest.mark.parametrize(
    ("news", "told"),
    [
        (Heard(KeyPressed(C, LOUD), 1.0, 1.1), [messages.Heard(1.0, 60, 80)]),
        (Heard(KeyReleased(C), 1.0, 1.1), [messages.Heard(1.0, 60, 0)]),
        (Heard(ControlMoved(64, 127), 1.0, 1.1), [PedalMoved(1.0, 127)]),
        (Heard(ControlMoved(1, 127), 1.0, 1.1), []),
        (Heard(OtherMessage(b"\xc0\x01"), 1.0, 1.1), []),
        (Heard(InputLost(), 1.0, 1.1), [Up(1.0)]),
        (Heard(Silenced(), 1.0, 1.1), [Up(1.0)]),
        (Sent(PlayNote(2.0, C, LOUD), 1.9), [SentNote(2.0, 60, 80)]),
        (Sent(ReleaseNote(2.0, C), 1.9), [SentNote(2.0, 60, 0)]),
        (Sent(PlayNote(2.0, C, LOUD, "you"), 1.9), []),
        (Sent(SendControl(2.0, 64, 0), 1.9), []),
        (ChangeFailed("there is no model in /srv/music/x", "MQTT"), [Trouble("there is no model in x")]),
        (PortLost("in", "Keystation"), [PortChanged("in", "Keystation", lost=True)]),
        (
            Examined((Finding("disk", "good", "in /srv/music/sessions", "name /srv/disk/more"), MENDED)),
            [
                Findings(
                    (
                        FindingShown("disk", "good", "in sessions", ("name more",)),
                        FindingShown("time", "missing", "not set", ("into /etc/ntp.conf: server a",)),
                    )
                )
            ],
        ),
        (PortFound("out", "serial:/dev/ttyAMA0"), [PortChanged("out", "serial:ttyAMA0", lost=False)]),
    ],
)
def test_news_are_told(news: News, told: list[Outgoing]) -> None:
    assert list(messages_of(news)) == told


@pytest.mark.parametrize(
    ("occurrence", "told"),
    [
        (PlayerCame(), [Notice("player came")]),
        (PlayerLeft(60.0), [Notice("player left", 60.0)]),
        (OnsetsDropped(2, 0.1), [Notice("notes dropped", 2)]),
        (CueDropped(), [Notice("cue dropped")]),
        (PedalHeld(), [Notice("pedal held")]),
        (TurnTaken(5, 2.0), []),
    ],
)
def test_occurrences_are_told(occurrence: Occurrence, told: list[Outgoing]) -> None:
    assert list(messages_of(Sent(Publish(1.0, occurrence), 1.0))) == told


def test_a_setting_that_is_no_business_of_a_page_is_left_out_of_a_change() -> None:
    followed = SettingsFollowed(
        {"play.mode": "listen", "record.folder": "/srv/music"}, ("record.folder",), "MQTT"
    )
    assert list(messages_of(followed)) == [SettingsChanged({"play.mode": "listen"}, (), "MQTT")]


def test_every_setting_that_can_change_is_shown_with_its_value_and_all_that_there_is_to_say_of_it() -> None:
    shown = {setting.name: setting for setting in settings_shown(loaded("play.polyphony=3").config)}
    assert set(shown) == {name for name in schema() if is_shown(name)}
    assert not set(shown) & {"model.file", "engine.accelerator", "record.folder"}
    polyphony = shown["play.polyphony"]
    assert (polyphony.section, polyphony.kind, polyphony.value) == ("play", "int", 3)
    assert (polyphony.lowest, polyphony.highest, polyphony.unit) == (1, 32, "notes")
    assert shown["play.mode"].choices[:2] == ("answer", "listen")
    assert {"", "default", "small"} <= set(shown["model.name"].choices)
    assert {setting.kind for setting in shown.values()} <= {"bool", "int", "float", "str", "table"}


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        (
            "settings cannot be kept in /var/lib/antiphon/antiphon.toml: no space",
            "settings cannot be kept in antiphon.toml: no space",
        ),
        ("read ~/.config/antiphon/antiphon.toml and /etc/antiphon/x", "read antiphon.toml and x"),
        ("from 1/2 to 3/4 notes/s", "from 1/2 to 3/4 notes/s"),
        ("run `.venv/bin/pip install x`", "run `.venv/bin/pip install x`"),
        ("run `/opt/antiphon/current/bin/pip install x`", "run `pip install x`"),
        ("default", "default"),
    ],
)
def test_of_a_path_only_the_last_part_is_told(sentence: str, told: str) -> None:
    assert without_paths(sentence) == told
