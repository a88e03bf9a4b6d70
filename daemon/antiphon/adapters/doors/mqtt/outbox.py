"""What goes out by MQTT: news and state, as topics and payloads.

It does no I/O, and does not know whether anybody listens.
"""

from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

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
from antiphon.adapters.doors.mqtt.topics import Topics
from antiphon.adapters.punctuality import Delays
from antiphon.adapters.state import State
from antiphon.core.commands import (
    ClockCame,
    ClockWent,
    Command,
    CueDropped,
    KeysHeld,
    Occurrence,
    PlayerCame,
    PlayerLeft,
    PlayNote,
    Publish,
    ReleaseNote,
    SongStarted,
    SongStopped,
    TurnGivenBack,
    TurnTaken,
)
from antiphon.core.events import Event, KeyPressed, KeyReleased
from antiphon.findings import report
from antiphon.schema import schema, values_of
from antiphon.settings import Config


class Message(Struct, frozen=True):
    """Something to be published.

    Attributes:
        retained: whether the broker keeps it for those who come later.
        correlation: what the receiver recognises it by (MQTT 5).
    """

    topic: str
    payload: bytes
    retained: bool = False
    correlation: bytes | None = None


class Outbox:
    """Turns news into messages.

    Args:
        topics: where they go.
        with_notes: whether notes are told, one by one.
    """

    def __init__(self, topics: Topics, with_notes: bool) -> None:
        self._topics = topics
        self._with_notes = with_notes

    def messages(self, news: News) -> Iterator[Message]:
        """Yield what is to be said about something that happened."""
        match news:
            case Heard(event):
                yield from self._of_a_key(event)
            case Sent(Publish(_, occurrence)):
                yield from self._of_an_occurrence(occurrence)
            case Sent(command):
                yield from self._of_a_note(command)
            case SettingsFollowed(changes, waiting, source):
                values = {"changes": changes, "waiting": waiting, "source": source}
                yield self._event("settings", values)
            case ChangeFailed(sentence):
                yield self.error(sentence)
            case PortLost(direction, name):
                yield self._event("port", {"direction": direction, "name": name, "lost": True})
            case PortFound(direction, name):
                yield self._event("port", {"direction": direction, "name": name, "lost": False})
            case Examined(findings):
                yield self._event("doctor", report(findings))

    def _of_an_occurrence(self, occurrence: Occurrence) -> Iterator[Message]:
        match occurrence:
            case TurnTaken(onsets, seconds):
                if onsets:
                    yield self._event("phrase", {"notes": onsets, "seconds": round(seconds, 3)})
                yield self._event("turn", {"turn": "taken"})
            case TurnGivenBack(reason, onsets, seconds):
                figures = {"reason": reason, "notes": onsets, "seconds": round(seconds, 3)}
                yield self._event("turn", {"turn": "given back", **figures})
            case CueDropped():
                yield self._event("turn", {"turn": "not taken", "reason": "somebody plays"})
            case PlayerCame():
                yield self._event("player", {"active": True})
            case PlayerLeft(seconds):
                yield self._event("player", {"active": False, "seconds": round(seconds, 3)})
            case KeysHeld(keys):
                yield self._event("keys", {"held": keys})
            case ClockCame(bpm):
                yield self._event("clock", {"ticks": True, "bpm": round(bpm, 1)})
            case ClockWent():
                yield self._event("clock", {"ticks": False})
            case SongStarted(beat):
                yield self._event("song", {"runs": True, "beat": round(beat, 3)})
            case SongStopped(beat):
                yield self._event("song", {"runs": False, "beat": round(beat, 3)})

    def _of_a_key(self, event: Event) -> Iterator[Message]:
        if self._with_notes:
            match event:
                case KeyPressed(pitch, velocity):
                    yield self._note("you", pitch, velocity)
                case KeyReleased(pitch):
                    yield self._note("you", pitch, 0)

    def _of_a_note(self, command: Command) -> Iterator[Message]:
        if self._with_notes:
            match command:
                case PlayNote(_, pitch, velocity, part="it"):
                    yield self._note("it", pitch, velocity)
                case ReleaseNote(_, pitch, part="it"):
                    yield self._note("it", pitch, 0)

    def _note(self, part: str, pitch: int, velocity: int) -> Message:
        return self._event("note", {"part": part, "pitch": pitch, "velocity": velocity})

    def _event(self, name: str, values: Mapping[str, object]) -> Message:
        return Message(self._topics.event(name), msgspec.json.encode(values))

    def latency(self, delays: Delays) -> Message:
        """Return how late everything was since the start, in microseconds."""
        return Message(self._topics.event("latency"), msgspec.json.encode(delays))

    def model(self, state: State) -> Message:
        return self._event("model", {"engine": state.engine, "model": state.model})

    def state(self, state: State, config: Config) -> Message:
        """Return what it is doing, with every setting that can change while it plays."""
        values = values_of(config)
        live = {name: values[name] for name, setting in schema().items() if setting.live}
        payload = msgspec.json.encode({**msgspec.to_builtins(state), "settings": live})
        return Message(self._topics.state, payload, retained=True)

    def availability(self, is_there: bool) -> Message:
        return Message(self._topics.availability, b"online" if is_there else b"offline", retained=True)

    def error(self, sentence: str) -> Message:
        return Message(self._topics.error, sentence.encode())

    def outcome(
        self,
        command: str,
        error: str = "",
        id_: str | int | None = None,
        reply_to: str | None = None,
        correlation: bytes | None = None,
    ) -> Message:
        """Return what became of a command; to the one who asked where they say so, otherwise to everybody."""
        values: dict[str, object] = {"command": command, "ok": not error}
        if error:
            values["error"] = error
        if id_ is not None:
            values["id"] = id_
        topic = reply_to or self._topics.event("command")
        return Message(topic, msgspec.json.encode(values), correlation=correlation)
