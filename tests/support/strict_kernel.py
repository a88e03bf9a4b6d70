"""A kernel that grants what Linux would grant, to a process with these rights; see sched(7) and mlock(2)."""

from dataclasses import dataclass, field


@dataclass
class StrictKernel:
    """Implements the protocol of a kernel. ``limits_apply`` is false for who has the capabilities.

    ``done`` is what was asked for and granted, in order.
    """

    rtprio: int = 0
    memlock: float = 0
    mapped: int = 0
    limits_apply: bool = True
    done: list[str] = field(default_factory=list[str])

    def put_first(self, priority: int) -> bool:
        return self._granted(f"first {priority}", priority <= self.rtprio)

    def put_back(self) -> None:
        self.done.append("back")

    def highest_priority(self) -> int:
        return self.rtprio

    def lock_memory(self) -> bool:
        return self._granted("locked", self.mapped <= self.memlock)

    def lock_memory_without_limit(self) -> bool:
        return self._granted("locked", False)

    def unlock_memory(self) -> None:
        self.done.append("unlocked")

    def lockable_bytes(self) -> float:
        return self.memlock

    def mapped_bytes(self) -> int:
        return self.mapped

    def _granted(self, what: str, is_within_limit: bool) -> bool:
        is_granted = is_within_limit or not self.limits_apply
        if is_granted:
            self.done.append(what)
        return is_granted
