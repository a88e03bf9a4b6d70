"""What happens, as the messages that a page is told it by. It does no I/O."""

import re
from collections.abc import Iterator, Mapping

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
    SettingShown,
    Trouble,
    Up,
)
from antiphon.core.commands import (
    CueDropped,
    KeysHeld,
    Occurrence,
    OnsetsDropped,
    PedalHeld,
    PlayerCame,
    PlayerLeft,
    PlayNote,
    Publish,
    ReleaseNote,
)
from antiphon.core.events import (
    SUSTAIN_PEDAL,
    ControlMoved,
    Event,
    InputLost,
    KeyPressed,
    KeyReleased,
    Silenced,
)
from antiphon.core.units import Seconds
from antiphon.findings import Finding
from antiphon.schema import Setting, schema, values_of
from antiphon.settings import Config
from antiphon_models.shelf import shipped_names

_PATH = re.compile(r"(?<![\w.])~?(?:/[^\s/:;,\"']+)+/(?=[^\s/:;,\"'])")


def messages_of(news: News) -> Iterator[Outgoing]:
    """Yield what is to be told of something that happened, but for whose turn it is."""
    match news:
        case Heard(event, at):
            yield from _of_an_event(event, at)
        case Sent(PlayNote(due, pitch, velocity, "it")):
            yield SentNote(due, pitch, velocity)
        case Sent(ReleaseNote(due, pitch, "it")):
            yield SentNote(due, pitch, 0)
        case Sent(Publish(_, occurrence)):
            yield from _of_an_occurrence(occurrence)
        case SettingsFollowed(changes, waiting, source):
            yield SettingsChanged(_shown_of(changes), tuple(filter(is_shown, waiting)), source)
        case ChangeFailed(sentence):
            yield Trouble(without_paths(sentence))
        case PortLost(direction, name):
            yield PortChanged(direction, without_paths(name), lost=True)
        case PortFound(direction, name):
            yield PortChanged(direction, without_paths(name), lost=False)
        case Examined(findings):
            yield Findings(tuple(map(_shown_finding, findings)))


def _shown_finding(finding: Finding) -> FindingShown:
    # A line that is to be copied is of no use without its path, which is the same on every machine.
    lines = (f"{mend.where}: {mend.line}" for mend in finding.mends)
    remedies = (without_paths(finding.remedy), *lines)
    value = without_paths(finding.value)
    return FindingShown(finding.name, finding.verdict, value, tuple(filter(None, remedies)))


def _of_an_event(event: Event, at: Seconds) -> Iterator[Outgoing]:
    match event:
        case KeyPressed(pitch, velocity):
            yield messages.Heard(at, pitch, velocity)
        case KeyReleased(pitch):
            yield messages.Heard(at, pitch, 0)
        case ControlMoved(controller, value) if controller == SUSTAIN_PEDAL:
            yield PedalMoved(at, value)
        case InputLost() | Silenced():
            yield Up(at)


def _of_an_occurrence(occurrence: Occurrence) -> Iterator[Outgoing]:
    match occurrence:
        case PlayerCame():
            yield Notice("player came")
        case PlayerLeft(seconds):
            yield Notice("player left", seconds)
        case OnsetsDropped(onsets):
            yield Notice("notes dropped", onsets)
        case CueDropped():
            yield Notice("cue dropped")
        case PedalHeld():
            yield Notice("pedal held")
        case KeysHeld(keys):
            yield Notice("keys held", keys)


def settings_shown(config: Config) -> list[SettingShown]:
    """Return every setting that can change while it plays, with its value."""
    values = values_of(config)
    return [_shown(setting, values[name]) for name, setting in schema().items() if is_shown(name)]


def is_shown(name: str) -> bool:
    """Whether a page is told of a setting: it can change while it plays, and so names no file."""
    return schema()[name].live


def _shown_of(changes: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in changes.items() if is_shown(name)}


def _shown(setting: Setting, value: object) -> SettingShown:
    return SettingShown(
        name=setting.dotted,
        section=setting.section,
        kind="table" if setting.is_table else setting.kind.__name__,  # type: ignore[arg-type]
        choices=setting.choices or _names_for(setting),
        choices_in_words=setting.choices_in_words,
        lowest=setting.lowest,
        highest=setting.highest,
        unit=setting.unit,
        description=setting.description,
        value=value,
    )


def _names_for(setting: Setting) -> tuple[str, ...]:
    """Return what may be chosen where that is not known before the models are looked for."""
    return ("", *shipped_names()) if setting.dotted == "model.name" else ()


def without_paths(sentence: str) -> str:
    """Return a sentence in which of each path nothing but the last part is left."""
    return _PATH.sub("", sentence)
