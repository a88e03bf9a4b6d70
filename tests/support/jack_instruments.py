"""A keyboard and a synth on JACK, and the cables between ports."""

from contextlib import AbstractContextManager

from instruments import Keyboard, Synth, keyboard_on, synth_on


def keyboard(name: str) -> AbstractContextManager[Keyboard]:
    """Plug in a keyboard; it is unplugged at the end."""
    return keyboard_on("jack", name)


def synth(name: str) -> AbstractContextManager[Synth]:
    """Plug in a synth; it is unplugged at the end, when nothing may be sent to it any more."""
    return synth_on("jack", name)


def cable(source: str, destination: str) -> None:
    """Connect two ports, as a musician does in a patch bay."""
    # Here, because where JACK's library is missing even the import fails, and these tests are to be skipped.
    import jack

    client = jack.Client("patch-bay", no_start_server=True)
    client.connect(source, destination)
    client.close()
