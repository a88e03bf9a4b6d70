"""Where the shell blocks of a page are typed: a home, a clone with its ``.venv``, and some music."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import bounded_antiphon
from documents import PROJECT, ShellBlock
from midi_fixtures import write_scale
from small_corpus import write_piece

LONGEST = 400
"""Seconds that a block may take, on a machine that does much else."""

NOT_IN_A_CLONE = {".git", "build", "dist", "node_modules"}

OF_THE_READER = "antiphon-2026-11-21-172248"
"""The session that the pages speak of."""


class ReadersDesk:
    """Where the blocks of one page are run, one after another, with what they leave for the next."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._home = folder / "home"
        self._clone = folder / "antiphon"
        self._bin = self._clone / ".venv" / "bin"
        self._environment = {
            **os.environ,
            **environment,
            "HOME": str(self._home),
            "PATH": f"{self._bin}:{os.environ['PATH']}",
            # What pip is asked for has to be here already: it is only told to look.
            "PIP_NO_INDEX": "1",
            "PIP_DRY_RUN": "1",
        }
        self._typed: set[ShellBlock] = set()
        self._lay_out_the_clone()
        self._lay_out_the_home()

    def type(self, block: ShellBlock, before: Iterator[ShellBlock]) -> subprocess.CompletedProcess[str]:
        """Run a block, after those of its page before it that have not been run."""
        for each in before:
            if each not in self._typed:
                self._run(each)
        return self._run(block)

    def _run(self, block: ShellBlock) -> subprocess.CompletedProcess[str]:
        self._typed.add(block)
        return subprocess.run(
            ["sh", "-e", "-c", block.script],
            cwd=self._clone,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST,
            check=False,
        )

    def _lay_out_the_clone(self) -> None:
        self._bin.mkdir(parents=True)
        for name in _names_in_a_clone():
            (self._clone / name).symlink_to(PROJECT / name)
        _write_program(self._bin / "antiphon", f"{sys.executable} {bounded_antiphon.__file__}")
        _write_program(self._bin / "pip", f"{sys.executable} -m pip")
        write_scale(self._clone / "phrase.mid")
        _lay_out_a_session(self._clone)

    def _lay_out_the_home(self) -> None:
        (self._home / "midi").mkdir(parents=True)
        for seed in range(5):
            write_piece(self._home / "midi" / f"piece-{seed}.mid", seed)
        sessions = self._home / ".local" / "share" / "antiphon" / "sessions"
        sessions.mkdir(parents=True)
        _lay_out_a_session(sessions)


def _lay_out_a_session(folder: Path) -> None:
    for suffix in (".mid", ".session"):
        example = PROJECT / "examples" / "sessions" / f"answer{suffix}"
        shutil.copy(example, folder / f"{OF_THE_READER}{suffix}")


def _write_program(path: Path, command: str) -> None:
    path.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def _names_in_a_clone() -> set[str]:
    """Return what a clone has at its top, without what a walk through the documents has left here."""
    tracked = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if tracked.returncode == 0:
        return {path.partition("/")[0] for path in tracked.stdout.splitlines()}
    # Unpacked from an archive, there is nobody to ask.
    there = {path.name for path in PROJECT.iterdir() if not path.name.startswith(".venv")}
    return there - NOT_IN_A_CLONE
