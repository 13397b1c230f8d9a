"""One face large, with its surroundings, its neighbours and the same keys."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from fercore.store.tables import Face, FaceContext, Photo
from tests.browser.grid import decisions, focused, open_grid, painted, press, tile, wait_painted, wait_saved
from tests.conftest import fill

pytestmark = pytest.mark.browser


@pytest.fixture
def faces(app):
    """Five faces: the first three of one photo, the fourth of the same person."""
    ids = fill(app.store, "D", [3, 5, 3, 3, 3])
    jpeg = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 120, 40)).save(jpeg, "JPEG")
    with app.store.database.writing() as session:
        first = session.get_one(Face, ids[0])
        photo = Photo(
            dataset_id=first.dataset_id,
            import_id=first.import_id,
            name="party.jpg",
            sha256="0" * 64,
            path="party.jpg",
            width=64,
            height=64,
            faces=3,
        )
        session.add(photo)
        session.flush()
        for face in session.scalars(select(Face).where(Face.id.in_(ids[:4]))):
            face.photo_id = photo.id if face.id in ids[:3] else None
            face.subject = "P1" if face.id in (ids[0], ids[3]) else None
        session.add(FaceContext(face_id=ids[0], jpeg=jpeg.getvalue()))
    return ids


def large(page):
    return page.evaluate("document.querySelector('.fc-root').classList.contains('fc-focusing')")


def test_one_face_is_large_and_the_keys_stay(app, page, faces):
    open_grid(page, app)
    press(page, "f")
    assert large(page)
    page.locator(".fc-near-face").first.wait_for()
    # Not their inner text: it runs together where a face was drawn anew in between.
    near = page.locator(".fc-near-face").evaluate_all(
        "faces => faces.map((face) => [...face.querySelectorAll('span')].map((one) => one.textContent).join(' '))"
    )
    assert near == ["Sad same photo", "Happy same photo", "Happy same person"]
    assert page.locator(".fc-large").bounding_box()["width"] == 384
    assert page.locator(".fc-context").is_visible()
    press(page, "5", "ArrowDown", "Digit8")
    wait_saved(page, 2)
    assert [tile(page, 0), tile(page, 2)] == [("Neutral", "relabelled"), ("Happy", "unsure")]
    assert decisions(app) == [(faces[0], "relabelled"), (faces[2], "unsure")]
    press(page, "Home")
    page.locator(".fc-near-face").first.wait_for()
    page.locator(".fc-near-face").nth(2).click()
    assert focused(page) == 3
    press(page, "Escape")
    assert not large(page)
    assert page.locator(".fc-near").is_hidden()


def test_it_stays_large_over_pages_and_a_reload_and_every_face_can_be_seen(app, page, faces):
    open_grid(page, app)
    page.get_by_role("button", name="Focus").click()
    before = painted(page)
    press(page, "Enter")
    wait_painted(page, before)
    assert large(page)
    page.reload()
    wait_painted(page)
    assert large(page)
    page.set_viewport_size({"width": 1024, "height": 768})
    for place in range(5):
        press(page, "Home", *["ArrowRight"] * place)
        box = page.locator("[data-testid=face-tile]").nth(place).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 1024
    overflow = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not overflow
