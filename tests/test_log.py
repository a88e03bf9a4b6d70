"""Log lines as a terminal, a file and the journal want them."""

import logging
import os
import re
import subprocess
import sys
import tempfile

from antiphon.log import Sparing
from terminal import Terminal

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


def test_a_terminal_gets_the_time_and_lines_that_end_between_words() -> None:
    said = "connect your keyboard to antiphon:in, and antiphon:out to your synthesizer, such as by qjackctl"
    code = (
        f"import logging\nfrom antiphon import log\nlog.configure(False)\nlogging.getLogger().info({said!r})"
    )
    with Terminal([sys.executable, "-c", code], os.environ | {"JOURNAL_STREAM": "1:2"}) as terminal:
        first, *rest = terminal.until_it_ends().splitlines()
    assert re.match(r"\d\d:\d\d:\d\d connect", first)
    assert rest
    assert all(line.startswith(" " * 9) and len(line) <= 80 for line in rest)
    assert " ".join([first[9:], *(line.strip() for line in rest)]) == said


def test_the_journal_gets_a_priority_on_every_line_and_no_time() -> None:
    assert lines(journal=True) == ["<6>listening", "<4>a port", "<4>has vanished"]


def test_verbose_adds_detail_and_who_speaks() -> None:
    assert lines(journal=True, verbose=True)[0] == "<7>antiphon.app: fine detail"


def test_a_line_names_the_partner_that_it_is_about() -> None:
    code = """
import contextvars, logging, threading
from antiphon import log
log.configure(False)
logger = logging.getLogger("antiphon.app")
with log.on_behalf_of("bass"):
    logger.info("playing on %s", "Synth B")
    run = contextvars.copy_context().run
    thread = threading.Thread(target=run, args=(logger.warning, "the disk is full"))
logger.info("listening")
thread.start()
thread.join()
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr
    assert [line.split(maxsplit=2)[2] for line in said.splitlines()] == [
        "bass: playing on Synth B",
        "listening",
        "warning: bass: the disk is full",
    ]


def lines_of(said: list[tuple[float, str]]) -> list[str]:
    """Return what is written of sentences that are said at these moments."""
    moments, written = iter([at for at, _ in said]), []
    sparing = Sparing(lambda: next(moments))
    for _, word in said:
        record = logging.LogRecord("antiphon", logging.INFO, "", 0, "answered with %s", (word,), None)
        if sparing.filter(record):
            written.append(record.getMessage())
    return written


def test_what_is_said_over_and_over_is_left_out_and_counted() -> None:
    written = lines_of([(0.0, str(number)) for number in range(150)] + [(61.0, "one more")])
    assert written[: Sparing.BURST] == [f"answered with {number}" for number in range(100)]
    assert written[Sparing.BURST :] == ["answered with one more (and 50 lines like this before it)"]


def test_what_is_said_once_a_minute_is_always_written() -> None:
    assert len(lines_of([(60.0 * number, "x") for number in range(5000)])) == 5000


def test_a_day_of_the_busiest_jam_is_far_below_a_megabyte() -> None:
    """Two sentences for every answer, as the log book writes them; here an answer every other second."""
    day = lines_of(
        [(2.0 * number, "1234 notes in 123.4 s (it was finished); listening") for number in range(43_200)]
    )
    assert 2 * sum(len(line) + 1 for line in day) < 500_000


def test_different_sentences_do_not_keep_each_other_out() -> None:
    sparing = Sparing(lambda: 0.0)
    said = ["a port has vanished"] * 200 + ["it is back"]
    records = [logging.LogRecord("antiphon", logging.WARNING, "", 0, text, (), None) for text in said]
    assert [sparing.filter(record) for record in records][-2:] == [False, True]


def test_what_is_amiss_is_written_however_much_went_well_in_the_same_form() -> None:
    sparing = Sparing(lambda: 0.0)
    said = [(logging.INFO, "answered")] * 200 + [(logging.WARNING, "left out 1 note")]
    records = [logging.LogRecord("antiphon", level, "", 0, "%s", (text,), None) for level, text in said]
    assert [sparing.filter(record) for record in records][-2:] == [False, True]
