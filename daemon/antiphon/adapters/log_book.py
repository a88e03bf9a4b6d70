"""What happened, in the words of a log book."""

import logging
from collections.abc import Iterator
from typing import assert_never

from antiphon import __version__
from antiphon.adapters.broadcast import ChangeFailed, Examined, Heard, News, Sent, SettingsFollowed, is_tick
from antiphon.adapters.histogram import Summary
from antiphon.adapters.punctuality import Delays
from antiphon.adapters.state import State
from antiphon.core.commands import (
    ClockCame,
    ClockWent,
    CueDropped,
    HeldLong,
    KeysHeld,
    Occurrence,
    OnsetsDropped,
    PedalHeld,
    PlayerCame,
    PlayerLeft,
    Publish,
    SongStarted,
    SongStopped,
    TurnGivenBack,
    TurnTaken,
)
from antiphon.core.mood_phrases import NO_MOOD, in_words
from antiphon.core.performance import note_name
from antiphon.findings import Finding, what_to_do

logger = logging.getLogger("antiphon")

PEDAL_HELD = (
    "waiting for the sustain pedal to come up; if no foot is on it, switch the keyboard off and on, "
    "so that it learns which way the pedal works"
)

SHARES = ((10, "half of them"), (100, "99 %"), (1000, "99.9 %"))
"""Of how many the least that are told how late such a share of them was: of fewer it would be the latest."""


def write(news: News) -> None:
    """Log what people want to know of; single notes only where they look for something that went wrong."""
    if is_tick(news):
        return
    match news:
        case Heard(event, at, decided):
            logger.debug("%.6f heard %s, decided in %.0f us", at, event, 1e6 * (decided - at))
        case Sent(Publish(_, occurrence)):
            _write_occurrence(occurrence)
        case Sent(command, at):
            logger.debug("%.6f sent %s, %.0f us after it was due", at, command, 1e6 * (at - command.due))
        case SettingsFollowed(changes, waiting, source):
            logger.info("settings changed by %s: %s", source, ", ".join(changes) or "none")
            tell_mood(str(changes.get("play.mood", NO_MOOD)))
            if waiting:
                logger.warning("restart to follow the changes in: %s", ", ".join(waiting))
        case ChangeFailed(sentence, source):
            logger.error("what %s asked for cannot be: %s", source, sentence)
        case Examined(findings):
            for finding in findings:
                _write_finding(finding)


def tell_what_plays(engine: str, model: str) -> None:
    """Log which version this is and what plays: the first that is asked of whoever reports something."""
    logger.info("antiphon %s plays; engine %s, model %s", __version__, engine, model)


def tell_mood(mood: str) -> None:
    """Log where a mood lies, so that whoever asks for one sees what was understood."""
    if told := in_words(mood):
        logger.info("%s", told)


def _write_occurrence(occurrence: Occurrence) -> None:
    is_amiss = isinstance(occurrence, OnsetsDropped | PedalHeld | KeysHeld | ClockWent)
    logger.log(logging.WARNING if is_amiss else logging.INFO, "%s", told_of(occurrence))


def told_of(occurrence: Occurrence) -> str:
    """Return what happened, in a line."""
    match occurrence:
        case TurnTaken(onsets=0):
            return "playing, though nothing was played before"
        case TurnTaken(onsets, seconds):
            return f"heard {_notes(onsets)} in {seconds:.1f} s; answering"
        case TurnGivenBack("silenced", onsets, seconds):
            # By a panic or by the end, after which nobody listens.
            return f"answered with {_notes(onsets)} in {seconds:.1f} s (silenced)"
        case TurnGivenBack(reason, onsets, seconds):
            return f"answered with {_notes(onsets)} in {seconds:.1f} s ({reason}); listening"
        case PlayerCame():
            return "somebody plays"
        case PlayerLeft(seconds):
            return f"nobody has played for {seconds:.0f} s"
        case CueDropped():
            return "somebody plays, so the answer that was asked for is left out"
        case OnsetsDropped(onsets, late):
            return f"left out {_notes(onsets)} that would have come {late * 1000:.0f} ms late"
        case PedalHeld():
            return PEDAL_HELD
        case HeldLong():
            return "held for long; everything is released"
        case KeysHeld(keys):
            return f"{'a key' if keys == 1 else f'{keys} keys'} held for so long as to count as released"
        case ClockCame(bpm):
            return f"a MIDI clock ticks, {bpm:.1f} beats a minute"
        case ClockWent():
            return "the MIDI clock does not tick any more"
        case SongStarted(beat):
            return f"the song of the MIDI clock runs from beat {beat + 1:.0f}"
        case SongStopped(beat):
            return f"the song of the MIDI clock is stopped at beat {beat + 1:.0f}"
        case _:
            assert_never(occurrence)


def _write_finding(finding: Finding) -> None:
    """Log what is to be done about something; what is good the one who asked is told."""
    if finding.verdict not in ("good", "not needed"):
        told = what_to_do(finding)
        logger.warning("%s: %s%s", finding.name, finding.value, f" -> {told}" if told else "")


def write_state(state: State) -> None:
    """Log what the daemon is doing now, and how late everything was since the start."""
    sounding = f"; sounding: {' '.join(map(note_name, state.sounding))}" if state.sounding else ""
    lost = f"; lost: {' and '.join(state.lost)}" if state.lost else ""
    logger.info("%s; mode %s, engine %s, model %s", _doing(state), state.mode, state.engine, state.model)
    logger.info('listening on "%s", playing on "%s"%s%s', state.input, state.output, lost, sounding)
    for what, delay in _delays(state.delays):
        logger.info("%s", _how_late(what, delay))


def write_punctuality(delays: Delays) -> None:
    """Log in one line how punctual a session was, unless nothing was played in it."""
    if delays.sent.count:
        logger.info("%s", _how_late("onsets and releases sent", delays.sent))


def _doing(state: State) -> str:
    if state.answering:
        return "answering"
    if state.pedal_withholds:
        return "waiting for the sustain pedal to come up"
    return "hearing a phrase" if state.player_active else "waiting for somebody to play"


def _delays(delays: Delays) -> Iterator[tuple[str, Summary]]:
    yield "events heard", delays.heard
    yield "answers begun", delays.begun
    yield "onsets and releases sent", delays.sent
    yield "messages passed through", delays.thru


def _how_late(what: str, delay: Summary) -> str:
    if not delay.count:
        return f"{what}: none"
    longest = f"within {_in_milliseconds(delay.max)}"
    if delay.count == 1:
        return f"{what}: 1, {longest}"
    of_each = zip(SHARES, (delay.p50, delay.p99, delay.p99_9), strict=True)
    told = [
        f"{words} within {_in_milliseconds(least)}" for (of, words), least in of_each if delay.count >= of
    ]
    return ", ".join([f"{what}: {delay.count}", *told, f"all {longest}"])


def _in_milliseconds(microseconds: float) -> str:
    return f"{microseconds / 1000:.2f} ms"


def _notes(onsets: int) -> str:
    return "1 note" if onsets == 1 else f"{onsets} notes"
