"""The page for a browser: used as a person would in Chromium, and no name in it does anything.

Chromium must be installed (`apt-get install chromium`); in CI it must be there, elsewhere the tests
that need it are skipped without.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from index.answers import MapPoints
from index.map_file import SavedMap, save_map
from index.map_page import page
from index.map_previews import SECONDS, all_over, preview, previews
from library.catalog import SampleRow
from library.clip import Clip
from library.progress import drive
from library.wav import write_wav
from tests.audio_cases import noise, pluck, tone

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WICKED = "</script><script>document.title='wicked'<\\script><img src=x onerror=alert(1)>&amp;.wav"
ODD = ("hat \u2028 caf\u00e9.wav", os.fsdecode(b"b\xff.wav"))
NAMES = (WICKED, "kick one.wav", "kick two.wav", *ODD)
KINDS = ("kick", "kick", "kick", "hat", None)
XY = np.array([[0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9], [0.5, 0.5]], np.float32)
POINTS = MapPoints(np.arange(1, 6), XY, KINDS)


def row(i: int, folder: Path) -> SampleRow:
    tags = ("dark", "</select>") if i < 2 else ()
    name = f"{i}.wav" if i == 0 else NAMES[i]  # a slash cannot be in the file's own name
    return SampleRow(
        i + 1, folder / name, NAMES[i], f"s/{folder.name}", "analysed", "", "", False, 0.25,
        44_100, 1, "WAV", KINDS[i], None, tags, {},
    )  # fmt: skip


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[SampleRow]:
    folder = tmp_path_factory.mktemp("sounds & <more>")
    made = [row(i, folder) for i in range(5)]
    for i, each in enumerate(made):
        write_wav(tone(220.0 * (i + 1), 0.25), each.path)
    return made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have Chromium: apt-get install chromium")
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    options = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=options)
        yield opened
        opened.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A tab in which any error fails the test, and all that it asks for is written down."""
    context = browser.new_context(viewport={"width": 1200, "height": 800}, has_touch=True)
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    asked: list[str] = []
    wrong: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    opened.asked = asked  # type: ignore[attr-defined]
    yield opened
    context.close()
    assert wrong == []


def show(tab: Page, rows: list[SampleRow], path: Path, sounds: str = "embed") -> SavedMap:
    saved = drive(save_map(POINTS, rows, path, sounds))
    tab.goto(path.as_uri())
    painted(tab)
    return saved


def place(tab: Page, i: int) -> tuple[float, float]:
    """Where a point is on the screen while the whole map is shown beside the filters."""
    left = tab.locator("#filters").bounding_box()
    assert left is not None
    beside = left["x"] + left["width"]
    scale = 0.92 * min((1200 - beside) / 0.8, 800 / 0.8)
    x, y = XY[i].tolist()
    return beside + (1200 - beside) / 2 + (x - 0.5) * scale, 400 + (y - 0.5) * scale


def painted(tab: Page) -> None:
    # The page's policy forbids what evaluates text, as waiting for an expression does.
    tab.locator("body[data-painted]").wait_for(state="attached")


def played(tab: Page, i: int) -> None:
    tab.locator(f"body[data-played='{i}']").wait_for(state="attached")


def told(tab: Page) -> str:
    return tab.inner_text("#tip b") if tab.is_visible("#tip") else ""


def test_hovering_tells_and_plays(tab: Page, rows: list[SampleRow], tmp_path: Path) -> None:
    saved = show(tab, rows, tmp_path / "map.html")
    assert saved.heard == 5
    assert tab.inner_text("#count") == "5 sounds"
    for i in (1, 3, 4):
        tab.mouse.move(*place(tab, i))
        played(tab, i)
        assert told(tab) == NAMES[i].replace("\u2028", "\\u2028").replace("\udcff", "\\xff")
    assert "unknown" in tab.inner_text("#tip span")
    assert "0.25 s" in tab.inner_text("#tip span")
    tab.mouse.move(600, 250)
    assert told(tab) == ""
    tab.uncheck("#hear")
    tab.mouse.move(*place(tab, 2))
    assert told(tab) == "kick two.wav"
    assert tab.evaluate("document.body.dataset.asked") == "4"
    tab.mouse.click(*place(tab, 2))
    played(tab, 2)
    assert tab.asked == [(tmp_path / "map.html").as_uri()]  # type: ignore[attr-defined]


def test_filters_by_word_kind_and_tag(tab: Page, rows: list[SampleRow], tmp_path: Path) -> None:
    show(tab, rows, tmp_path / "map.html")
    tab.fill("#text", "KICK")
    assert tab.inner_text("#count") == "2 of 5 sounds"
    tab.mouse.move(*place(tab, 3))
    assert told(tab) == ""  # what is filtered out is not there
    tab.mouse.move(*place(tab, 1))
    assert told(tab) == "kick one.wav"
    tab.fill("#text", "kick sounds")  # the second word is in the folder
    assert tab.inner_text("#count") == "2 of 5 sounds"
    tab.keyboard.press("Escape")
    tab.select_option("#tag", label="dark (2)")
    assert tab.inner_text("#count") == "2 of 5 sounds"
    tab.select_option("#tag", label="any tag")
    tab.click("#kinds button:has-text('kick')")
    assert tab.inner_text("#count") == "2 of 5 sounds"
    tab.dblclick("#kinds button:has-text('hat')")
    assert tab.inner_text("#count") == "1 of 5 sounds"
    assert tab.get_attribute("#kinds button:has-text('unknown')", "aria-pressed") == "false"


def test_keys_go_from_sound_to_sound(tab: Page, rows: list[SampleRow], tmp_path: Path) -> None:
    show(tab, rows, tmp_path / "map.html")
    tab.keyboard.press("ArrowRight")  # to the one nearest to the middle of the view
    seen = [tab.evaluate("document.body.dataset.asked")]
    for key in ("ArrowUp", "ArrowDown", "ArrowDown", "ArrowLeft"):
        tab.keyboard.press(key)
        seen.append(tab.evaluate("document.body.dataset.asked"))
    assert len(set(seen)) >= 3
    before = tab.screenshot()
    count = tab.get_attribute("body", "data-painted")
    for key in ("+", "+", "Shift+ArrowRight"):
        tab.keyboard.press(key)
    tab.locator(f"body:not([data-painted='{count}'])").wait_for(state="attached")
    assert tab.screenshot() != before
    tab.keyboard.press("/")
    tab.keyboard.type("hat")
    assert tab.inner_text("#count") == "1 of 5 sounds"
    tab.keyboard.press("Escape")
    assert tab.inner_text("#count") == "5 sounds"


def test_mouse_zooms_and_drags_and_a_finger_plays(
    tab: Page, rows: list[SampleRow], tmp_path: Path
) -> None:
    show(tab, rows, tmp_path / "map.html")
    x, y = place(tab, 3)
    tab.mouse.move(x, y)
    tab.mouse.wheel(0, -400)
    assert told(tab).startswith("hat")  # zoomed around the pointer, so it is still there
    tab.mouse.move(*place(tab, 4))
    assert told(tab) == ""  # and the others are further off
    tab.click("#whole")
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x - 100, y - 60, steps=4)
    tab.mouse.up()
    tab.mouse.move(x - 101, y - 61)
    assert told(tab).startswith("hat")
    tab.click("#whole")
    tab.touchscreen.tap(*place(tab, 1))
    played(tab, 1)


def test_a_wicked_name_is_text(tab: Page, rows: list[SampleRow], tmp_path: Path) -> None:
    show(tab, rows, tmp_path / "map.html")
    tab.mouse.move(*place(tab, 0))
    assert told(tab) == WICKED
    assert "#</select>" in tab.inner_text("#tip span")
    assert "sounds & <more>" in tab.inner_text("#tip span")
    assert tab.title() == "latentcrate: the map"
    assert tab.locator("img").count() == 0
    assert tab.locator("script").count() == 3
    # Even a script that got in would not run: the policy knows the page's own by its hash.
    html = (tmp_path / "map.html").read_text()
    got_in = "<script>document.title='wicked'</script></body>"
    (tmp_path / "bad.html").write_text(html.replace("</body>", got_in))
    loose = tab.context.new_page()
    loose.goto((tmp_path / "bad.html").as_uri())
    assert loose.title() == "latentcrate: the map"


def test_linked_files_are_played_where_they_lie(
    tab: Page, rows: list[SampleRow], tmp_path: Path
) -> None:
    assert show(tab, rows, tmp_path / "map.html", "link").heard == 5
    for i in (3, 4):
        tab.mouse.move(*place(tab, i))
        played(tab, i)
    asked = [tmp_path / "map.html", rows[3].path, rows[4].path]
    assert tab.asked == [path.as_uri() for path in asked]  # type: ignore[attr-defined]


def test_a_hundred_thousand_sounds_can_be_looked_through(tab: Page, tmp_path: Path) -> None:
    n = 100_000
    rng = np.random.default_rng(0)
    kinds = np.array(["kick", "hat", "voice"])[rng.integers(0, 3, n)].tolist()
    points = MapPoints(np.arange(n), rng.random((n, 2)).astype(np.float32), tuple(kinds))
    made = [
        SampleRow(i, Path(f"/s/{i}.wav"), f"sound {i:06d}.wav", "s", "analysed", "", "", False, 1.0,
                  44_100, 1, "WAV", kind, None, (), {})
        for i, kind in enumerate(kinds)
    ]  # fmt: skip
    path = tmp_path / "map.html"
    path.write_text(page(points, made))
    tab.goto(path.as_uri())
    painted(tab)
    assert tab.inner_text("#count") == "100,000 sounds"
    tab.fill("#text", "042")
    wanted = sum("042" in each.name for each in made)
    assert tab.inner_text("#count") == f"{wanted:,} of 100,000 sounds"
    tab.mouse.move(700, 400)
    tab.mouse.wheel(0, -200)
    tab.click("#map", position={"x": 700, "y": 400})
    tab.keyboard.press("ArrowRight")
    assert "042" in told(tab)


def block(html: str, name: str) -> dict:  # type: ignore[type-arg]
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', html)
    assert found is not None
    data: dict = json.loads(found[1])  # type: ignore[type-arg]
    return data


def test_names_stay_inside_their_block(rows: list[SampleRow]) -> None:
    html = page(POINTS, rows)
    assert html.isascii()
    assert html.count("<script") == 3
    assert html.lower().count("</script") == 3
    assert "<img" not in html
    assert block(html, "facts")["name"][0] == WICKED


def test_only_a_linked_page_says_where_files_lie(rows: list[SampleRow]) -> None:
    folder = str(rows[0].path.parent.parent)
    for html in (page(POINTS, rows), page(POINTS, rows, {0: b"x"})):
        assert folder not in html
        assert "file://" not in html
    linked = block(page(POINTS, rows, linked=True), "sounds")
    assert linked["sources"] == [each.path.as_uri() for each in rows]


def test_a_preview_is_a_short_mono_beginning() -> None:
    long = pluck(duration=3.0)
    late = Clip(np.pad(long.frames, ((0, 0), (44_100, 0))), 44_100)
    sizes = []
    for clip in (long, late, noise(0.1, channels=2), Clip(np.zeros((1, 9), np.float32), 8_000)):
        data = preview(clip)
        sizes.append(len(data))
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            assert file.channels == 1
            assert file.frames <= (SECONDS + 0.1) * file.samplerate
            heard = file.read()
        assert np.isfinite(heard).all()
    assert max(sizes) < 12_000
    assert sizes[0] == pytest.approx(sizes[1], rel=0.1)  # silence before a sound is left out


def test_previews_stop_at_their_size_and_come_from_all_over(rows: list[SampleRow]) -> None:
    paths = [each.path for each in rows]
    everything = drive(previews(paths, XY, 1e9))
    assert sorted(everything) == [0, 1, 2, 3, 4]
    two = sum(sorted(map(len, everything.values()))[-2:])
    some = drive(previews(paths, XY, two))
    assert 2 <= len(some) < 5
    assert sum(map(len, some.values())) <= two
    assert drive(previews(paths, XY, 0)) == {}
    gone = [rows[0].path, rows[0].path.parent / "gone.wav", *paths[2:]]
    assert sorted(drive(previews(gone, XY, 1e9))) == [0, 2, 3, 4]
    xy = np.concatenate([np.full((90, 2), 0.1), np.random.default_rng(0).random((10, 2))])
    first = all_over(xy.astype(np.float32))
    assert sorted(first) == list(range(100))
    assert (first[:9] >= 90).sum() >= 8  # a crowd in one place waits for its turn
