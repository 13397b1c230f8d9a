"""Several people on one dataset, in real browsers: tasks, and faces on which somebody is not sure."""

import pytest
from sqlalchemy import select

from fercore.services.review import assignments
from fercore.services.review.assignments import TaskPlan
from fercore.store.tables import Decision
from tests.browser.grid import confirm_page, labels, open_grid, press, sit_down, tile, wait_painted, wait_saved
from tests.browser.running import at_rest, visit
from tests.conftest import fill

pytestmark = pytest.mark.browser


def press_until(page, text):
    """Enter, as often as it takes to see every face and confirm the page."""
    for _ in range(12):
        press(page, "Enter")
        page.wait_for_timeout(250)
        if page.get_by_text(text).count():
            return
    page.get_by_text(text).wait_for()


@pytest.mark.slow
def test_two_people_share_a_task_and_strand_nothing(app, browser):
    faces = fill(app.store, "D", [3] * 150)
    task = assignments.create(app.store, TaskPlan("Clean it", "D"))
    contexts = [browser.new_context(locale="en-US") for _ in range(2)]
    tabs = [context.new_page() for context in contexts]
    for tab, name in zip(tabs, ("Kim", "Lee"), strict=True):
        visit(tab, f"{app.url}/datasets")
        sit_down(tab, name)
        tab.goto(f"{app.url}/review?task={task}&size=60")
        wait_painted(tab)
    kim, lee = tabs
    assert f"task={task}" in kim.url
    confirm_page(kim)
    kim.wait_for_function("document.querySelectorAll('[data-testid=face-tile]').length === 30")
    press_until(lee, "The last 30 faces are being reviewed by others")
    kim.get_by_role("link", name="Datasets").click()
    wait_painted(lee)
    press_until(lee, "You have finished your part of this task")
    with app.store.database.reading() as session:
        assert sorted(session.scalars(select(Decision.face_id))) == faces
    for context in contexts:
        context.close()


def test_not_sure_goes_to_adjudication_and_is_settled_with_a_reason(app, page):
    fill(app.store, "D", [3, 3])
    open_grid(page, app)
    press(page, "Digit8", "Digit6")
    wait_saved(page, 2)
    assert tile(page, 0) == ("Happy", "unsure")
    page.get_by_role("link", name="Adjudicate").click()
    page.get_by_label("Why").fill("the mouth")
    page.get_by_label("Why").press("Enter")
    at_rest(page)
    page.wait_for_function("document.querySelectorAll('[data-testid=face-tile]').length === 1")
    assert tile(page, 0) == ("", "disputed")
    page.locator("[data-testid=face-tile]").click()
    press(page, "Space", "Digit6", "Enter")
    page.get_by_text("No face of this dataset is disputed").wait_for()
    with app.store.database.reading() as session:
        decisions = session.execute(select(Decision.kind, Decision.emotion, Decision.adjudicates, Decision.note))
        assert [tuple(row) for row in decisions] == [
            ("unsure", None, False, ""),
            ("relabelled", 5, False, ""),
            ("relabelled", 5, True, "the mouth"),
        ]
    assert [emotion for emotion, *_ in labels(app).values()] == [5, 5]
