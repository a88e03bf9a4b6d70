"""Runs Python with fewer rights than this user has: ``python lesser_rights.py RTPRIO MEMLOCK ARGUMENT...``.

RTPRIO is the highest real-time priority and MEMLOCK the most bytes that may be locked; root may then do no
more than others. ``any`` leaves that right as it is.
"""

import ctypes
import os
import resource
import sys

CANNOT = 77
"""The exit code where this user has not so many rights to give."""

_PR_CAPBSET_DROP = 24  # from <linux/prctl.h>
_CAP_IPC_LOCK, _CAP_SYS_NICE = 14, 23  # from <linux/capability.h>


def main() -> None:
    rtprio, memlock, *arguments = sys.argv[1:]
    try:
        _limit(resource.RLIMIT_RTPRIO, rtprio, _CAP_SYS_NICE)
        _limit(resource.RLIMIT_MEMLOCK, memlock, _CAP_IPC_LOCK)
    except ValueError:
        sys.exit(CANNOT)
    os.execv(sys.executable, [sys.executable, *arguments])


def _limit(kind: int, limit: str, capability: int) -> None:
    if limit != "any":
        resource.setrlimit(kind, (int(limit), int(limit)))
        # Whoever may not drop it does not have it.
        ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)


if __name__ == "__main__":
    main()
