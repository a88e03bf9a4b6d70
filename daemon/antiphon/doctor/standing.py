"""What is said of a daemon that plays, where to try it out would disturb the music: its own word is taken.

Opening a MIDI port stops all of Python for a while, a trial of the network takes the core, a trial of the
footing takes that of the daemon away, and its door is not free, for it is open.
"""

from collections.abc import Mapping

from antiphon.adapters.check_up import Standing
from antiphon.adapters.doors.osc.arrangement import Arrangement
from antiphon.adapters.service_manager import in_words, missing_ports
from antiphon.errors import PortError
from antiphon.findings import Finding


def of_the_ports(standing: Standing) -> Finding:
    """Return what is said about the ports that it plays through."""
    state = standing.state
    if missing := missing_ports(state):
        remedy = "plug in what is missing, or name another port in midi.in or midi.out"
        return Finding("MIDI", "missing", in_words(missing) or "", remedy, exit_code=PortError.exit_code)
    if not state.input and not state.output:
        return Finding("MIDI", "not needed", "switched off; it is played by way of its doors")
    return Finding("MIDI", "good", f"hears {state.input}, answers on {state.output}")


def of_the_engine(standing: Standing) -> Finding:
    """Return which engine plays, and how late its notes were."""
    state = standing.state
    value = f"{state.engine} plays {state.model}"
    sent = state.delays.sent
    if sent.count:
        value += f"; of {sent.count} onsets and releases 99 % were sent within {sent.p99 / 1000:.1f} ms"
    return Finding("engine", "good", value, figures={"sent": sent.count, "p99_us": sent.p99})


def of_the_osc_door(doors: Mapping[str, str], arrangement: Arrangement) -> Finding:
    """Return what is said about the socket, which is open where all is well."""
    if doors.get("osc") == "on":
        return Finding("OSC", "good", f"{arrangement} is open")
    return Finding("OSC", "could be better", f"{arrangement} is not open; the log says why")
