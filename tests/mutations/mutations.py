"""What is done to the source, one at a time, to see whether a test notices: each takes something out.

A text stands for itself, to the letter, and occurs once in its file.
"""

from dataclasses import dataclass

PACED = "tests/adapters/test_pacer.py"
DRAWN = "tests/simulation/test_simulation.py::test_sessions_that_are_drawn_hold_their_promises"
EACH_MODE = "tests/simulation/test_simulation.py::test_so_do_those_of_a_single_mode"
LONG = "tests/simulation/test_simulation.py::test_however_long_a_session_is_it_keeps_no_more"
FOUND = "tests/simulation/test_what_was_found.py"


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change that does harm.

    Attributes:
        name: what is taken out, in words.
        path: of the file, from the project.
        text: that is replaced.
        by: what it is replaced by.
        tests: of which at least one is to fail.
    """

    name: str
    path: str
    text: str
    by: str
    tests: tuple[str, ...] = (DRAWN,)


def in_core(name: str, module: str, text: str, by: str, *tests: str) -> Mutation:
    return Mutation(name, f"daemon/antiphon/core/{module}.py", text, by, tests or (DRAWN,))


MUTATIONS = (
    in_core(
        "the release on yield",
        "improviser",
        "        self._out.end_all(self._now)\n        answer.break_off(self._now)\n",
        "        answer.break_off(self._now)\n",
    ),
    Mutation(
        "the release on shutdown",
        "daemon/antiphon/adapters/pacer.py",
        "            self.receive(Silenced(), self.clock())\n",
        "            pass\n",
        (PACED,),
    ),
    in_core(
        "the release of what is passed through, on shutdown",
        "outbox",
        "        self.end_all(now)\n        self.lift(now)\n",
        "        self.end_all(now)\n",
    ),
    in_core(
        "the rollback on interruption",
        "answer",
        "            self._memory.go_back(self._plan[0].before)\n            self._plan.clear()\n",
        "            self._plan.clear()\n",
    ),
    in_core(
        "the late-drop of an onset",
        "answer",
        "        return now - event.due > self.settings.latency.late_onset and event.is_onset\n",
        "        return False\n",
    ),
    in_core(
        "the late-drop of the release of an onset that was dropped",
        "answer",
        "            if not event.is_onset and event.pitch in self._sounding:\n",
        "            if not event.is_onset:\n",
    ),
    in_core(
        "the polyphony mask",
        "answer",
        "not ends and len(self._imagined) < self.settings.play.polyphony and not onsets <= taken",
        "not ends and not onsets <= taken",
    ),
    in_core(
        "the mask of what the player holds",
        "answer",
        "        taken = sounding | room.taken if room.taken else sounding\n",
        "        taken = sounding\n",
    ),
    in_core(
        "the longest note",
        "answer",
        "        return min(self._imagined[pitch] + self.settings.play.longest_note, last_call)\n",
        "        return last_call\n",
    ),
    in_core(
        "the end of an answer's time",
        "answer",
        '        return "length reached" if onset >= self._closing_at else None\n',
        "        return None\n",
        EACH_MODE,
    ),
    in_core(
        "the end of a piece that fades",
        "answer",
        "            self.go_on_until(min(self._closing_at, now + seconds))\n",
        "            pass\n",
        EACH_MODE,
    ),
    in_core("the gap after a note of the player's", "duet", "struck + duet.gap)", "struck)", EACH_MODE),
    in_core(
        "the end when it is let go",
        "improviser",
        '            self._interrupt("let go")\n',
        "            pass\n",
        EACH_MODE,
    ),
    in_core(
        "the quiet hours",
        "attract",
        "    if not scene.is_open or not scene.player.is_still",
        "    if not scene.player.is_still",
        EACH_MODE,
    ),
    in_core(
        "that a lost output sounds no more",
        "outbox",
        "        self._voice.forget()\n        self._thru.forget()\n",
        "        pass\n",
    ),
    in_core(
        "the bound of what is remembered for a newcomer",
        "memory",
        "        self._latest = (*self._latest[1 - LATELY :], event)\n",
        "        self._latest = (*self._latest, event)\n",
        LONG,
    ),
    in_core(
        "the rest of the second part while it answers",
        "improviser",
        "            # What joins the player's notes rests while they are answered.\n"
        "            self._end_the_harmony()\n",
        "            pass\n",
        FOUND,
    ),
    in_core(
        "that an answer in a duet of joined notes yields",
        "duet",
        '"yields" if duet.style == "harmonise" else "goes on"',
        '"goes on"',
        FOUND,
    ),
    in_core(
        "that who plays along stops where each note is to be joined",
        "improviser",
        "before.mode != settings.play.mode or self._floor.is_in_the_way_of_the_harmony",
        "before.mode != settings.play.mode",
        FOUND,
    ),
    in_core(
        "that what is planned is taken back before the second part ends",
        "improviser",
        "            self._floor.take_back()\n"
        "            self._out.play_now(self._harmony.leave(self._now), self._now)\n",
        "            self._out.play_now(self._harmony.leave(self._now), self._now)\n",
        FOUND,
    ),
    in_core(
        "that a piece which was only prepared leaves what was heard",
        "floor",
        "            self._memory.go_back(self._before)\n",
        "            self._prepared.take_back()\n",
        FOUND,
    ),
    in_core(
        "that the left hand keeps its notes",
        "voice",
        "        for pitch in pitches & other.sounding:\n",
        "        for pitch in other.sounding:\n",
        FOUND,
    ),
    in_core(
        "that the left hand has its keys to itself",
        "modes",
        "    return Room(scene.player.holding)\n",
        "    return Room(scene.player.sounding)\n",
        FOUND,
    ),
    in_core(
        "that a key is let go which the left hand strikes",
        "improviser",
        "            self._let_go_of(event.pitch)\n",
        "            pass\n",
        FOUND,
    ),
    in_core(
        "the release of what was taken over, where hammers take their time",
        "actuator",
        '        return command.part == "you" or is_taken_over\n',
        '        return command.part == "you"\n',
        "tests/core/test_actuator.py",
    ),
    in_core(
        "that what was cut off takes along no note of the player's, where hammers take their time",
        "actuator",
        "        self._cut_off |= self._to_release\n",
        "",
        "tests/core/test_actuator.py",
    ),
    in_core(
        "that a key is let go before the player strikes it, where hammers take their time",
        "actuator",
        "sorted(self.due(now) + outgoing,",
        "sorted(outgoing + self.due(now),",
        "tests/core/test_actuator.py",
    ),
    Mutation(
        "that what joins a note goes on when another is struck, where hammers take their time",
        "daemon/antiphon/adapters/pacer.py",
        "self._actuator.yield_the_tail(now)",
        "self._actuator.cut(now)",
        (PACED,),
    ),
    in_core(
        "that what was never struck is forgotten",
        "improviser",
        "        answer.break_off(self._now)\n        self._give_back",
        "        answer.stop(self._now)\n        self._give_back",
        "tests/core/test_given_out.py",
    ),
    in_core(
        "that who wants silence is there",
        "improviser",
        "        self._scene.touch(self._now)\n        self._hear(self._player.leave(self._now))\n        "
        "self._floor.drop",
        "        self._hear(self._player.leave(self._now))\n        self._floor.drop",
        FOUND,
    ),
)
