"""What a process takes from this machine, as the kernel tells it."""

from pathlib import Path

from antiphon.core.units import Seconds


def cpu_seconds(process: int) -> Seconds:
    """Return what all threads of a process have computed so far; see the kernel's sched-stats.rst."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    return sum(float((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def own_megabytes(process: int) -> float:
    """Return what a process keeps resident that it shares with no MIDI server."""
    memory = megabytes(process, "status")
    return memory["RssAnon"] + memory["RssFile"]


def megabytes(process: int, file: str) -> dict[str, float]:
    """Return what a file of a process tells of its memory: see proc_pid_status(5), proc_pid_smaps(5)."""
    lines = Path(f"/proc/{process}/{file}").read_text(encoding="utf-8").splitlines()
    fields = (line.split() for line in lines if line.endswith(" kB"))
    return {name.rstrip(":"): float(kibibytes) * 1024 / 1e6 for name, kibibytes, _ in fields}
