"""Where a guide comes from: what was heard, seen through the mood that was asked for, and the settings.

What a setting names goes before the mood, and the mood before what was heard.
"""

from msgspec.structs import replace

from antiphon.core.guide import Guide, Impression
from antiphon.core.keys import Key, key_named, scale_in
from antiphon.core.mood import coloured, in_mode
from antiphon.core.mood_phrases import mood_of
from antiphon.core.settings import Settings


def guide_after(impression: Impression, settings: Settings) -> Guide:
    """Return what an answer is to be like to music that made an impression."""
    wanted, mood = settings.guide, mood_of(settings.play.mood)
    heard, key = impression.guide(), impression.key
    guide = heard if mood is None else coloured(heard, mood)
    if mood is not None and (moved := in_mode(key, mood)) != key:
        key = moved
        guide = replace(guide, pitch_classes=None if key is None else key.shares)
    if wanted.key != "heard":
        key = key_named(wanted.key)
        guide = replace(guide, pitch_classes=None if key is None else key.shares)
    return replace(
        guide,
        density=_wanted(wanted.density, guide.density),
        loudness=_wanted(wanted.loudness, guide.loudness),
        register=_wanted(wanted.register, guide.register),
        tempo=guide.tempo * wanted.tempo,
        scale=None if key is None else scale_in(key, wanted.scale),
        lock=max(wanted.lock, guide.lock),
    )


def _wanted(setting: float, otherwise: float | None) -> float | None:
    """Return what a number of the settings asks for: 0 leaves it to others, -1 leaves the music free."""
    return otherwise if setting == 0 else setting if setting > 0 else None
