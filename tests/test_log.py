"""Log lines as a terminal, a file and the journal want them."""

import os
import re
import subprocess
import sys
import tempfile

SPEAK = """
import logging
from antiphon import log
log.configure({verbose})
logging.getLogger("antiphon.app").debug("fine detail")
logging.getLogger("antiphon.app").info("listening")
logging.getLogger("antiphon.app").warning("a port\\nhas vanished")
"""


def lines(journal: bool = False, verbose: bool = False) -> list[str]:
    """Return what a process logs into a file, which is the journal's if that is asked for."""
    with tempfile.TemporaryFile("w+") as written:
        status = os.fstat(written.fileno())
        stream = (
            {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"} if journal else {"JOURNAL_STREAM": "1:2"}
        )
        code = SPEAK.format(verbose=verbose)
        subprocess.run([sys.executable, "-c", code], stderr=written, env=os.environ | stream, check=True)
        written.seek(0)
        return written.read().splitlines()


def test_a_file_gets_the_date_and_names_what_is_worth_noticing() -> None:
    listening, vanished, rest = lines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d listening", listening)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d warning: a port", vanished)
    assert rest == "has vanished"


def test_the_journal_gets_a_priority_on_every_line_and_no_time() -> None:
    assert lines(journal=True) == ["<6>listening", "<4>a port", "<4>has vanished"]


def test_verbose_adds_detail_and_who_speaks() -> None:
    assert lines(journal=True, verbose=True)[0] == "<7>antiphon.app: fine detail"
