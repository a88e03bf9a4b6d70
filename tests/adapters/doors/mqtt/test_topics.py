"""The topics of a daemon, and what a topic commands."""

import pytest

from antiphon.adapters.doors.mqtt.topics import Topics, command_in, partner_in, safe_id, topics_of
from default_config import loaded


def test_a_daemon_follows_what_is_for_it_for_all_and_for_its_groups() -> None:
    assert Topics("hall", ("wind", "upstairs")).subscriptions == (
        "antiphon/hall/cmd/#",
        "antiphon/all/cmd/#",
        "antiphon/group/wind/cmd/#",
        "antiphon/group/upstairs/cmd/#",
    )


def test_its_id_and_groups_are_those_of_the_settings() -> None:
    mqtt = loaded("mqtt.id=hall", "mqtt.groups=wind  upstairs wind").config.mqtt
    assert topics_of(mqtt, "raspberrypi") == Topics("hall", ("wind", "upstairs"))


@pytest.mark.parametrize(
    ("host_name", "name"),
    [
        ("raspberrypi", "raspberrypi"),
        ("piano.example.org", "piano"),
        ("Grüner Saal/2", "Gr-ner-Saal-2"),
        ("all", "all-1"),
        ("group", "group-1"),
        ("+#", "antiphon"),
        ("", "antiphon"),
    ],
)
def test_without_an_id_it_is_called_as_its_host_made_safe(host_name: str, name: str) -> None:
    assert topics_of(loaded().config.mqtt, host_name).id == name == safe_id(host_name)


@pytest.mark.parametrize(
    ("topic", "command"),
    [
        ("antiphon/hall/cmd/trigger", "trigger"),
        ("antiphon/all/cmd/set/play/temperature", "set/play/temperature"),
        ("antiphon/group/wind/cmd/panic", "panic"),
        ("antiphon/hall/partner/bass/cmd/set/play/mode", "set/play/mode"),
        ("antiphon/hall/partner/cmd/trigger", None),
        ("antiphon/hall/event/turn", None),
        ("antiphon/hall/cmd", None),
        ("antiphon/hall/cmd/", None),
        ("other/hall/cmd/trigger", None),
    ],
)
def test_a_topic_says_what_it_commands(topic: str, command: str | None) -> None:
    assert command_in(topic) == command


def test_a_partner_has_topics_of_its_own_below_those_of_its_daemon() -> None:
    hall = Topics("hall", ("wind",))
    bass = hall.of_partner("bass")
    assert (bass.state, bass.event("turn")) == (
        "antiphon/hall/partner/bass/state",
        "antiphon/hall/partner/bass/event/turn",
    )
    assert hall.of_partners == "antiphon/hall/partner/+/cmd/#"
    assert partner_in(bass.command("mode")) == "bass"
    assert partner_in(hall.command("mode")) == partner_in(bass.state) == ""
