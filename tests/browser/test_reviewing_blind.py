"""Tasks and blind review in a real browser: nothing of the source or of others is shown where it would sway."""

import pytest
from sqlalchemy import select

from fercore.curation.review_filter import ReviewFilter
from fercore.services.review import assignments
from fercore.services.review import grid as review_service
from fercore.services.review.assignments import TaskPlan
from fercore.store.tables import Dataset, Decision
from tests.browser.grid import decisions, open_grid, painted, press, tile, wait_painted, wait_saved
from tests.browser.running import choose, visit
from tests.conftest import fill
from tests.services.review.recrops import event

pytestmark = pytest.mark.browser


def test_in_an_overlap_no_emotion_is_shown_and_enter_confirms_nothing(app, page):
    fill(app.store, "D", [3, 5, 3])
    task = assignments.create(app.store, TaskPlan("T", "D", twice=1.0, people=("tester", "Lee")))
    open_grid(page, app, f"task={task}")
    press(page, "ArrowRight")
    page.get_by_text("hidden in this task").first.wait_for()
    assert {tile(page, place) for place in range(3)} == {("", "undecided")}
    shown = page.locator(".fc-root").inner_text()
    assert "? source label hidden" in shown
    grid = page.locator("[data-testid=face-grid]").evaluate("(node) => node.outerHTML")
    aside = page.locator(".fc-aside").inner_text()
    assert not any(word in grid + aside for word in ("Happy", "Sad", "happy"))
    press(page, "Home", "4")
    wait_saved(page, 1)
    assert tile(page, 0) == ("Happy", "decided")
    press(page, "Enter")
    page.get_by_text("Not confirmed, because the source's label is hidden: 2.").first.wait_for()
    assert len(decisions(app)) == 1


def test_blind_outside_of_tasks(app, page):
    faces = fill(app.store, "D", [3, 3, 3])
    with app.store.database.reading() as session:
        lee = ReviewFilter(session.scalar(select(Dataset.id).order_by(Dataset.id)), "Lee")
    review_service.commit(app.store, lee, [event("decide", face=faces[0], emotion=6)])
    open_grid(page, app)
    assert tile(page, 0) == ("Surprise", "relabelled")
    before = painted(page)
    page.get_by_text("Blind", exact=True).click()
    wait_painted(page, before)
    assert tile(page, 0) == ("Happy", "undecided")
    press(page, "Enter")
    wait_saved(page, 3)
    with app.store.database.reading() as session:
        kinds = session.scalars(select(Decision.kind).where(Decision.reviewer == "tester"))
        assert list(kinds) == ["confirmed"] * 3


def test_after_a_filter_the_keys_go_to_the_grid_again(app, page):
    fill(app.store, "D", [3] * 5)
    open_grid(page, app)
    filters = (("Order", "random"), ("Show", "undecided by me"), ("Emotion", "Happy"))
    for decided, (label, option) in enumerate(filters, start=1):
        before = painted(page)
        choose(page, label, option)
        wait_painted(page, before)
        page.wait_for_timeout(500)
        press(page, "6")
        wait_saved(page, decided)


def test_a_task_is_edited_and_closed_with_a_question(app, page):
    fill(app.store, "D", [3] * 5)
    assignments.create(app.store, TaskPlan("Clean it", "D"))
    visit(page, f"{app.url}/tasks")
    page.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of the task").fill("Better")
    dialog.get_by_role("spinbutton", name="Decisions per person").fill("3")
    dialog.get_by_role("button", name="Save").click()
    dialog.wait_for(state="detached")
    [result] = assignments.listed(app.store)
    assert (result.task.name, result.task.quota) == ("Better", 3)
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_text("0 of 5 decisions are made").wait_for()
    assert assignments.listed(app.store)[0].is_open
    page.get_by_role("button", name="Close it").click()
    page.get_by_role("button", name="Reopen").click()
    page.get_by_role("button", name="Work on it").wait_for()
    assert assignments.listed(app.store)[0].is_open


def test_opening_a_task_takes_nothing_before_it_is_looked_at(app, page):
    fill(app.store, "D", [3] * 5)
    task = assignments.create(app.store, TaskPlan("T", "D"))
    open_grid(page, app, f"task={task}")
    assert assignments.in_hand(app.store, task) == 0
    page.wait_for_function("() => true")
    for _ in range(200):
        if assignments.in_hand(app.store, task):
            break
        page.wait_for_timeout(100)
    assert assignments.in_hand(app.store, task) == 5
