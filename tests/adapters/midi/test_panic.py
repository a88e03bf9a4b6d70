from collections.abc import Iterator

import pytest

from antiphon.adapters.midi.panic import panic
from antiphon.adapters.midi.port_lock import PortLock
from antiphon.adapters.midi.system import full_system_name
from antiphon.adapters.midi.wire import panic_messages
from antiphon.errors import PortError
from jack_instruments import synth
from jack_server import requires_jack, running_jack_server

pytestmark = requires_jack


@pytest.fixture(scope="module", autouse=True)
def _server() -> Iterator[None]:
    with running_jack_server():
        yield


def test_a_panic_reaches_a_synth_that_a_daemon_plays() -> None:
    with synth("Minilogue") as minilogue:
        lock = PortLock.take(full_system_name("jack"), minilogue.port_name)
        assert panic("jack", "Mini*", pace=0.0001) == minilogue.port_name
        lock.release()
        assert [bytes(message) for message in minilogue.heard] == list(panic_messages())


def test_a_panic_without_output_is_refused() -> None:
    with pytest.raises(PortError, match="no MIDI output is there"):
        panic("jack", "*")
