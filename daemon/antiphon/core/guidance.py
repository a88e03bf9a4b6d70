"""Where a guide comes from: what was heard, seen through the mood that was asked for, and the settings.

What a setting names goes before the mood, and the mood before what was heard.
"""

from msgspec.structs import replace

from antiphon.core.chords import Chord
from antiphon.core.guide import USUAL_DENSITY, USUAL_LOUDNESS, USUAL_REGISTER, Guide, Impression
from antiphon.core.keys import Key, Mode, ScaleName, key_named, scale_in
from antiphon.core.mood import coloured, in_mode, is_modal
from antiphon.core.mood_phrases import mood_of
from antiphon.core.settings import Settings


def guide_after(impression: Impression, settings: Settings) -> Guide:
    """Return what an answer is to be like to music that made an impression."""
    return guide_from(impression.guide(), impression.key, settings, impression.chord)


def guide_from(heard: Guide, key: Key | None, settings: Settings, chord: Chord | None = None) -> Guide:
    """Return what music is to be like after music that was heard, in a key, with its last chord."""
    wanted, mood = settings.guide, mood_of(settings.play.mood)
    guide = followed(heard, wanted.follow)
    if mood is not None:
        guide = coloured(guide, mood)
        if is_modal(mood):
            key = in_mode(key, mood)
            guide = in_key(guide, key)
    if wanted.key != "heard":
        key = key_named(wanted.key)
        guide = in_key(guide, key)
    loudness = _wanted(wanted.loudness, guide.loudness)
    return replace(
        guide,
        density=_wanted(wanted.density, guide.density),
        loudness=loudness,
        register=_wanted(wanted.register, guide.register),
        tempo=guide.tempo * wanted.tempo,
        louder=louder(loudness, heard.loudness),
        scale=_scale(wanted.scale, key, chord),
        lock=max(wanted.lock, guide.lock),
    )


def followed(heard: Guide, strength: float) -> Guide:
    """Return what follows from music that was heard, with more or less of its energy.

    Args:
        heard: what it is like.
        strength: at 1 the music to come is as dense, loud and high; at 0 as it comes; between, as far from
            what is usual.
    """
    if strength == 1.0:
        return heard
    if strength == 0.0:
        return replace(heard, density=None, loudness=None, register=None)
    return replace(
        heard,
        density=_between(USUAL_DENSITY, heard.density, strength),
        loudness=_between(USUAL_LOUDNESS, heard.loudness, strength),
        register=_between(USUAL_REGISTER, heard.register, strength),
    )


def _between(usual: float, heard: float | None, strength: float) -> float | None:
    return None if heard is None else usual + strength * (heard - usual)


def mode_wanted(settings: Settings) -> Mode | None:
    """Return the mode that the mood asks for; None where it asks for none, or a key is set."""
    mood = mood_of(settings.play.mood)
    if settings.guide.key != "heard" or mood is None or not is_modal(mood):
        return None
    return "minor" if mood.valence < 0 else "major"


def _scale(name: ScaleName, key: Key | None, chord: Chord | None) -> frozenset[int] | None:
    if name == "chord" and chord is not None:
        return chord.pitch_classes
    return None if key is None else scale_in(key, name)


def _wanted(setting: float, otherwise: float | None) -> float | None:
    """Return what a number of the settings asks for: 0 leaves it to others, -1 leaves the music free."""
    return otherwise if setting == 0 else setting if setting > 0 else None


def louder(wanted: float | None, heard: float | None) -> int:
    """Return what to add to velocities: the network goes on as loud as it was, whatever it is asked for."""
    return 0 if wanted is None else round(wanted - (USUAL_LOUDNESS if heard is None else heard))


def in_key(guide: Guide, key: Key | None) -> Guide:
    """Return a guide to music in a key; where there is none, it is left free."""
    return replace(guide, pitch_classes=None if key is None else key.shares)
