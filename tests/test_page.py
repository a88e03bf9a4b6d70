"""The page as somebody at a browser has it: Debian's chromium, and a daemon that plays."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mido
import pytest

from missing import AXE, CHROMIUM, PLAYWRIGHT, WEB

pytest.importorskip("aiohttp", reason=WEB)
pytest.importorskip("playwright", reason=PLAYWRIGHT)

import page_scene
from page_scene import PHRASE, ServingDaemon, Visitor, chromium, serving_daemon

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.skipif(not page_scene.CHROMIUM, reason=CHROMIUM)

LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SCREEN: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServingDaemon]:
    with serving_daemon(tmp_path_factory.mktemp("daemon"), play__seconds=20.0) as daemon:
        yield daemon


@pytest.fixture
def visitor(browser: "Browser", daemon: ServingDaemon) -> Iterator[Visitor]:
    """Somebody at a laptop, who leaves the daemon in peace again, and had no trouble with the page."""
    with browser.new_context(**LAPTOP) as context:
        visitor = Visitor(context.new_page())
        visitor.comes(daemon.address)
        yield visitor
        if daemon.read("api/state")["turn"] != "nobody":
            visitor.page.get_by_role("button", name="Panic").click()
            visitor.waits_for_turn("Your turn", "It listens")
        assert visitor.troubles == []


def onsets(recording: bytes, track: str) -> list[int]:
    """Return the pitches that a track of a recording has, in order."""
    tracks = mido.MidiFile(file=io.BytesIO(recording)).tracks
    found = next(each for each in tracks if track in each.name)
    return [message.note for message in found if message.type == "note_on" and message.velocity > 0]


def test_a_phrase_is_answered_and_the_answer_is_heard_and_interrupted(visitor: Visitor) -> None:
    visitor.plays(*PHRASE)
    assert visitor.turn == "You play"
    visitor.hears("you")
    visitor.waits_for_turn("It answers")
    visitor.page.wait_for_selector(".key.it")
    visitor.hears("it")
    visitor.touch(60)
    visitor.waits_for_turn("You play")
    visitor.page.wait_for_selector(".key.it", state="detached")
    visitor.hears_nothing("it")
    visitor.page.mouse.up()


def test_what_comes_next_is_told_before_it_is_played(visitor: Visitor) -> None:
    seen: list[str] = []
    told = visitor.page.evaluate_handle(
        """() => {
            const told = [];
            const open = new WebSocket(`ws://${location.host}/api/live`);
            open.onmessage = ({ data }) => told.push(JSON.parse(data));
            return told;
        }"""
    )
    visitor.plays(*PHRASE)
    visitor.waits_for_turn("It answers")
    visitor.hears("it")
    for message in told.evaluate("told => told"):
        if message["type"] == "upcoming":
            seen += [f"{due:.6f} {pitch}" for due, pitch, velocity in message["notes"] if velocity]
        elif message["type"] == "sent" and message["velocity"]:
            assert f"{message['due']:.6f} {message['pitch']}" in seen
            return
    raise AssertionError("no note was sent")


def test_the_nearer_to_its_front_edge_a_key_is_hit_the_louder_it_sounds(
    visitor: Visitor, daemon: ServingDaemon
) -> None:
    for depth in (0.7, 0.97):
        visitor.touch(60, depth)
        visitor.page.mouse.up()
    session = daemon.read("api/sessions")[0]["id"]
    soft, loud = [note[3] for note in daemon.read(f"api/sessions/{session}")["parts"]["you"]["notes"][-2:]]
    assert 0 < soft < loud <= 127


def test_a_control_that_is_changed_is_found_over_the_api_and_after_a_reload(
    visitor: Visitor, daemon: ServingDaemon
) -> None:
    slider = visitor.page.get_by_role("slider", name="Temperature")
    slider.fill("0.8")
    visitor.waits_until(lambda: daemon.value("play.temperature") == 0.8, "the API tells of 0.8")
    visitor.page.reload(wait_until="networkidle")
    assert slider.input_value() == "0.8"
    assert daemon.value("play.temperature") == 0.8


def test_a_control_that_is_refused_goes_back_and_the_page_says_why(visitor: Visitor) -> None:
    visitor.page.locator("summary").click()
    lowest = visitor.page.get_by_role("slider", name="Lowest")
    lowest.fill("120")
    visitor.page.get_by_text("play.lowest").wait_for()
    assert lowest.input_value() == "21"


def test_what_a_setting_does_is_told_in_words_with_what_is_to_be_typed_as_code(visitor: Visitor) -> None:
    visitor.opens("Settings")
    visitor.page.locator('[data-setting="model.name"]').hover()
    about = visitor.page.locator(".about")
    assert about.locator("code").inner_text() == "antiphon models"
    assert "`" not in about.inner_text()


def test_what_somebody_else_changes_is_seen_at_once(browser: "Browser", visitor: Visitor) -> None:
    with browser.new_context(**PHONE) as context:
        other = Visitor(context.new_page())
        other.comes(visitor.page.url)
        other.opens("Settings")
        mode_here = visitor.page.get_by_role("combobox", name="Mode", exact=True)
        other.page.get_by_role("combobox", name="Mode", exact=True).select_option("listen")
        visitor.waits_for_turn("It listens")
        assert mode_here.input_value() == "listen"
        mode_here.select_option("answer")
        other.waits_for_turn("Your turn")
        assert other.troubles == []


def test_it_plays_while_its_button_is_held_in_the_mode_for_that(
    visitor: Visitor, daemon: ServingDaemon
) -> None:
    mode = visitor.page.get_by_role("combobox", name="Mode", exact=True)
    mode.select_option("takeover")
    button = visitor.page.get_by_role("button", name="Hold to play")
    button.hover()
    visitor.page.mouse.down()
    visitor.waits_for_turn("It answers")
    assert daemon.read("api/state")["turn"] == "it"
    visitor.page.mouse.up()
    visitor.waits_for_turn("Your turn")
    mode.select_option("answer")
    visitor.page.get_by_role("button", name="Answer now").wait_for()


def test_a_page_that_goes_while_it_holds_lets_go(
    browser: "Browser", daemon: ServingDaemon, visitor: Visitor
) -> None:
    mode = visitor.page.get_by_role("combobox", name="Mode", exact=True)
    mode.select_option("takeover")
    with browser.new_context(**LAPTOP) as context:
        other = Visitor(context.new_page())
        other.comes(daemon.address)
        other.page.get_by_role("button", name="Hold to play").hover()
        other.page.mouse.down()
        visitor.waits_for_turn("It answers")
    visitor.waits_for_turn("Your turn")
    mode.select_option("answer")


def test_each_setting_shows_its_control_and_says_why_it_cannot_learn_one_where_there_is_no_midi(
    visitor: Visitor,
) -> None:
    visitor.opens("Settings")
    visitor.page.get_by_role("button", name="Learn", exact=True).click()
    visitor.page.evaluate(
        """() => {
            const open = new WebSocket(`ws://${location.host}/api/live`);
            const values = { settings: { "controls.bindings": { "cc 20": "play.temperature" } } };
            open.onopen = () => open.send(JSON.stringify({ type: "request", id: 1, name: "set", values }));
        }"""
    )
    visitor.page.get_by_role("button", name="Free CC 20 of Temperature").wait_for()
    visitor.page.get_by_role("button", name="Learn a control for Min p").click()
    visitor.page.get_by_text("there is no MIDI here").wait_for()
    visitor.page.get_by_role("button", name="Learn a control for Min p").wait_for()


def test_what_was_changed_is_saved_for_the_next_start(visitor: Visitor, daemon: ServingDaemon) -> None:
    visitor.page.get_by_role("slider", name="Patience").fill("3")
    visitor.waits_until(lambda: daemon.value("turn.patience") == 3.0, "the API tells of 3")
    visitor.page.get_by_role("button", name="Save").click()
    visitor.page.get_by_text("Saved").wait_for()
    assert "patience = 3.0" in daemon.saved


def test_a_session_is_downloaded_and_has_the_notes_that_were_played(visitor: Visitor) -> None:
    pitches = [55, 57, 59, 62, 65]
    visitor.plays(*pitches)
    visitor.waits_for_turn("It answers")
    visitor.page.get_by_role("button", name="Panic").click()
    visitor.waits_for_turn("Your turn")
    visitor.opens("Sessions")
    visitor.page.locator(".session").first.click()
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="Download").click()
    recording = Path(download.value.path()).read_bytes()
    assert onsets(recording, "you")[-len(pitches) :] == pitches


def test_a_session_is_heard_again_and_continued(visitor: Visitor) -> None:
    visitor.plays(*PHRASE)
    visitor.waits_for_turn("It answers")
    visitor.page.get_by_role("button", name="Panic").click()
    visitor.waits_for_turn("Your turn")
    visitor.hears_nothing("you")
    visitor.opens("Sessions")
    visitor.page.locator(".session").first.click()
    visitor.page.get_by_role("button", name="Play", exact=True).click()
    visitor.hears("you")
    visitor.page.get_by_role("button", name="Stop", exact=True).click()
    visitor.hears_nothing("you")
    visitor.page.get_by_role("button", name="Continue from here").click()
    visitor.waits_for_turn("It answers")


def test_the_last_two_minutes_are_kept(visitor: Visitor) -> None:
    visitor.plays(60, 62)
    visitor.opens("Sessions")
    visitor.page.locator(".session").first.wait_for()
    before = visitor.page.locator(".session").count()
    visitor.page.get_by_role("button", name="Keep the last two minutes").click()
    visitor.page.get_by_text("Kept:").wait_for()
    visitor.page.locator(".session").nth(before).wait_for()


def test_it_is_played_with_the_letters_and_space_is_the_pedal(visitor: Visitor) -> None:
    visitor.allows_sound()
    visitor.page.keyboard.down("q")
    visitor.page.keyboard.down("e")
    assert visitor.lit == {60, 64}
    visitor.page.keyboard.down("Space")
    assert visitor.page.get_by_role("button", name="Sustain").get_attribute("aria-pressed") == "true"
    visitor.page.keyboard.up("q")
    visitor.page.keyboard.up("e")
    visitor.waits_until(lambda: visitor.lit == set(), "no key is lit")
    visitor.hears("you")
    visitor.page.keyboard.up("Space")
    visitor.hears_nothing("you")


def test_it_is_played_with_nothing_but_tab_arrows_and_enter(visitor: Visitor) -> None:
    visitor.page.locator('[data-pitch="60"]').focus()
    visitor.page.keyboard.press("ArrowRight")
    visitor.page.keyboard.press("ArrowUp")
    visitor.page.keyboard.down("Enter")
    assert visitor.lit == {73}
    visitor.page.keyboard.up("Enter")
    # What the daemon tells of the press may come after the key is up, and lights it once more.
    visitor.waits_until(lambda: visitor.lit == set(), "no key is lit")


def test_what_is_likely_to_come_next_glows(visitor: Visitor) -> None:
    visitor.plays(60, 62, 64)
    visitor.page.wait_for_function(
        """() => [...document.querySelectorAll('.key')].some(
            (key) => Number(key.style.getPropertyValue('--expected')) > 0.02)"""
    )


def test_several_fingers_play_on_a_phone_held_upright(browser: "Browser", daemon: ServingDaemon) -> None:
    with browser.new_context(**PHONE) as context:
        visitor = Visitor(context.new_page())
        visitor.comes(daemon.address)
        boxes = [visitor.key(pitch) for pitch in (60, 64, 67)]
        points = [
            {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] * 0.9, "id": number}
            for number, box in enumerate(boxes)
        ]
        fingers = visitor.fingers()
        fingers.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points})
        visitor.lights({60, 64, 67})
        fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": points[:1]})
        fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        visitor.lights(set())
        assert min(box["width"] for box in boxes) >= 24
        assert visitor.page.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"]
        assert visitor.troubles == []


def test_it_says_that_the_daemon_is_gone_falls_silent_and_is_there_again_by_itself(
    browser: "Browser", tmp_path: Path
) -> None:
    with browser.new_context(**LAPTOP) as context, serving_daemon(tmp_path, play__seconds=20.0) as daemon:
        visitor = Visitor(context.new_page())
        visitor.comes(daemon.address)
        visitor.plays(*PHRASE)
        visitor.waits_for_turn("It answers")
        visitor.hears("it")
        daemon.kill()
        visitor.page.get_by_text("Antiphon is not there").wait_for()
        visitor.page.wait_for_selector(".key.it", state="detached")
        visitor.hears_nothing("it")
        daemon.start()
        visitor.page.get_by_text("Antiphon is not there").wait_for(state="detached")
        visitor.plays(*PHRASE)
        visitor.waits_for_turn("It answers")
        visitor.hears("it")


def test_a_kiosk_has_no_controls_and_goes_back_to_its_start(browser: "Browser", tmp_path: Path) -> None:
    with browser.new_context(**SCREEN) as context, serving_daemon(tmp_path, turn__absence=2.0) as daemon:
        visitor = Visitor(context.new_page())
        visitor.comes(f"{daemon.address}?kiosk")
        visitor.page.get_by_role("button", name="Touch to begin").click()
        visitor.plays(60)
        assert visitor.page.get_by_role("button", name="Settings").count() == 0
        visitor.page.get_by_role("button", name="Touch to begin").wait_for()
        assert visitor.troubles == []


def test_nothing_is_asked_of_any_other_machine(visitor: Visitor, daemon: ServingDaemon) -> None:
    assert {address for address in visitor.asked if not address.startswith(daemon.address)} == set()


def test_the_doctor_is_asked_and_says_what_to_do(visitor: Visitor) -> None:
    visitor.opens("Figures")
    visitor.page.get_by_role("button", name="Look at everything").click()
    visitor.page.get_by_role("heading", name="antiphon good").wait_for()
    findings = visitor.page.locator("#findings > li")
    assert findings.filter(has_text="engine").count() == 1
    assert visitor.page.get_by_role("button", name="Look at everything").is_enabled()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_axe_finds_nothing_wrong(
    browser: "Browser", daemon: ServingDaemon, device: dict[str, Any], scheme: Any
) -> None:
    with browser.new_context(color_scheme=scheme, **device) as context:
        visitor = Visitor(context.new_page())
        visitor.comes(daemon.address)
        visitor.plays(60, 62)
        visitor.opens("Settings")
        visitor.page.locator("summary").click()
        assert faults(visitor) == []
        visitor.opens("Sessions")
        visitor.page.locator(".session").first.click()
        visitor.page.get_by_role("button", name="Continue from here").wait_for()
        assert faults(visitor) == []
        for sheet in ("Sound", "Figures"):
            visitor.opens(sheet)
            assert faults(visitor) == []
        visitor.page.get_by_role("button", name="Look at everything").click()
        visitor.page.locator("#findings > li").first.wait_for()
        assert faults(visitor) == []


def test_axe_finds_nothing_wrong_with_a_kiosk(browser: "Browser", daemon: ServingDaemon) -> None:
    with browser.new_context(**SCREEN) as context:
        visitor = Visitor(context.new_page())
        visitor.comes(f"{daemon.address}?kiosk")
        assert faults(visitor) == []
        visitor.page.get_by_role("button", name="Touch to begin").click()
        assert faults(visitor) == []


def faults(visitor: Visitor) -> list[str]:
    """Return what axe finds wrong with the page, by the rules of WCAG 2.2 AA and good practice."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason=AXE)
    found = axe.Axe().run(visitor.page)
    return [
        f"{fault['id']}: {node['html']}: {node['failureSummary']}"
        for fault in found.response["violations"]
        for node in fault["nodes"]
    ]
