"""Takes the pictures of the page that are in docs/page: python scripts/page-pictures.py

It plays to a daemon of its own in Debian's chromium, as the tests of the page do.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT / "tests" / "support"))

from page_scene import Visitor, chromium, serving_daemon  # noqa: E402  it is there only now

DEVICES: dict[str, dict[str, Any]] = {
    "laptop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    },
    "kiosk": {"viewport": {"width": 1920, "height": 1080}},
}

MELODY = "q w e t y t e w q"
CHORDS = {0: "z c b", 4: "x v n", 8: "z c b"}
"""What is held with the left hand, from which note of the melody on."""


def play(visitor: Visitor) -> None:
    """Play a phrase with both hands on the letters of the keyboard."""
    held: list[str] = []
    for number, letter in enumerate(MELODY.split()):
        if number in CHORDS:
            for each in held:
                visitor.page.keyboard.up(each)
            held = CHORDS[number].split()
            for each in held:
                visitor.page.keyboard.down(each)
        visitor.page.keyboard.down(letter)
        visitor.page.wait_for_timeout(230)
        visitor.page.keyboard.up(letter)
    for each in held:
        visitor.page.keyboard.up(each)


def take(visitor: Visitor, name: str) -> None:
    visitor.page.screenshot(path=PROJECT / "docs" / "page" / f"{name}.png")


def main() -> None:
    with chromium() as browser:
        for device, options in DEVICES.items():
            for scheme in ("light", "dark"):
                with (
                    tempfile.TemporaryDirectory() as folder,
                    serving_daemon(Path(folder), play__seed=3) as daemon,
                    browser.new_context(color_scheme=scheme, **options) as context,
                ):
                    visitor = Visitor(context.new_page())
                    visitor.comes(daemon.address + ("?kiosk" if device == "kiosk" else ""))
                    if device == "kiosk":
                        take(visitor, f"kiosk-start-{scheme}")
                        visitor.page.get_by_role("button", name="Touch to begin").click()
                    play(visitor)
                    visitor.waits_for_turn("It answers")
                    visitor.page.wait_for_timeout(1700)
                    take(visitor, f"{device}-{scheme}")
                    if device == "phone":
                        visitor.opens("Settings")
                        take(visitor, f"phone-settings-{scheme}")


if __name__ == "__main__":
    main()
