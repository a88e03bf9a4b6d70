"""Keeps what is played: both parts of every session as one ``.mid`` file with two named tracks.

A session begins with the first thing that is played and ends when nothing is for ten minutes, when it
grows too long for one file, or at the close. While it lasts every message goes as one line into a
journal, which is brought to the disk twice a second, so a power cut costs a second of music at most. At
its end the journal becomes the ``.mid`` file and is removed; journals that a crash left become ``.mid``
files at the next start. Beside it lies the log of the session, by which it can be replayed.

The music never waits for the disk: everything here is done by one thread behind a bounded queue. When the
disk is full or read-only, recording stops with one warning until the next session; what has been
written stays.
"""

import logging
from collections.abc import Callable
from contextvars import copy_context
from datetime import datetime
from functools import partial
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Thread
from typing import Literal, TypeAlias

from antiphon.adapters.broadcast import Heard, News, Sent
from antiphon.adapters.files.journal import (
    BETWEEN_SYNCS,
    Entry,
    Journal,
    age_by_name,
    files_of_ours,
    finish,
    recover,
)
from antiphon.adapters.files.session_log import SUFFIX, SessionLog, heading
from antiphon.adapters.files.writing import QUESTION_CHANNEL, bytes_heard, bytes_played, prepare_to_write
from antiphon.adapters.footing import step_down
from antiphon.core.events import InputLost
from antiphon.core.transcript import Beginning, Step
from antiphon.core.units import Seconds
from antiphon.errors import reason_of

QUIET_ENDS_A_SESSION: Seconds = 600.0
QUEUE_LENGTH = 20_000
LONGEST_CLOSE: Seconds = 20.0

_ALL_NOTES_OFF = bytes((0xB0 | QUESTION_CHANNEL - 1, 123, 0))
_log = logging.getLogger(__name__)


_Queued: TypeAlias = Entry | Beginning | Step | Literal["close"]


class Recorder:
    """Writes what it is told about into files of ``folder``, of which the oldest are deleted.

    ``folder`` is created when the first session begins. Its recordings may take ``megabytes`` together;
    only files named as recordings are counted or deleted, so one that is renamed is kept. ``clock`` says
    the local date and time, for the names, which have the ``partner``'s as well. A session ends after
    ``quiet`` seconds without music.
    """

    def __init__(
        self,
        folder: Path,
        megabytes: float,
        clock: Callable[[], datetime] = datetime.now,
        quiet: Seconds = QUIET_ENDS_A_SESSION,
        partner: str = "",
    ) -> None:
        self._queue: Queue[_Queued] = Queue(QUEUE_LENGTH)
        self._overflowed = False
        self._log_is_cut = False
        self._writer = _Writer(folder, megabytes, clock, quiet, partner, self._queue)
        run = partial(copy_context().run, self._writer.run)
        self._thread = Thread(target=run, name="recorder", daemon=True)
        self._thread.start()

    def keep(self, news: News) -> None:
        """Keep what the player did, and what was sent as an answer; never waits."""
        if (entry := entry_of(news)) is not None:
            self._put(entry)

    def log(self, entry: Beginning | Step) -> None:
        """Keep a step of the improviser's in the log of the session; never waits.

        With a beginning a session ends that has been going on, and whatever comes next is another's.
        """
        if isinstance(entry, Beginning) or not self._log_is_cut:
            # What comes after something that was lost would be of no use.
            self._log_is_cut = not self._put(entry)

    def close(self) -> Path | None:
        """End the session and return its file, or None where nothing was played or could be written.

        A disk that does not answer is given up after a while; the journal then stays for the next start.
        """
        try:
            self._queue.put("close", timeout=LONGEST_CLOSE)
        except Full:
            _log.warning("the recording is not finished, because the disk does not answer")
            return None
        self._thread.join(LONGEST_CLOSE)
        if self._thread.is_alive():
            _log.warning("the recording is not finished yet and will be at the next start")
            return None
        return self._writer.finished

    def _put(self, entry: Entry | Beginning | Step) -> bool:
        """Tell whether it will be kept."""
        try:
            self._queue.put_nowait(entry)
        except Full:
            if not self._overflowed:
                self._overflowed = True
                _log.warning("the disk is too slow for the recording, which has gaps from here on")
            return False
        return True


def entry_of(news: News) -> Entry | None:
    """Return what a journal keeps of something that happened, None where it keeps nothing.

    What is only passed through from the player has been heard already and is left out.
    """
    match news:
        case Heard(InputLost(), at):
            return Entry(at, "you", _ALL_NOTES_OFF)
        case Heard(event, at) if (heard := bytes_heard(event)) is not None:
            return Entry(at, "you", heard)
        case Sent(command, at) if (played := bytes_played(command)) is not None:
            return Entry(at, "it", played)
    return None


class _Writer:
    """The thread's side of a recorder: all of its files, and nothing that the music waits for."""

    def __init__(
        self,
        folder: Path,
        megabytes: float,
        clock: Callable[[], datetime],
        quiet: Seconds,
        partner: str,
        queue: Queue[_Queued],
    ) -> None:
        self.finished: Path | None = None
        self._folder = folder
        self._most_bytes = int(megabytes * 1e6)
        self._clock = clock
        self._quiet = quiet
        self._partner = partner
        self._queue = queue
        self._journal: Journal | None = None
        self._log: SessionLog | None = None
        self._stopped = False

    def run(self) -> None:
        step_down()
        # Now, and not when the first session ends, which may be in the middle of music.
        prepare_to_write()
        recover(self._folder)
        self._make_room()
        while (queued := self._next()) != "close":
            match queued:
                case None:
                    self._rest()
                case Beginning():
                    self._end_session()
                    self._end_log()
                    self._log = SessionLog(heading(self._clock()))
                    self._log.append(queued)
                case Step():
                    self._keep_step(queued)
                case Entry() if not self._stopped:
                    self._keep(queued)
        self._end_session()
        self._end_log()

    def _next(self) -> _Queued | None:
        """Return what is queued next, or None when it is time to sync or to end the session."""
        timeout = None
        if self._stopped:
            timeout = self._quiet
        elif self._journal is not None:
            timeout = BETWEEN_SYNCS if self._journal.unsynced else self._quiet
        try:
            return self._queue.get(timeout=timeout)
        except Empty:
            return None

    def _rest(self) -> None:
        if self._stopped or self._journal is None or not self._journal.unsynced:
            self._end_session()
            return
        try:
            self._sync()
        except OSError as error:
            self._stop(error)

    def _keep(self, entry: Entry) -> None:
        try:
            if self._journal is not None and self._journal.is_full(entry.at):
                self._end_session()
            if self._journal is None:
                self._journal = Journal.begun(self._folder, self._clock(), entry.at, self._partner)
                self._place_log(self._journal.path.with_suffix(SUFFIX))
            self._journal.append(entry)
            if self._log is not None and not self._journal.unsynced:
                self._log.sync()
        except OSError as error:
            self._stop(error)

    def _keep_step(self, step: Step) -> None:
        """Write a step into the log, if that has everything before it."""
        if self._log is None:
            return
        self._log.append(step)
        if self._log.is_full:
            self._end_log()

    def _place_log(self, path: Path) -> None:
        """Let the log have the name of the recording; one that goes on from the last has both names."""
        if self._log is None:
            return
        try:
            self._log.place(path)
        except OSError as error:
            if self._log.path is None:
                self._log = None
                raise
            _log.debug("%s has no log of its own: %s", path, reason_of(error))

    def _end_log(self) -> None:
        if self._log is None:
            return
        log, self._log = self._log, None
        try:
            log.close()
        except OSError as error:
            _log.warning("the log of the session is not whole: %s: %s", log.path, reason_of(error))

    def _sync(self) -> None:
        assert self._journal is not None
        self._journal.sync()
        if self._log is not None:
            self._log.sync()

    def _stop(self, error: OSError) -> None:
        _log.warning("recording stops, the music goes on: %s: %s", self._folder, reason_of(error))
        self._stopped = True
        self._end_log()

    def _end_session(self) -> None:
        self._stopped = False
        if self._journal is None:
            return
        journal, self._journal = self._journal, None
        self.finished = None
        try:
            self.finished = finish(journal.path)
        finally:
            journal.close()
        if not journal.path.exists() and self.finished is None:
            # There was no music to it.
            journal.path.with_suffix(SUFFIX).unlink(missing_ok=True)
        if self.finished is not None:
            _log.info("kept in %s", self.finished)
        self._make_room()

    def _make_room(self) -> None:
        try:
            _delete_oldest(self._folder, self._most_bytes, self.finished)
        except OSError as error:
            _log.warning("old recordings cannot be deleted: %s: %s", self._folder, reason_of(error))


def _delete_oldest(folder: Path, most_bytes: int, newest: Path | None) -> None:
    """Delete the oldest sessions until the others have room: each recording with its log."""
    going_on = {path.stem for path in files_of_ours(folder, ".journal")}
    sessions: dict[str, list[Path]] = {}
    # The logs first: should it end in between, no log is left whose recording is gone.
    for path in [*files_of_ours(folder, SUFFIX), *files_of_ours(folder, ".mid")]:
        if path.stem not in going_on:
            sessions.setdefault(path.stem, []).append(path)
    sizes = {stem: sum(path.stat().st_size for path in paths) for stem, paths in sessions.items()}
    excess = sum(sizes.values()) - most_bytes
    for stem in sorted(sessions, key=lambda stem: age_by_name(sessions[stem][0])):
        if excess <= 0:
            return
        if newest is None or stem != newest.stem:
            for path in sessions[stem]:
                path.unlink()
            excess -= sizes[stem]
            _log.info("deleted the oldest recording %s to make room", sessions[stem][-1])
