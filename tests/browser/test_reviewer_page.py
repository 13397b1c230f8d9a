"""From a reviewer's figures to exactly their faces in Review, in a real browser."""

from uuid import uuid4

import pytest

from fercore.curation.review_filter import ReviewFilter
from fercore.services.review import grid
from fercore.store.tables import Face
from tests.browser.grid import press, tile, wait_painted, wait_saved
from tests.browser.running import choose, visit
from tests.conftest import fill
from tests.store.review.test_decisions import decide

pytestmark = pytest.mark.browser
NAME = "*Kim* <b>x</b> :smile:"


@pytest.fixture
def faces(app):
    """Nine faces that Kim called happy; five are settled, two of them as sad."""
    ids = fill(app.store, "D", [3] * 9)
    for face in ids:
        decide(app.store, NAME, face, emotion=3)
    with app.store.database.reading() as session:
        view = ReviewFilter(session.get_one(Face, ids[0]).dataset_id, "judge", adjudicates=True)
    events = [
        {"id": str(uuid4()), "action": str(uuid4()), "type": "decide", "face": face, "emotion": emotion}
        for face, emotion in zip(ids[:5], (3, 5, 3, 3, 5), strict=True)
    ]
    grid.commit(app.store, view, events)
    return ids


def shown(page):
    return [
        int(item)
        for item in page.locator("[data-testid=face-tile]").evaluate_all("all => all.map(t => t.dataset.faceId)")
    ]


def test_numbers_and_cells_lead_to_their_faces(app, page, faces):
    visit(page, f"{app.url}/agreement")
    page.get_by_role("link", name=NAME).click()
    page.get_by_text("60.0%").wait_for()
    page.get_by_role("link", name="3 right").click()
    wait_painted(page)
    assert shown(page) == [faces[0], faces[2], faces[3]]
    page.go_back()
    page.locator("[data-testid=confusion-cell][data-true=Sad][data-predicted=Happy]").click()
    page.get_by_role("link", name="Review 2 faces").click()
    wait_painted(page)
    assert shown(page) == [faces[1], faces[4]]
    press(page, "6")
    wait_saved(page, 1)
    assert tile(page, 0) == ("Sad", "confirmed")
    page.reload()
    wait_painted(page)
    assert len(shown(page)) == 2


def test_a_person_chosen_here_stays_in_the_address(app, page, faces):
    page.goto(f"{app.url}/reviewer")
    choose(page, "Person", NAME)
    page.get_by_text("60.0%").wait_for()
    page.reload()
    page.get_by_text("60.0%").wait_for()
    assert "person=" in page.url
