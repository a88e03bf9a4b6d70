"""What a browser sends: frames of a WebSocket, and where the first byte is ``:``, the headers of a request.

Between several frames of one page lies a zero byte; headers lie each on a line, Host, Origin, site and token.
"""

from collections.abc import Iterator

from antiphon.adapters.desk import Touch
from antiphon.adapters.doors.web.guard import Asked, Guard, digest_of
from antiphon.adapters.doors.web.hands import PageHands
from antiphon.adapters.doors.web.messages import (
    SOURCE,
    Ask,
    Hold,
    Outcome,
    Pedal,
    Press,
    Release,
    frame_of,
    opened,
)
from antiphon.core.events import (
    SUSTAIN_PEDAL,
    ControlMoved,
    HoldPressed,
    HoldReleased,
    KeyPressed,
    KeyReleased,
)
from antiphon.core.improviser import Improviser
from antiphon.core.units import Pitch, Velocity
from antiphon.errors import RequestError
from antiphon.requests import request_of
from default_settings import settings
from followed import follow
from synthesizer import Synthesizer
from target import Target, is_told
from uniform_engine import UniformEngine

TOKEN = "a token that is long enough"


class Visit:
    """A page that plays: what is down of it when it goes is let go of."""

    def __init__(self) -> None:
        thru = settings(play={"thru": True, "seconds": 3.0, "longest_note": 1.0})
        self._improviser = Improviser(UniformEngine(), thru, 0.0)
        self._synthesizer = Synthesizer(self._improviser)
        self._hands = PageHands(self._play)

    def take(self, text: str) -> None:
        match opened(text):
            case Press(pitch, velocity):
                self._hands.do(KeyPressed(Pitch(pitch), Velocity(velocity)))
            case Release(pitch):
                self._hands.do(KeyReleased(Pitch(pitch)))
            case Pedal(value):
                self._hands.do(ControlMoved(SUSTAIN_PEDAL, value))
            case Hold(on):
                self._hands.do(HoldPressed() if on else HoldReleased())
            case Ask(id_, name, values):
                frame_of(Outcome(id_, name))
                follow(request_of(name, values, SOURCE), SOURCE)

    def end(self) -> None:
        self._hands.leave()
        self._synthesizer.pass_time(self._synthesizer.now + 30.0)
        assert not self._synthesizer.sounding, f"stuck: {self._synthesizer.sounding}"

    def _play(self, touch: Touch) -> None:
        self._improviser.receive(touch, self._synthesizer.now)
        self._synthesizer.play()
        self._synthesizer.pass_time(self._synthesizer.now + 0.1)


def examine(data: bytes) -> None:
    if data.startswith(b":"):
        _examine_headers(data[1:].decode("latin-1").split("\n"))
        return
    visit = Visit()
    for frame in data.split(b"\0"):
        try:
            text = frame.decode()
        except UnicodeDecodeError:
            continue  # aiohttp shuts the door then: RFC 6455, section 8.1
        try:
            visit.take(text)
        except RequestError as error:
            is_told(error)
            frame_of(Outcome(0, str(error)))
    visit.end()


def _examine_headers(lines: list[str]) -> None:
    host, origin, site, token, *_ = [*lines, "", "", "", ""]
    refusal = Guard(["piano.local"], digest_of(TOKEN)).refusal(Asked(host, origin, site, token))
    assert refusal is not None or token == TOKEN, "somebody came in without the token"
    Guard([], None).refusal(Asked(host, origin, site, token))


def seeds() -> Iterator[bytes]:
    yield b'{"type":"press","pitch":60}\0{"type":"pedal","value":127}\0{"type":"release","pitch":60}'
    yield b'{"type":"hold","on":true}\0{"type":"press","pitch":72,"velocity":1}'
    yield b'{"type":"watch","expect":true}\0{"type":"continue","id":5,"session":"a","at":1}'
    yield b'{"type":"request","id":1,"name":"set","values":{"settings":{"play.mode":"duet"}}}'
    yield b'{"type":"request","id":2,"name":"trigger","values":{"phrase":[{"pitch":60,"at":0}],"seed":1}}'
    yield b'{"type":"clock","id":3}\0{"type":"keep","id":4,"seconds":60}'
    yield f":127.0.0.1:8420\nhttp://127.0.0.1:8420\nsame-origin\n{TOKEN}".encode()
    yield f":piano.local\nhttps://[::1]:8420\nnone\n{TOKEN}".encode()


TARGET = Target(examine, seeds, longest=1024)
