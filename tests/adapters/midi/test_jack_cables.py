import threading
import time

import pytest

from antiphon.adapters.midi.jack_cables import JackCables
from antiphon.errors import PortError
from jack_server import requires_jack, running_jack_server


@requires_jack
def test_a_thread_that_tells_of_the_end_of_its_server_is_not_killed_in_python() -> None:
    told, opened, ended = threading.Event(), threading.Event(), threading.Event()

    def tell() -> None:
        told.set()
        opened.wait(5)
        time.sleep(0.05)  # is long enough to be killed in, and whoever is not killed ends all the same
        ended.set()

    with running_jack_server() as server:
        JackCables(tell)
        server.kill()
        assert told.wait(5)
        opened.set()
        with pytest.raises(PortError, match="no JACK server"):
            JackCables(lambda: None)
    assert ended.is_set()
