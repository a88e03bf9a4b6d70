"""What happened, in the words of a log book."""

import logging

from antiphon.core.commands import Occurrence, OnsetsDropped, TurnGivenBack, TurnTaken

logger = logging.getLogger("antiphon")


def write(occurrence: Occurrence) -> None:
    """Log an occurrence."""
    match occurrence:
        case TurnTaken(onsets, seconds):
            logger.info("heard %s in %.1f s; answering", _notes(onsets), seconds)
        case TurnGivenBack(reason, onsets, seconds):
            logger.info("answered with %s in %.1f s (%s); listening", _notes(onsets), seconds, reason)
        case OnsetsDropped(onsets, late):
            logger.warning("left out %s that would have come %.0f ms late", _notes(onsets), late * 1000)


def _notes(onsets: int) -> str:
    return "1 note" if onsets == 1 else f"{onsets} notes"
