"""Enter confirms what was in view; a page holds what the window shows; the last face is decided once."""

import signal

import pytest

from tests.browser.grid import (
    decisions,
    focused,
    labels,
    open_grid,
    painted,
    press,
    tile,
    wait_outage,
    wait_painted,
    wait_saved,
)
from tests.conftest import fill

pytestmark = pytest.mark.browser

WINDOWS = [(1440, 900, 2), (1024, 768, 2), (1024, 768, 3), (1920, 1080, 1), (390, 844, 1), (390, 844, 2)]


def tiles(page):
    return page.locator("[data-testid=face-tile]").count()


def wholly_visible(page):
    """How many tiles lie wholly in the window and in the grid."""
    return page.evaluate(
        "() => { const grid = document.querySelector('.fc-grid').getBoundingClientRect();"
        " const top = document.querySelector('[data-testid=stHeader]').getBoundingClientRect().bottom;"
        " return [...document.querySelectorAll('.fc-tile')].filter((tile) => {"
        "   const box = tile.getBoundingClientRect();"
        "   return box.top >= Math.max(grid.top, 0) - 1 && box.bottom <= Math.min(grid.bottom, innerHeight) + 1"
        "     && box.left >= -1 && box.right <= innerWidth + 1; }).length; }"
    )


def settled(page):
    """Wait for longer than the grid looks whether what stands above its first page has come late; the faces then."""
    page.wait_for_timeout(2500)
    wait_painted(page)
    return tiles(page)


def top_of_faces(page):
    return page.evaluate("document.querySelector('[data-testid=face-grid]').getBoundingClientRect().top")


@pytest.mark.parametrize(("width", "height", "zoom"), WINDOWS)
def test_a_page_holds_what_the_window_shows(app, page, width, height, zoom):
    fill(app.store, "D", [3] * 420)
    page.set_viewport_size({"width": width, "height": height})
    page.add_init_script(f"localStorage.setItem('fercore.zoom', '{zoom}')")
    open_grid(page, app)
    count = settled(page)
    assert wholly_visible(page) == count >= 2
    page.get_by_text(f"Page 1 · all {count} faces in view").wait_for()
    first = painted(page)
    press(page, "Enter")
    wait_painted(page, first)
    wait_saved(page, count)
    page.get_by_text(f"Page 2 · all {count} faces in view").wait_for()


@pytest.mark.parametrize(
    ("width", "height", "zoom"),
    [
        window if place % 3 == 0 else pytest.param(*window, marks=pytest.mark.long)
        for place, window in enumerate(WINDOWS)
    ],
)
def test_an_outage_does_not_move_the_faces(app, page, width, height, zoom):
    fill(app.store, "D", [3] * 420)
    page.set_viewport_size({"width": width, "height": height})
    page.add_init_script(f"localStorage.setItem('fercore.zoom', '{zoom}')")
    open_grid(page, app)
    count = settled(page)
    first, place = painted(page), top_of_faces(page)
    app.signal(signal.SIGSTOP)
    press(page, "Enter")
    wait_outage(page, "No connection")
    assert top_of_faces(page) == place
    app.signal(signal.SIGCONT)
    wait_painted(page, first)
    page.get_by_text(f"Page 2 · all {count} faces in view").wait_for()
    assert (tiles(page), top_of_faces(page)) == (count, place)


def test_the_number_of_faces_changes_between_pages_only(app, page):
    fill(app.store, "D", [3] * 300)
    open_grid(page, app)
    before, first = tiles(page), painted(page)
    page.set_viewport_size({"width": 1024, "height": 700})
    press(page, "ArrowRight", "Digit1")
    wait_saved(page, 1)
    assert tiles(page) == before and painted(page) == first
    press(page, "PageDown")
    wait_painted(page, first)
    assert tiles(page) < before and wholly_visible(page) == tiles(page)


def test_enter_shows_what_was_not_seen_before_it_confirms(app, page):
    fill(app.store, "D", [3] * 130)
    open_grid(page, app, "dataset=D&size=120")
    assert tiles(page) == 120
    page.get_by_text("of 120 faces in view").wait_for()
    presses = 0
    while not decisions(app) and presses < 12:
        press(page, "Enter")
        presses += 1
        page.wait_for_timeout(400)
    assert presses > 2, "nothing is confirmed while a face was not in view"
    wait_saved(page, 120)


def test_what_was_scrolled_into_view_counts_as_seen(app, page):
    fill(app.store, "D", [3] * 60)
    open_grid(page, app, "dataset=D&size=60")
    first = painted(page)
    press(page, "End")
    page.wait_for_timeout(300)
    press(page, "Home")
    for _ in range(6):
        press(page, "ArrowDown")
        page.wait_for_timeout(150)
    press(page, "Enter")
    wait_painted(page, first)
    wait_saved(page, 60)


def test_after_the_last_face_further_digits_do_nothing(app, page):
    ids = fill(app.store, "D", [3] * 5)
    open_grid(page, app)
    press(page, "End", "1", "2", "3", "8", "x", "4")
    page.get_by_text("End of the page. 4 faces are undecided").first.wait_for()
    wait_saved(page, 1)
    assert labels(app)[ids[4]] == (0, "relabelled", None) and focused(page) == 4
    press(page, "ArrowLeft", "6")
    wait_saved(page, 2)
    assert [tile(page, place)[0] for place in (3, 4)] == ["Happy", "Sad"]
    press(page, "z", "z", "5")
    wait_saved(page, 1)
    assert labels(app)[ids[4]] == (4, "relabelled", None), "undo comes back to it"


def test_no_key_reaches_the_grid_while_all_keys_are_shown(app, page):
    fill(app.store, "D", [3] * 4)
    open_grid(page, app)
    for decided, close in enumerate(("Enter", "Shift+Slash", "Escape", "Space")):
        press(page, "Shift+Slash")
        sheet = page.locator("dialog[open]")
        sheet.wait_for()
        press(page, "2", "x", "3", "ArrowRight", "PageDown", "8")
        press(page, close)
        sheet.wait_for(state="detached")
        page.wait_for_timeout(300)
        assert len(decisions(app)) == decided == focused(page), close
        press(page, "6")
        wait_saved(page, decided + 1)


def test_enter_on_faces_without_an_emotion_says_why_nothing_is_confirmed(app, page):
    fill(app.store, "D", [None] * 3)
    open_grid(page, app)
    press(page, "Enter")
    page.get_by_text("Not confirmed, because they have no emotion yet: 3.").first.wait_for()
    assert decisions(app) == []


def test_x_moves_no_face_and_each_decision_is_spoken(app, page):
    fill(app.store, "D", [3] * 40)
    for width in (1440, 1024, 390):
        page.set_viewport_size({"width": width, "height": 800})
        open_grid(page, app)
        top = page.locator(".fc-tile").first.bounding_box()["y"]
        press(page, "x")
        page.get_by_text("Reject as:").first.wait_for()
        assert page.locator(".fc-tile").first.bounding_box()["y"] == top
        press(page, "Escape")
    page.set_viewport_size({"width": 1440, "height": 800})
    open_grid(page, app)
    spoken = page.locator("[data-testid=spoken]")
    press(page, "Home", "6")
    assert "Sad" in spoken.text_content() and "Face 1 of" in spoken.text_content()
    press(page, "x", "5")
    assert "rejected: blurred" in spoken.text_content()
    press(page, "Space", "Shift+ArrowRight", "1")
    assert spoken.text_content() == "2 faces: Angry"
    press(page, "z")
    assert spoken.text_content() == "Undone"
    press(page, "End", "6")
    assert "Sad" in spoken.text_content() and "End of the page" in spoken.text_content()
