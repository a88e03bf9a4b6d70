"""A server of the suite: a process that tests start, mistreat and end."""

import os
import signal
import subprocess

from ended import end_in_good_order


class ServerProcess:
    """What can be done to a server, whichever it is; ``_process`` is None while it does not run."""

    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """Let it die as if it had crashed."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._process = None

    def freeze(self) -> None:
        """Stop it from running until :meth:`thaw`; all its threads stand still when this returns."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self._process.pid, os.WSTOPPED | os.WNOWAIT)

    def thaw(self) -> None:
        """Let it run on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it in good order. May be called again."""
        if self._process is None:
            return
        end_in_good_order(self._process)
        self._process = None
