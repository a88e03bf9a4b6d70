"""Tunes in ABC notation: read note by note, and spelt as the network reads them."""

from collections.abc import Iterator

from antiphon.adapters.engines.tunes.reader import AbcError, sounds_of
from antiphon_models.notes.abc_tunes import has_one_voice, tunes_of
from antiphon_models.tunes.keys import transposed
from antiphon_models.tunes.spelling import SpellingError, spelt
from small_tunes import tune
from target import Target


def examine(data: bytes) -> None:
    for each in tunes_of(data):
        has_one_voice(each)
    text = data.decode("latin-1")
    _examine_reader(text)
    try:
        respelt = spelt(text)
    except SpellingError:
        return
    for fifths in (-1, 2):
        transposed(respelt, fifths)


def _examine_reader(text: str) -> None:
    try:
        sounds, _ = sounds_of(text)
    except AbcError as error:
        if not str(error).startswith("line "):
            raise AssertionError(f"an error that is nowhere: {error}") from error
        return
    for sound in sounds:
        assert 0 <= sound.pitch <= 127, f"no such note: {sound}"
        assert 0 <= sound.begins < sound.ends, f"no such time: {sound}"


def seeds() -> Iterator[bytes]:
    for seed in range(3):
        yield tune(seed).encode()
    yield b"X:1\nT:All\nM:6/8\nL:1/8\nQ:1/4=120\nK:F#m\n(3ABc d2>e2 ^f/2=g//_a3/2-|a'b,, [CEG]2 {gf}!t!z|]\n"
    yield b'X:1\nM:C|\nL:1/4\nK:Bb mix\n"Gm7/D"G2 [K:D][M:3/4] Z |: A-A :|[1 B:|[2 c||\nw: la\n% no\n'


TARGET = Target(examine, seeds, longest=1024)
