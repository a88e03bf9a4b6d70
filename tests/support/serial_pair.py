"""A serial line whose far end is ours: a pseudo-terminal, under a name that stays when it is back."""

import os
import pty
import select
import tty
from pathlib import Path


class SerialPair:
    """What stands at the far end of a cable, and the name of the device at the near one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.plug_in()

    @property
    def name(self) -> str:
        return f"serial:{self._path}"

    def plug_in(self) -> None:
        # The near end stays open here as well, or what nobody has received yet would go with whom we test.
        self._far, self._near = pty.openpty()
        tty.setraw(self._near)
        self._path.symlink_to(os.ttyname(self._near))

    def unplug(self) -> None:
        self._path.unlink()
        os.close(self._far)
        os.close(self._near)

    def send(self, data: bytes) -> None:
        os.write(self._far, data)

    def receive(self, length: int, patience: float = 5.0) -> bytes:
        """Return so many bytes that were sent to the far end, or as many as come."""
        received = b""
        while len(received) < length and select.select([self._far], [], [], patience)[0]:
            received += os.read(self._far, length - len(received))
        return received
