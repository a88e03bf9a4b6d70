"""The right of a measuring process to come before everything else on a busy machine, as a daemon has it."""

import os

OF_A_DAEMON = 60
"""What `system.priority` is unless somebody says otherwise; of SCHED_FIFO, as all here."""

OF_THE_OTHERS = 50
"""Below that of the daemon, so that nobody is in its way."""


def take_priority(priority: int = OF_THE_OTHERS) -> bool:
    """Run in real time from here on, if that is allowed here; tell whether it is."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(priority))
    except PermissionError:
        return False
    return True
