"""A face that the detector missed is drawn on its photo, in Review and on the page of its dataset."""

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from fercore.store.tables import Face
from tests.browser.grid import focused, open_grid, painted, press, tile, wait_painted, wait_saved
from tests.browser.running import visit
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
        query = select(Face).order_by(Face.id)
        return [(face.box, face.state, face.emotion) for face in session.scalars(query)][3:]


def drag(page, start, end):
    """Draw from one point of the photo of 200 × 120 to another."""
    photo = page.locator(".fc-photo img").bounding_box()
    for move, (x, y) in ((page.mouse.down, start), (page.mouse.up, end)):
        page.mouse.move(photo["x"] + x * photo["width"] / 200, photo["y"] + y * photo["height"] / 120, steps=4)
        move()


def ready(page):
    page.locator(".fc-cutter[open] .fc-ready").wait_for()


def test_a_square_is_drawn_and_stands_beside_as_a_new_face(app, page, faces):
    open_grid(page, app)
    press(page, "a")
    ready(page)
    assert page.locator(".fc-there").count() == 1
    drag(page, (100, 30), (150, 80))
    press(page, "7")
    before = painted(page)
    page.get_by_role("button", name="Add the face").click()
    wait_painted(page, before)
    assert not page.locator(".fc-cutter").is_visible() and focused(page) == 1
    assert tile(page, 1) == ("Surprise", "relabelled") and tile(page, 0) == ("Happy", "undecided")
    ((box, state, emotion),) = boxes(app)
    assert abs(box[0] - 100) <= 2 and abs(box[1] - 30) <= 2 and abs(box[2] - 50) <= 2
    assert (state, emotion) == ("relabelled", 6)
    before = painted(page)
    press(page, "z")
    wait_painted(page, before)
    assert boxes(app)[0][1] == "withdrawn" and page.locator("[data-testid=face-tile]").count() == 3


def test_a_square_on_a_face_that_is_there_is_refused_and_can_be_moved(app, page, faces):
    open_grid(page, app)
    press(page, "a")
    ready(page)
    drag(page, (12, 12), (56, 56))
    press(page, "Enter")
    page.locator(".fc-cut-says").get_by_text("already").wait_for()
    drag(page, (120, 20), (180, 80))
    before = painted(page)
    press(page, "Enter")
    wait_painted(page, before)
    assert tile(page, 1) == ("", "undecided")
    press(page, "5")
    wait_saved(page, 2)
    assert boxes(app)[0][1:] == ("relabelled", 4)


def test_a_face_without_a_photo_says_so(app, page, faces):
    open_grid(page, app)
    press(page, "ArrowRight", "a")
    page.get_by_test_id("notice").filter(has_text="This face has no photo").wait_for()
    assert not page.locator(".fc-cutter").is_visible() and focused(page) == 1
    press(page, "2")
    wait_saved(page, 1)


@pytest.mark.parametrize("label", [(), ("7",)], ids=["without a label", "with a label"])
def test_an_added_face_that_is_undone_is_counted_no_more(app, page, faces, label):
    open_grid(page, app)
    page.get_by_text("3 of 3 undecided").wait_for()
    press(page, "a")
    ready(page)
    drag(page, (120, 20), (180, 80))
    before = painted(page)
    press(page, *label, "Enter")
    wait_painted(page, before)
    page.get_by_text("3 of 4 undecided" if label else "4 of 4 undecided").wait_for()
    before = painted(page)
    press(page, "z")
    wait_painted(page, before)
    page.get_by_text("3 of 3 undecided").wait_for()
    wait_saved(page, 0)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("size", [(200, 900), (900, 200)], ids=["tall", "wide"])
def test_squares_lie_on_what_they_mark_and_the_whole_dialog_is_in_view(app, page, faces, tmp_path, size, width):
    from tests.services.review.added import photograph as take

    Image.new("RGB", size, "gray").save(tmp_path / "long.png")
    take(app.store, tmp_path / "long.png", "long.png", tmp_path / "long.png")
    page.set_viewport_size({"width": width, "height": 900})
    visit(page, f"{app.url}/datasets")
    page.get_by_role("tab", name="Photos").click()
    page.get_by_role("button", name="Add a face").click()
    ready(page)
    frame, photo = page.locator(".fc-photo").bounding_box(), page.locator(".fc-photo img").bounding_box()
    assert all(abs(frame[side] - photo[side]) < 1.5 for side in frame), (frame, photo)
    for part in (".fc-photo", ".fc-crop", ".fc-cut-label select", ".fc-cut-says", ".fc-cut-buttons"):
        box = page.locator(f".fc-cutter {part}").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width and box["y"] + box["height"] <= 900, (part, box)


def test_a_photo_that_is_gone_says_so_beside_its_button(app, page, faces, tmp_path):
    from tests.services.review.added import photograph as take

    Image.new("RGB", (200, 120), "gray").save(tmp_path / "gone.png")
    take(app.store, tmp_path / "gone.png", "gone.png", tmp_path / "gone.png")
    (tmp_path / "gone.png").unlink()
    visit(page, f"{app.url}/datasets")
    page.get_by_role("tab", name="Photos").click()
    page.get_by_role("button", name="Add a face").click()
    page.get_by_role("status").get_by_text("gone.png").wait_for()
    assert not page.locator(".fc-cutter").is_visible()


def test_a_photo_without_a_face_gets_one_on_the_page_of_its_dataset(app, page, faces, tmp_path):
    from tests.services.review.added import photograph as take

    pixels = np.random.default_rng(3).integers(0, 256, (120, 200, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "none.png")
    take(app.store, tmp_path / "none.png", "**none** <b>.png", tmp_path / "none.png")
    visit(page, f"{app.url}/datasets")
    page.get_by_role("tab", name="Photos").click()
    page.get_by_role("button", name="Add a face").click()
    ready(page)
    drag(page, (20, 20), (100, 100))
    page.get_by_role("button", name="Add the face").click()
    page.get_by_text("was added").wait_for()
    assert len(boxes(app)) == 1
    page.get_by_role("button", name="Undo").first.wait_for()
    page.get_by_role("button", name="Add a face").click()
    ready(page)
    assert page.locator(".fc-there").count() == 1
    press(page, "Escape")
    page.get_by_role("link", name="Review it").click()
    wait_painted(page)
    assert page.locator("[data-testid=face-tile]").count() == 1
