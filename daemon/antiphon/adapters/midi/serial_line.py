"""The two ends of a serial line that carries MIDI, such as the UART of a Raspberry Pi; neither ever waits."""

import asyncio
import errno
import logging
import os
import select
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from antiphon.adapters.midi.backlog import Backlog
from antiphon.adapters.midi.byte_stream import ByteStream
from antiphon.adapters.midi.connection import Receive
from antiphon.core.units import Seconds
from antiphon.errors import PortError, reason_of
from antiphon_models.typed import pip_install

logger = logging.getLogger(__name__)

BAUD = 31_250

_LONGEST_READ = 4096
_LONGEST_SETTLING: Seconds = 0.25


class SerialLine:
    """A line that is open, at the speed of MIDI.

    Args:
        path: of the device, such as ``/dev/ttyAMA0``.

    Raises:
        PortError: it is not there, may not be opened, or is no serial line.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._line = _opened(path)
        self.descriptor: int = self._line.fd

    @property
    def is_there(self) -> bool:
        """Whether it is still the device of that name, and not unplugged."""
        try:
            same = os.stat(self._path).st_rdev == os.fstat(self.descriptor).st_rdev
        except OSError:
            return False
        return same and not self.has_hung_up

    @property
    def has_hung_up(self) -> bool:
        poll = select.poll()
        poll.register(self.descriptor, 0)
        return any(happened & (select.POLLHUP | select.POLLERR) for _, happened in poll.poll(0))

    def close(self) -> None:
        with suppress(OSError):
            self._line.close()


def _opened(path: str) -> Any:
    try:
        import serial
    except ImportError as error:
        raise PortError(
            f"pyserial is not installed, so {path} cannot be used for MIDI; "
            f"run `{pip_install('antiphon[serial]')}`, or install the package python3-serial"
        ) from error
    try:
        line = serial.Serial(path, BAUD, timeout=0, write_timeout=0)
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.EACCES:
            raise PortError(f"{path} may not be opened; add the user to the group dialout") from error
        raise PortError(
            f"the serial port {path} cannot be opened: {reason_of(error)}; "
            "`antiphon ports` shows what is there"
        ) from error
    # An adapter on USB otherwise gathers what arrives for 16 ms. Not every driver knows of it.
    with suppress(OSError, ValueError, AttributeError):
        line.set_low_latency_mode(True)
    return line


class SerialInput:
    """Hears a line on the running loop.

    Args:
        line: what is heard; closed with this.
        on_trouble: called when it was unplugged.
    """

    def __init__(self, line: SerialLine, on_trouble: Callable[[], None]) -> None:
        self._line = line
        self._on_trouble = on_trouble
        self._stream = ByteStream()
        self._loop = asyncio.get_running_loop()
        self._is_closed = False

    @property
    def is_there(self) -> bool:
        return self._line.is_there

    def listen(self, receive: Receive) -> None:
        """Hand over each message from now on."""
        self._loop.add_reader(self._line.descriptor, self._read, receive)

    def _read(self, receive: Receive) -> None:
        try:
            data = os.read(self._line.descriptor, _LONGEST_READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        arrived = time.monotonic()
        # A line that is merely quiet reads as empty as well.
        if not data and self._line.has_hung_up:
            self._loop.remove_reader(self._line.descriptor)
            self._on_trouble()
        for message in self._stream.feed(data):
            receive(message, arrived)

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._loop.remove_reader(self._line.descriptor)
            self._line.close()
            self._stream.close()


class SerialOutput:
    """Plays on a line, no faster than it carries.

    Without a running loop, as in ``antiphon panic``, what waits leaves with the next message or in
    :meth:`settle`.

    Args:
        line: what is played on; closed with this.
        on_trouble: called when it was unplugged while something waited.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        line: SerialLine,
        on_trouble: Callable[[], None],
        clock: Callable[[], Seconds] = time.monotonic,
    ) -> None:
        self._line = line
        self._on_trouble = on_trouble
        self._clock = clock
        self._backlog = Backlog()
        self._unfinished = b""
        self._left_out = False
        self._wake: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        with suppress(RuntimeError):
            self._loop = asyncio.get_running_loop()

    @property
    def is_there(self) -> bool:
        return self._line.is_there

    def send_message(self, message: bytes) -> None:
        """Send a complete short message as soon as the wire is free.

        Raises:
            OSError: the line was unplugged.
        """
        if self._backlog.put(message):
            self._left_out = self._left_out and len(self._backlog) > 1
        elif not self._left_out:
            self._left_out = True
            logger.warning("more is played than a MIDI cable carries; notes too late are left out")
        self._flush()

    def _flush(self) -> None:
        # Only then more, for what a line has not taken at once nobody can leave out any more.
        data = self._unfinished or self._backlog.take(self._clock())
        written = 0
        if data:
            with suppress(BlockingIOError):
                written = os.write(self._line.descriptor, data)
        self._unfinished = data[written:]
        if self._unfinished or len(self._backlog):
            self._flush_later()

    def _flush_later(self) -> None:
        if self._loop is not None and self._wake is None:
            # At least a millisecond, for a line that takes nothing is asked again and again.
            wait = max(0.001, self._backlog.wait(self._clock()))
            self._wake = self._loop.call_later(wait, self._flush_on_time)

    def _flush_on_time(self) -> None:
        self._wake = None
        try:
            self._flush()
        except OSError as error:
            logger.debug("the serial line takes nothing: %s", error)
            self._on_trouble()

    def settle(self) -> None:
        """Wait until what was sent has left; a quarter of a second at most."""
        give_up_at = self._clock() + _LONGEST_SETTLING
        with suppress(OSError):
            while (self._unfinished or len(self._backlog)) and self._clock() < give_up_at:
                self._flush()
                time.sleep(0.001)
        time.sleep(min(self._backlog.carried(self._clock()), _LONGEST_SETTLING))

    def close(self) -> None:
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
        self._line.close()
