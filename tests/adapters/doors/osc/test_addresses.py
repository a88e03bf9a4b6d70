"""What addresses mean, and that every control there is has one."""

import math
import typing
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.broadcast import Examined, Heard, News, PortFound, PortLost, Sent, SettingsFollowed
from antiphon.adapters.doors.mqtt.inbox import meant
from antiphon.adapters.doors.osc.addresses import (
    DELAYS,
    ROOT,
    SENT,
    ShowState,
    Subscribe,
    address_of,
    addresses,
    asked_in,
    failed,
    messages_of,
    shown_values,
    succeeded,
)
from antiphon.adapters.doors.osc.messages import Argument, Message
from antiphon.adapters.histogram import Summary
from antiphon.adapters.punctuality import Delays
from antiphon.adapters.state import State
from antiphon.core.commands import (
    CueDropped,
    HeldLong,
    Occurrence,
    OnsetsDropped,
    PedalHeld,
    PlayerCame,
    PlayerLeft,
    PlayNote,
    Publish,
    ReleaseNote,
    TurnGivenBack,
    TurnTaken,
)
from antiphon.core.events import InputLost, KeyPressed, KeyReleased
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import ConfigurationError, RequestError
from antiphon.findings import Finding, Mend
from antiphon.requests import REQUESTS, SHORT_FOR, Change, Hold, Panic, PhraseNote, Reload, Save, Trigger
from antiphon.schema import schema, values_of
from default_config import loaded
from states import a_state

NONE = Summary(0, 0.0, 0.0, 0.0, 0.0)

STATE = a_state(
    lost=("in",),
    player_active=True,
    sounding=(Pitch(60), Pitch(64)),
    delays=Delays(NONE, NONE, Summary(7, 20.0, 90.5, 91.0, 92.0), NONE),
)


def ask(address: str, *arguments: Argument) -> object:
    return asked_in(Message(f"{ROOT}{address}", arguments))


def test_every_request_and_every_setting_has_an_address_of_its_own() -> None:
    requests = {f"/antiphon/{name}" for name in REQUESTS}
    names = {f"/antiphon/{name}" for name, dotted in SHORT_FOR.items() if dotted in schema()}
    single = [name for name, setting in schema().items() if not setting.is_table]
    short = {f"/antiphon/{name.replace('.', '/')}" for name in single}
    long = {f"/antiphon/set/{name.replace('.', '/')}" for name in single}
    ours = {"/antiphon/state", "/antiphon/subscribe"}
    assert set(addresses()) == requests | names | short | long | ours
    assert len(addresses()) == sum(map(len, (requests, names, short, long, ours)))


def test_mqtt_has_every_control_that_osc_has_and_osc_every_control_of_mqtt() -> None:
    values = values_of(loaded().config)
    what = {"what": "hold"}
    values_of_requests = {"learn": what, "unlearn": what}
    by_mqtt: dict[str, object] = {
        name: meant(name, values_of_requests.get(name, {})) for name in REQUESTS if name != "set"
    }
    for name in (name for name, setting in schema().items() if not setting.is_table):
        command = f"set/{name.replace('.', '/')}"
        by_mqtt[command] = meant(command, {"value": values[name]})
    for short, name in SHORT_FOR.items():
        if name in values:
            by_mqtt[short] = meant(short, {"value": values[name]})
    of_one_value = {name.removeprefix("set/") for name in by_mqtt if name.startswith("set/")}
    by_osc = {address.removeprefix(ROOT) for address in addresses()} - of_one_value
    assert by_osc == {*by_mqtt, "set", "state", "subscribe"}
    for command, request in by_mqtt.items():
        given = request.settings.values() if isinstance(request, Change) else ()
        named = [word for pair in values_of_requests.get(command, {}).items() for word in pair]
        arguments: tuple[typing.Any, ...] = (*given, *named)
        assert asked_in(Message(f"{ROOT}{command}", arguments)) == request


def test_no_address_is_one_that_only_we_send() -> None:
    assert not [each for each in addresses() if each.startswith(SENT)]


@pytest.mark.parametrize("kind", typing.get_args(typing.cast(typing.Any, Trigger | Save | Reload | Panic)))
def test_what_comes_without_anything_is_asked_for_as_it_is(kind: type) -> None:
    assert ask(kind.__struct_config__.tag) == kind()  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["trigger", "panic", "save", "reload", "state"])
def test_a_button_does_something_when_it_is_pressed_and_nothing_when_it_is_let_go(name: str) -> None:
    assert ask(name, 1.0) == ask(name, 1) == ask(name, True) == ask(name)
    assert ask(name, 0.0) is None
    assert ask(name, 0) is None
    assert ask(name, False) is None
    for neither in (0.5, 4.0, -1, "x", None):
        with pytest.raises(RequestError, match=f"{name} comes with nothing, the 1 or 0 of a button"):
            ask(name, neither)


def test_a_trigger_takes_names_and_values_and_whole_numbers_as_floats() -> None:
    assert ask("trigger", "seconds", 4, "seed", 7.0, "file", "hello") == Trigger(
        seconds=4.0, seed=7, file="hello"
    )
    assert ask("trigger", "at", 1_790_000_000.25) == Trigger(at=1_790_000_000.25)
    assert ask("trigger", "seconds", None) == Trigger()


def test_a_phrase_is_four_numbers_for_each_note() -> None:
    asked = ask("trigger", "phrase", 60.0, 0.0, 0.5, 80.0, 64, 0.5, 1, 90, "seed", 3)
    assert asked == Trigger(phrase=(PhraseNote(60, 0.0, 0.5, 80), PhraseNote(64, 0.5, 1.0, 90)), seed=3)


@pytest.mark.parametrize(
    ("address", "arguments", "told"),
    [
        ("trigger", ("seconds",), "the 1 or 0 of a button"),
        ("trigger", ("seconds", 4.0, "seed"), "seed comes without a value"),
        ("trigger", ("phrase", 60, 0.0, 0.5), "pitch, at, length, velocity"),
        ("trigger", ("seconds", -1.0), "trigger.seconds from OSC"),
        ("trigger", ("seed", 7.5), "trigger.seed from OSC"),
        ("trigger", ("colour", 7), "its fields are: phrase, file"),
        ("trigger", ("seconds", math.nan), "not finite"),
        ("trigger", (3, 4), "3 stands where a name is expected"),
        ("save", ("now", 1), "its fields are: none"),
        ("play/seconds", (math.inf,), "not finite"),
        ("play/seconds", (), "comes with 0 values, but takes one"),
        ("play/seconds", (1.0, 2.0), "comes with 2 values, but takes one"),
        ("play/seconds", ("4",), 'play.seconds from OSC is "4", but must be a number from 0 to 600'),
        ("play/polyphony", (500.0,), "must be from 1 to 32"),
        ("mode", ("lisen",), "did you mean"),
        ("mode", (), "takes one"),
        ("set", (), "set takes names and their values"),
        ("subscribe", (0,), "the port that is to be sent to"),
        ("subscribe", (70_000,), "the port that is to be sent to"),
        ("subscribe", ("10.0.0.1", 9000), "the port that is to be sent to"),
        ("play/temprature", (1.0,), "did you mean /antiphon/play/temperature?"),
        ("set/play/temprature", (1.0,), "did you mean /antiphon/play/temperature?"),
        ("triger", (), "did you mean /antiphon/trigger?"),
        ("x" * 5000, (), "there is no address /antiphon/xxxx"),
    ],
)
def test_what_cannot_be_meant_is_told(address: str, arguments: tuple[Argument, ...], told: str) -> None:
    with pytest.raises((RequestError, ConfigurationError), match=told) as error:
        ask(address, *arguments)
    assert len(str(error.value)) < 250


@pytest.mark.parametrize("prefix", ["play/", "set/play/"])
def test_a_setting_is_changed_by_its_address(prefix: str) -> None:
    assert ask(f"{prefix}temperature", 0.5) == Change({"play.temperature": 0.5})
    assert ask(f"{prefix}mode", "listen") == Change({"play.mode": "listen"})


def test_a_fader_knows_only_floats() -> None:
    assert ask("play/polyphony", 5.6) == Change({"play.polyphony": 6})
    assert ask("play/thru", 0.6) == Change({"play.thru": True})
    assert ask("play/thru", 0.5) == Change({"play.thru": False})
    assert ask("play/thru", 1) == Change({"play.thru": True})
    assert ask("play/temperature", 1) == Change({"play.temperature": 1})
    assert ask("play/temperature", 0.800000011920929) == Change({"play.temperature": 0.8})


def test_several_settings_are_changed_together() -> None:
    asked = ask("set", "play.lowest", 40.0, "play.highest", 60.0, "play.mood", "hopeful")
    assert asked == Change({"play.lowest": 40, "play.highest": 60, "play.mood": "hopeful"})


def test_a_mood_is_words_or_a_point_of_the_plane() -> None:
    assert ask("mood", "wonder and a little sad") == Change({"play.mood": "wonder and a little sad"})
    assert ask("mood", 0.5, -0.30000001192092896) == Change({"play.mood": "0.5,-0.3"})
    assert ask("play/mood", 1, -1.0) == Change({"play.mood": "1,-1"})
    with pytest.raises(RequestError, match="no point of the plane"):
        ask("mood", 0.5, 3.0)
    with pytest.raises(RequestError, match="nearest: hopeful"):
        ask("mood", "hopful")


def test_the_mode_has_an_address_of_one_word() -> None:
    assert ask("mode", "listen") == Change({"play.mode": "listen"})


def test_somebody_subscribes_at_a_port_or_where_it_sends_from() -> None:
    assert ask("subscribe") == Subscribe()
    assert ask("subscribe", 9000.0) == Subscribe(9000)
    assert ask("state") == ShowState()


@pytest.mark.parametrize("address", ["event/turn", "note", "state/mode", "ok", "error"])
def test_what_only_we_send_asks_for_nothing(address: str) -> None:
    assert ask(address, "whatever") is None


values = st.one_of(st.integers(), st.floats(), st.text(max_size=8), st.booleans(), st.none())


@given(st.sampled_from([*addresses(), "/antiphon/nothing"]), st.lists(values, max_size=8))
def test_whatever_comes_is_asked_for_or_refused_with_a_sentence(
    address: str, arguments: list[Argument]
) -> None:
    with suppress(RequestError):
        asked_in(Message(address, tuple(arguments)))


def test_answers_say_what_was_asked_for_or_what_was_wrong() -> None:
    assert succeeded(Message("/antiphon/play/thru", (1,))) == Message("/antiphon/ok", ("play/thru",))
    assert failed(ConfigurationError("this\nthat")) == Message("/antiphon/error", ("this; that",))
    assert len(str(failed(RequestError("x" * 9000)).arguments[0])) == 500


def sent(news: News, *, with_notes: bool = True) -> list[tuple[Argument, ...]]:
    return [(each.address, *each.arguments) for each in messages_of(news, with_notes=with_notes)]


@pytest.mark.parametrize(
    ("occurrence", "expected"),
    [
        (TurnTaken(5, 2.0), [("/antiphon/event/phrase", 5, 2.0), ("/antiphon/event/turn", "taken")]),
        (
            TurnGivenBack("phrase ended", 9, 3.0),
            [("/antiphon/event/turn", "given_back", "phrase ended", 9, 3.0)],
        ),
        (PlayerCame(), [("/antiphon/event/player", 1)]),
        (PlayerLeft(60.0), [("/antiphon/event/player", 0, 60.0)]),
        (OnsetsDropped(2, 0.1), [("/antiphon/event/dropped", 2, 0.1)]),
        (CueDropped(), [("/antiphon/event/cue", "dropped")]),
        (HeldLong(), [("/antiphon/event/hold", "long")]),
        (PedalHeld(), [("/antiphon/event/pedal", "held")]),
    ],
)
def test_what_happens_is_told(occurrence: Occurrence, expected: list[tuple[Argument, ...]]) -> None:
    assert sent(Sent(Publish(1.0, occurrence), 1.0)) == expected


def test_notes_are_told_to_whoever_wants_them() -> None:
    pitch, velocity = Pitch(60), Velocity(80)
    news: dict[News, list[Argument]] = {
        Sent(PlayNote(2.0, pitch, velocity), 1.5): [60, 80, 0.5, "it"],
        Sent(ReleaseNote(2.0, pitch), 2.0): [60, 0, 0.0, "it"],
        Heard(KeyPressed(pitch, velocity), 1.0, 1.0): [60, 80, 0.0, "you"],
        Heard(KeyReleased(pitch), 1.0, 1.0): [60, 0, 0.0, "you"],
    }
    for each, arguments in news.items():
        assert sent(each) == [("/antiphon/note", *arguments)]
        assert sent(each, with_notes=False) == []


def test_ports_that_are_lost_and_back_are_told() -> None:
    assert sent(PortLost("in", "Keystation")) == [("/antiphon/event/port", "in", 0, "Keystation")]
    assert sent(PortFound("in", "Keystation")) == [("/antiphon/event/port", "in", 1, "Keystation")]


def test_what_the_doctor_finds_is_told_one_by_one_with_what_to_do() -> None:
    mended = Finding("priority", "could be better", "ordinary", mends=(Mend("as root", "chrt 60"),))
    assert sent(Examined((Finding("heat", "good", "40 °C"), mended))) == [
        ("/antiphon/event/doctor", "heat", "good", "40 °C", ""),
        ("/antiphon/event/doctor", "priority", "could be better", "ordinary", "as root: chrt 60"),
    ]


def test_nothing_is_told_of_the_rest() -> None:
    passed_through = PlayNote(1.0, Pitch(60), Velocity(80), "you")
    for news in (Heard(InputLost(), 1.0, 1.0), Sent(passed_through, 1.0), SettingsFollowed({}, (), "x")):
        assert sent(news) == []


def test_the_values_that_are_shown_are_those_of_the_settings_that_can_change_and_of_the_state() -> None:
    shown = shown_values(loaded("play.thru=true").config, STATE)
    live = {address_of(setting) for setting in schema().values() if setting.live and not setting.is_table}
    fields = {f"/antiphon/state/{name}" for name in State.__struct_fields__}
    assert set(shown) == live | fields
    assert shown["/antiphon/play/thru"] == (1,)
    assert shown["/antiphon/play/temperature"] == (1.0,)
    assert shown["/antiphon/state/sounding"] == (60, 64)
    assert shown["/antiphon/state/lost"] == ("in",)
    assert shown["/antiphon/state/player_active"] == (1,)
    assert shown[DELAYS] == (0, 0.0, 0, 0.0, 7, 90.5, 0, 0.0)


def test_what_is_shown_of_a_setting_sets_it_to_the_same() -> None:
    config = loaded().config
    for address, arguments in shown_values(config, STATE).items():
        if not address.startswith(SENT):
            asked = asked_in(Message(address, arguments))
            assert isinstance(asked, Change)
            [(name, value)] = asked.settings.items()
            section, key = name.split(".")
            assert value == getattr(getattr(config, section), key)


def test_a_button_holds_it_while_it_is_pressed() -> None:
    assert asked_in(Message("/antiphon/hold", (1.0,))) == Hold(True)
    assert asked_in(Message("/antiphon/hold", (0,))) == Hold(False)
    assert asked_in(Message("/antiphon/hold", ("on", True))) == Hold(True)
    with pytest.raises(RequestError, match="hold"):
        asked_in(Message("/antiphon/hold", (0.5,)))
