"""A bad crop is drawn anew on its photo: with the mouse, with the keys, undone, and where there is no photo."""

import pytest
from sqlalchemy import select

from fercore.store.tables import Face
from tests.browser.grid import focused, open_grid, painted, press, tile, wait_painted, wait_saved
from tests.conftest import fill, photograph

pytestmark = pytest.mark.browser


@pytest.fixture
def faces(app, tmp_path):
    """Three faces; the second and third have no photo."""
    ids = fill(app.store, "D", [3, 5, 1])
    photograph(app.store, ids[:1], tmp_path / "party.png", (10, 10, 48, 48))
    return ids


def boxes(app):
    with app.store.database.reading() as session:
        return [face.box for face in session.scalars(select(Face).order_by(Face.id))]


def open_cutter(page):
    press(page, "b")
    page.locator(".fc-cutter[open] .fc-ready").wait_for()


def test_a_square_is_drawn_and_its_crop_takes_the_place_of_the_bad_one(app, page, faces):
    open_grid(page, app)
    open_cutter(page)
    photo = page.locator(".fc-photo img").bounding_box()

    def at(x, y):
        return photo["x"] + x * photo["width"] / 200, photo["y"] + y * photo["height"] / 120

    page.mouse.move(*at(80, 30))
    page.mouse.down()
    page.mouse.move(*at(130, 60))
    page.mouse.move(*at(140, 70))
    page.mouse.up()
    before = painted(page)
    page.get_by_role("button", name="Replace the crop").click()
    wait_painted(page, before)
    assert not page.locator(".fc-cutter").is_visible()
    assert [tile(page, number) for number in range(4)] == [
        ("Happy", "rejected"),
        ("Happy", "undecided"),
        ("Sad", "undecided"),
        ("Disgust", "undecided"),
    ]
    assert focused(page) == 1
    left, top, width, height = boxes(app)[3]
    assert width == height and abs(left - 80) <= 2 and abs(top - 30) <= 2 and abs(width - 60) <= 2
    press(page, "5")
    wait_saved(page, 2)
    assert tile(page, 1) == ("Neutral", "relabelled")


def test_the_keys_do_all_of_it_and_undo_takes_it_back(app, page, faces):
    open_grid(page, app)
    open_cutter(page)
    press(page, "Shift+ArrowRight", "Shift+ArrowDown", "Shift+ArrowDown", "Shift+Equal")
    before = painted(page)
    press(page, "Enter")
    wait_painted(page, before)
    assert boxes(app)[3] == [10, 11, 50, 50]
    before = painted(page)
    press(page, "z")
    wait_painted(page, before)
    assert boxes(app)[:3] == [[10, 10, 48, 48], None, None]
    assert tile(page, 0) == ("Happy", "undecided") and focused(page) == 0


def test_without_a_photo_it_says_so_and_the_keys_go_on(app, page, faces):
    open_grid(page, app)
    press(page, "ArrowRight", "b")
    page.get_by_test_id("notice").filter(has_text="This face has no photo").wait_for()
    assert not page.locator(".fc-cutter").is_visible() and focused(page) == 1
    press(page, "2")
    wait_saved(page, 1)
    assert tile(page, 1) == ("Disgust", "relabelled")


def test_a_photo_that_goes_meanwhile_is_told_and_nothing_is_lost(app, page, faces, tmp_path):
    open_grid(page, app)
    press(page, "ArrowRight", "2", "Home")
    open_cutter(page)
    (tmp_path / "party.png").unlink()
    press(page, "Enter")
    page.locator(".fc-cut-says").get_by_text("is not where it was imported from").wait_for()
    press(page, "Escape", "4")
    wait_saved(page, 2)
    assert [tile(page, 0), tile(page, 1)] == [("Happy", "confirmed"), ("Disgust", "relabelled")]
    assert len(boxes(app)) == 3
