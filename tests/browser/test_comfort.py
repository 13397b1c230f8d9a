"""The grid as each labeler likes it: language, keys at a glance, size and light of faces, filters, true pixels."""

import io

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from fercore.emotions import EMOTIONS
from fercore.store.datasets import faces
from fercore.store.tables import Decision, Pixels
from tests.browser.grid import focused, open_grid, painted, press, sit_down, tile, wait_painted, wait_saved
from tests.browser.running import at_rest, choose
from tests.conftest import fill

pytestmark = pytest.mark.browser


def test_the_grid_goes_on_in_the_language_it_began_in(app, browser):
    """Messages of the grid run in fragments, which must choose the language like whole pages do."""
    fill(app.store, "D", [3] * 5)
    context = browser.new_context(viewport={"width": 1024, "height": 800}, locale="ko-KR")
    page = context.new_page()
    open_grid(page, app)
    press(page, "ArrowRight", "2", "ArrowRight")
    wait_saved(page, 1)
    page.get_by_text("원본 레이블").first.wait_for()
    assert page.get_by_text("Source label").count() == 0
    context.close()


def test_a_browser_remembers_who_sits_before_it_and_in_which_language(app, browser):
    fill(app.store, "D", [3, 3])
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    open_grid(page, app)
    sit_down(page, "김민지")
    page.get_by_text("한국어").click()
    page.get_by_role("heading", name="검토").wait_for()
    page.wait_for_function("document.cookie.includes('fercore_language=ko')")
    page.close()

    later = context.new_page()
    open_grid(later, app)
    later.get_by_role("heading", name="검토").wait_for()
    press(later, "Digit3")
    wait_saved(later, 1)
    with app.store.database.reading() as session:
        assert list(session.scalars(select(Decision.reviewer))) == ["김민지"]
    context.close()


def test_a_sheet_shows_all_keys_and_a_click_does_what_a_key_does(app, page):
    fill(app.store, "D", [3] * 4)
    open_grid(page, app)
    press(page, "Shift+Slash")
    sheet = page.locator("dialog[open]")
    sheet.get_by_text("larger faces").wait_for()
    press(page, "Digit1")
    assert tile(page, 0) == ("Happy", "undecided"), "no key acts behind the sheet"
    press(page, "Escape")
    sheet.wait_for(state="detached")
    assert focused(page) == 0
    page.locator(".fc-legend button", has_text="Sad").click()
    wait_saved(page, 1)
    assert tile(page, 0) == ("Sad", "relabelled") and focused(page) == 1
    page.locator(".fc-legend button", has_text="reject").click()
    page.locator(".fc-legend button", has_text="blurred").click()
    wait_saved(page, 2)
    assert tile(page, 1)[1] == "rejected"


def shot(page, selector):
    """What is drawn at an element once nothing fades any more, as gray values."""
    return grays(page, page.locator(selector).first)


def grays(page, element):
    at_rest(page)
    shot = element.screenshot(animations="disabled")
    return np.asarray(Image.open(io.BytesIO(shot)).convert("L")).astype(int)


def test_faces_keep_their_light_while_a_page_runs(app, page):
    """Streamlit fades what a run of more than half a second may still change; emotions are judged by the light."""
    fill(app.store, "D", [3] * 4)
    open_grid(page, app)
    with app.store.database.writing():  # the decision waits behind this writer
        press(page, "Digit1")
        page.wait_for_selector('[data-testid="stElementContainer"][data-stale="true"]:has(.fc-tile)')
        page.wait_for_timeout(2_000)
        assert page.evaluate(LIGHT, ".fc-tile .fc-face") == 1
    wait_saved(page, 1)


LIGHT = """selector => {
  let light = 1;
  for (let part = document.querySelector(selector); part; part = part.parentElement)
    light *= Number(getComputedStyle(part).opacity);
  return light;
}"""


def test_faces_grow_and_stay_large_and_are_smooth_or_sharp(app, page):
    fill(app.store, "D", [3] * 4)
    open_grid(page, app)

    def looks():
        return page.evaluate(
            "() => { const face = document.querySelector('.fc-tile .fc-face');"
            " return [face.clientWidth, getComputedStyle(face).imageRendering]; }"
        )

    assert looks() == [96, "pixelated"]
    press(page, "Equal", "KeyS")
    assert looks() == [144, "auto"]
    page.reload()
    wait_painted(page)
    assert looks() == [144, "auto"]
    press(page, "Minus", "Minus", "Minus", "KeyS")
    assert looks() == [48, "pixelated"]


def test_lifted_contrast_keeps_different_grays_different(app, page):
    """Ramps of grays: nothing burns out, the order stays, and the contrast of a flat picture grows."""
    ranges = ((0, 256), (0, 64), (180, 256), (96, 144))
    ids = fill(app.store, "D", [3] * len(ranges))
    with app.store.database.writing() as session:
        for face, (darkest, lightest) in zip(ids, ranges, strict=True):
            ramp = np.tile(np.linspace(darkest, lightest - 1, 48).astype(np.uint8), (48, 1))
            session.get_one(Pixels, face).gray = ramp.tobytes()
    open_grid(page, app)

    def rows():
        shots = [grays(page, face) for face in page.locator(".fc-tile .fc-face").all()]
        return [shot[60, 1::2][1:45] for shot in shots]

    plain = rows()
    for _ in range(2):
        press(page, "KeyL")
        page.wait_for_timeout(300)
        lifted = rows()
        for before, after in zip(plain, lifted, strict=True):
            assert (np.diff(after) >= 0).all()
            assert len(np.unique(after)) >= 0.8 * len(np.unique(before)), "grays that differed still differ"
            assert (after >= 254).sum() <= 3 and (after <= 1).sum() <= 3
    assert all(np.ptp(after) >= np.ptp(before) for before, after in zip(plain, lifted, strict=True))
    press(page, "KeyL")
    page.wait_for_timeout(300)
    assert max(abs(after - before).max() for before, after in zip(plain, rows(), strict=True)) <= 4


def test_a_selection_is_a_frame_and_colours_no_face(app, page):
    fill(app.store, "D", [3] * 4)
    open_grid(page, app)
    before = shot(page, ".fc-tile .fc-face")
    press(page, "Space")
    page.wait_for_timeout(200)
    assert page.locator(".fc-tile").first.get_attribute("aria-selected") == "true"
    after = shot(page, ".fc-tile .fc-face")
    assert (after[3:-3, 3:-3] == before[3:-3, 3:-3]).all()
    assert page.evaluate("getComputedStyle(document.querySelector('.fc-tile')).outlineStyle") == "dashed"


def test_filters_are_changed_while_reviewing(app, page):
    fill(app.store, "D", [3, 5, 3, 5])
    open_grid(page, app)
    press(page, "Digit1")
    wait_saved(page, 1)
    for label, option in (
        ("Show", "undecided by me"),
        ("Show", "decided by me"),
        ("Show", "changed by me"),
        ("Show", "all, undecided first"),
        ("Emotion", "Sad"),
        ("Order", "least sure faces first"),
        ("Order", "look-alikes together"),
    ):
        before = painted(page)
        choose(page, label, option)
        wait_painted(page, before)
        assert tile(page, 0)[0] in EMOTIONS, (label, option)


@pytest.mark.parametrize("count", [1, 7])
def test_every_tile_shows_its_own_face(app, page, count):
    """Pixel by pixel: all faces of a page travel to the screen as one picture."""
    ids = fill(app.store, "D", [3] * count)
    open_grid(page, app)
    for index in {0, count // 2, count - 1}:
        face = page.locator("[data-testid=face-tile] .fc-face").nth(index)
        shown = grays(page, face)[1::2, 1::2]  # two pixels for one
        with app.store.database.reading() as session:
            stored = faces.pixels(session, [ids[index]])[0].astype(int)
        assert abs(shown[2:46, :26] - stored[2:46, :26]).max() <= 2  # the mark lies over a corner
