"""Warnings of the log, for those who watch from elsewhere."""

import asyncio
import logging
import threading

from antiphon.adapters.doors.log_lines import forwarding
from antiphon.log import on_behalf_of


def test_warnings_are_passed_on_from_any_thread_and_other_lines_are_not() -> None:
    async def session() -> list[str]:
        told: list[str] = []
        with forwarding(told.append, leaving_out="antiphon.itself"):
            logging.getLogger("antiphon").info("a turn")
            logging.getLogger("antiphon.itself").warning("the network is gone")
            thread = threading.Thread(target=logging.getLogger("antiphon.part").warning, args=("%d late", 3))
            thread.start()
            thread.join()
            with on_behalf_of("bass"):
                logging.getLogger("antiphon").warning("its port is gone")
            await asyncio.sleep(0)
        logging.getLogger("antiphon").warning("afterwards")
        await asyncio.sleep(0)
        return told

    assert asyncio.run(session()) == ["3 late", "bass: its port is gone"]
