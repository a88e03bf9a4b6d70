"""Numbers of things, in words."""


def counted(number: int, thing: str, things: str = "") -> str:
    """Return how many there are, such as ``1 step`` or ``1,200 steps``."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"


def minutes(number: float) -> str:
    """Return minutes, to a tenth where they are few: ``0.2 minutes``, ``100 minutes``."""
    shown = f"{number:.0f}" if number >= 10 else f"{number:.1f}".removesuffix(".0")
    return f"{shown} minute" if shown == "1" else f"{shown} minutes"
