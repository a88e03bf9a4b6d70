"""A lesson: somebody is to move a control, and is then told which it was. Pure; waits for nothing.

One message does not say what a control is. A knob sends other values after it, an encoder the same again, a
button its end, and one of a pair its finer half; so it is the second message that tells, or that none comes.
"""

from collections.abc import Sequence

from msgspec import Struct

from antiphon.adapters.controls.surface import DOWN, FINER_HALF, Control, control_of
from antiphon.bindings import HIGHEST_OF_A_PAIR, Form, Source, binding_of, choices_of, target_of
from antiphon.core.units import Seconds
from antiphon.schema import schema

QUIET: Seconds = 0.6
"""How long no second message comes of a control that sends but one."""

PATIENCE: Seconds = 60.0
"""How long a lesson waits for somebody to move something."""

NEVER = frozenset({0, 6, 32, 38, *range(96, 102), *range(120, 128)})
"""Controllers that come along with other things: banks, data entry, parameter numbers, channel modes."""

AROUND_THE_MIDDLE = range(DOWN - 12, DOWN + 13)
"""What an encoder sends that counts from 64."""


class Learnt(Struct, frozen=True):
    """A line of the table of bindings."""

    source: Source
    target: str


class Lesson:
    """Listens until it knows which control is meant.

    Args:
        target: what it is to do, such as ``play.temperature``.

    Raises:
        ConfigurationError: there is no such thing to do.
    """

    def __init__(self, target: str) -> None:
        self.target = " ".join(target.split())
        binding_of("cc 1", self.target)  # whether it can be done at all
        self._aim = target_of(target)
        self._first: tuple[Control, int] | None = None
        self._learnt: Learnt | None = None

    @property
    def has_begun(self) -> bool:
        """Whether a control was moved."""
        return self._first is not None

    @property
    def learnt(self) -> Learnt | None:
        return self._learnt

    def hear(self, message: Sequence[int]) -> bool:
        """Take in a message; tell whether it belongs to the lesson, and so to nobody else."""
        control, value = control_of(message)
        if control is None or self._learnt is not None:
            return False
        if self._first is not None:
            return self._hear_second(control, value)
        if not self._may_be_meant(control, value):
            return False
        self._first = control, value
        if control[0] != "cc":
            self.conclude()
        return True

    def conclude(self) -> None:
        """Learn from what has come so far: nothing more does."""
        if self._first is not None and self._learnt is None:
            (control, _) = self._first
            self._learn(control)

    def _may_be_meant(self, control: Control, value: int) -> bool:
        kind, number, _ = control
        if kind == "cc":
            # What is to be pressed is not meant by a button that comes up.
            return number not in NEVER and (self._takes_a_position or value >= DOWN)
        if self._takes_a_position and not self._is_stepped:
            return False
        return value > 0 and (kind == "note" or self._aim.name != "hold")

    def _hear_second(self, control: Control, value: int) -> bool:
        assert self._first is not None
        first, before = self._first
        if control == first:
            self._learn(first, self._form_by(before, value), is_button=before == 127 and value == 0)
            return True
        _, number, channel = first
        is_finer_half = number <= HIGHEST_OF_A_PAIR and control == ("cc", number + FINER_HALF, channel)
        if is_finer_half and self._takes_a_position:
            self._learn(first, "14bit")
            return True
        return False

    def _form_by(self, before: int, value: int) -> Form:
        """Tell an encoder, which may send a value twice, from a knob, which never does."""
        if value != before or not self._takes_a_position:
            return ""
        return "relative offset" if value in AROUND_THE_MIDDLE else "relative"

    def _learn(self, control: Control, form: Form = "", is_button: bool = False) -> None:
        kind, number, channel = control
        step = ""
        if is_button and self._is_stepped:
            step = " toggle" if schema()[self._aim.name].kind is bool else " next"
        self._learnt = Learnt(Source(kind, number, channel, form), f"{self.target}{step}")

    @property
    def _takes_a_position(self) -> bool:
        return self._aim.verb == "follow"

    @property
    def _is_stepped(self) -> bool:
        """Whether it is a setting that a button goes through, switch or choice."""
        if not self._takes_a_position:
            return False
        setting = schema()[self._aim.name]
        return setting.kind is bool or bool(choices_of(setting))
