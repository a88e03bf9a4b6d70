"""Whole tunes: written by a network in a key and a metre, or taken down from notes of somebody else's."""

import re
from collections.abc import Callable, Sequence

import numpy as np

from antiphon.adapters.engines.kinds import Form, Tune
from antiphon.adapters.engines.tunes.beat import ACCENTS, USUAL_QUAVER, beat_of
from antiphon.adapters.engines.tunes.char_graph import CharNetwork
from antiphon.adapters.engines.tunes.notation import GRID, abc_key, bars_of
from antiphon.adapters.engines.tunes.reader import sounds_of
from antiphon.adapters.engines.tunes.score import Sound
from antiphon.adapters.engines.tunes.scribe import COOLER, Manner, Scribe, header, ticks_of
from antiphon.adapters.engines.tunes.sections import mended
from antiphon.adapters.engines.tunes.transcription import key_written, on_grid, top_line
from antiphon.adapters.engines.tunes.writing import Writing
from antiphon.core.performance import Note
from antiphon.core.units import Velocity
from antiphon.errors import ConfigurationError
from antiphon_models.tunes.spelling import MOST_SIGNS, SpellingError, fifths_of

METRES = ("4/4", "2/4", "3/4", "2/2", "3/2", "6/8", "9/8")
"""That the network has read, the more usual ones first."""

KEYS = ("G", "D", "A", "C", "F", "Bb", "Em", "Am", "Dm", "Gm", "Bm")
"""Of tunes whose key is left open."""

MOST_CHARACTERS = 4000
BARS_IN_LINE = 4
MELODY, CHORDS = Velocity(84), Velocity(60)


def written(network: CharNetwork, manner: Manner, seed: int, form: Form) -> Tune:
    """Return a tune that a network writes, the same for the same seed.

    Raises:
        ConfigurationError: nobody writes tunes in such a key or metre.
    """
    random = np.random.default_rng(seed)
    metre, key = metre_of(form.meter), key_of(form.key)
    metre = metre or ("4/4", "6/8", "3/4")[random.choice(3, p=(0.55, 0.35, 0.10))]
    key = key or KEYS[random.integers(len(KEYS))]
    cooled = Manner(manner.temperature * COOLER, manner.min_p)
    body = mended(body_of(Scribe(network), cooled, random, metre, key))
    text = laid_out(f"X:1\nT:Tune {seed}\nM:{metre}\nL:1/8\nQ:{tempo(metre)}\nK:{key}\n", body)
    return Tune(text, tuple(notes_of_tune(text)))


def body_of(scribe: Scribe, manner: Manner, random: np.random.Generator, metre: str, key: str) -> str:
    """Return the music of a tune, in one line, as it is drawn."""
    page = scribe.begun(header(metre, key), Writing(ticks_of(metre)))
    noise = scribe.noise(random)
    body: list[str] = []
    while not page.writing.is_over and len(body) < MOST_CHARACTERS:
        page, character = scribe.next(page, manner, noise())
        body.append(character)
        if body[-2:] == ["\n", "\n"]:
            break
    return "".join(body).strip()


def tempo(metre: str) -> str:
    """Return a tempo field's value at which dances in a metre are played, about."""
    return "3/8=104" if metre.endswith("/8") else f"1/4={round(30 / USUAL_QUAVER)}"


def laid_out(head: str, body: str) -> str:
    """Return a tune with a few bars to a line."""
    bars = re.findall(r".*?(?:::|:?\|[|:]?(?!\[)|$)", body)
    lines = ["".join(bars[start : start + BARS_IN_LINE]) for start in range(0, len(bars), BARS_IN_LINE)]
    return head + "\n".join(line for line in lines if line) + "\n"


def metre_of(told: str) -> str:
    """Return the metre that is asked for, empty where it is left open.

    Raises:
        ConfigurationError: no tune in it has been read.
    """
    metre = told.strip()
    if metre and metre not in METRES:
        raise ConfigurationError(f"no tunes are written in {told}; choose one of: {', '.join(METRES)}")
    return metre


def key_of(told: str) -> str:
    """Return the key that is asked for, in ABC, empty where it is left open.

    Raises:
        ConfigurationError: it is none, or has too many sharps or flats.
    """
    if not told.strip():
        return ""
    try:
        key = abc_key(told)
    except (SpellingError, ValueError) as error:
        raise ConfigurationError(f"{told} is no key; name one such as D, Em or F major") from error
    if abs(fifths_of(key)) > MOST_SIGNS:
        raise ConfigurationError(
            f"no tunes are written in {told}: more than {MOST_SIGNS} sharps or flats; name another key"
        )
    return key


def notes_of_tune(tune: str) -> list[Note]:
    """Return the notes of a tune in ABC, by onset, chord symbols as chords, at its own tempo or a usual one.

    Raises:
        AbcError: something in it cannot be read; it says line and column.
    """
    sounds, score = sounds_of(tune)
    quaver = 60 / float(score.quavers_a_minute) if score.quavers_a_minute else USUAL_QUAVER
    return [_note(sound, quaver) for sound in sounds]


def _note(sound: Sound, quaver: float) -> Note:
    velocity = CHORDS if sound.is_chord else MELODY
    return Note(float(sound.begins) * quaver, float(sound.ends) * quaver, sound.pitch, velocity)


def as_abc(notes: Sequence[Note], key: str = "", meter: str = "", title: str = "") -> str:
    """Return the top line of some notes as a tune in ABC; what is left open is heard from them.

    Raises:
        ConfigurationError: such a key or metre is none.
    """
    melody = top_line(sorted(notes, key=lambda note: (note.onset, note.pitch)))
    beat = beat_of([note.onset for note in melody])
    metre = metre_of(meter) or beat.metre
    named = key_of(key) or (key_written(melody)[0] if melody else "C")
    in_bar = GRID * len(ACCENTS[metre]) if metre in ACCENTS else GRID * ticks_of(metre) // ticks_of("1/8")
    upbeat = GRID * beat.upbeat if metre == beat.metre else 0
    lines = on_grid(melody, beat.quaver / GRID, 0) if melody else []
    until = max(lines[-1].ends if lines else 0, 1)
    until += (upbeat - until) % in_bar
    body = bars_of(lines, named, in_bar, upbeat, until).removesuffix("|") + "|]"
    quavers_a_minute = round(60 / beat.quaver)
    head = f"X:1\nT:{title or 'Untitled'}\nM:{metre}\nL:1/8\nQ:1/8={quavers_a_minute}\nK:{named}\n"
    return laid_out(head, body)


def writer(network: CharNetwork, manner: Manner) -> Callable[[int, Form], Tune]:
    """Return what writes tunes with a network, by a seed and a form."""
    return lambda seed, form: written(network, manner, seed, form)
