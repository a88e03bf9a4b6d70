import pytest

from antiphon.adapters.midi.jack_client import jack_server_name, jack_server_runs
from jack_server import requires_jack, running_jack_server


@requires_jack
def test_a_server_is_found_by_the_name_that_jack_itself_goes_by() -> None:
    with running_jack_server() as server:
        assert jack_server_name() == server.name
        assert jack_server_runs()


def test_no_server_is_started_where_none_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nowhere")
    assert not jack_server_runs()
