"""The map of faces in a real browser: drawn, pointed at, chosen from by hand and by keyboard, and sent to review."""

import re

import numpy as np
import pytest
from sqlalchemy import select

from fercore.services.audit.face_map import MapChoice
from fercore.store.tables import Decision, Face, Selection
from tests.browser.grid import wait_painted, wait_saved
from tests.browser.map_page import (
    CENTRES,
    EACH,
    FEAR,
    HAPPY,
    SAD,
    SCREEN_OF,
    circled,
    counted,
    filled,
    opened,
    shown_faces,
)
from tests.browser.running import at_rest
from tests.conftest import fill
from tests.crawl.test_accessible import serious
from tests.services.audit.mapped import keep
from tests.store.review.test_decisions import decide

pytestmark = pytest.mark.browser


def test_from_the_map_to_a_decision(app, page):
    faces = filled(app.store)
    opened(page, app.url)
    entries = [re.sub(r"\s+", " ", text) for text in page.locator("[data-testid=map-entry]").all_inner_texts()]
    assert entries == ["Fear 12", "Happy 12", "Sad 12"]
    x, y = page.evaluate(SCREEN_OF, list(CENTRES[SAD]))
    page.mouse.move(x, y, steps=3)
    page.locator(".fcm-card").wait_for()
    assert "Sad" in page.locator(".fcm-card").inner_text() and "train" in page.locator(".fcm-card").inner_text()
    circled(page, CENTRES[SAD])
    counted(page, EACH)
    assert shown_faces(page) == set(faces[SAD])
    at_rest(page)
    page.get_by_text("Send these to review").click()
    page.get_by_role("button", name="Send 12 faces").click()
    page.get_by_text("The task was made: 12 chosen faces").wait_for()
    page.get_by_role("link", name="Work on it").click()
    wait_painted(page)
    page.keyboard.press("1")
    wait_saved(page, 1)
    with app.store.database.reading() as session:
        [sent] = session.scalars(select(Selection))
        [decided] = session.scalars(select(Decision.face_id))
        assert (sent.reason, sent.run_id, sent.filter["map"]) == ("map", None, ["D"])
        assert decided in faces[SAD] and session.get_one(Face, decided).emotion == 0


def test_the_keyboard_alone_selects(app, page):
    faces = filled(app.store)
    opened(page, app.url)
    assert page.locator("[data-testid=map-select]").is_disabled()
    happy = page.locator("[data-testid=map-entry][data-code='3']")
    happy.focus()
    page.keyboard.press("Enter")
    page.locator("[data-testid=map-entry][data-code='3'][aria-pressed=true]").wait_for()
    assert page.evaluate("document.activeElement.dataset.code") == "3", "the keyboard stays where it pressed"
    page.locator("[data-testid=map-select]").focus()
    page.keyboard.press("Enter")
    counted(page, EACH)
    assert shown_faces(page) == set(faces[HAPPY])
    circled(page, CENTRES[SAD])
    page.get_by_text("0 faces selected").wait_for()
    page.locator(".fcm-plot").focus()
    page.keyboard.press("Escape")
    page.locator(".fcm-answer").wait_for(state="hidden")


def test_zoom_and_move_keep_lines_on_their_faces(app, page):
    faces = filled(app.store)
    opened(page, app.url)
    before = page.evaluate(SCREEN_OF, list(CENTRES[FEAR]))
    page.locator(".fcm-plot").focus()
    page.keyboard.press("+")
    page.wait_for_function(f"({SCREEN_OF})({list(CENTRES[FEAR])})[0] !== {before[0]}")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(300)
    circled(page, CENTRES[FEAR], 0.12)
    counted(page, EACH)
    assert shown_faces(page) == set(faces[FEAR])


def test_the_mouse_moves_the_map_and_points_at_faces(app, page):
    filled(app.store)
    opened(page, app.url)
    page.get_by_role("button", name="Move").click()
    x, y = page.evaluate(SCREEN_OF, list(CENTRES[HAPPY]))
    page.mouse.move(x, y, steps=4)
    page.locator(".fcm-card").wait_for()
    assert "Happy" in page.locator(".fcm-card").inner_text()
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=6)
    page.mouse.up()
    page.wait_for_function(f"Math.abs(({SCREEN_OF})({list(CENTRES[HAPPY])})[0] - {x + 60}) < 6")
    page.locator(".fcm-answer").wait_for(state="hidden")


def test_room_that_the_side_bar_leaves_is_used(app, page):
    faces = filled(app.store)
    opened(page, app.url)
    before = page.locator(".fcm-plot").bounding_box()["width"]
    page.locator("[data-testid=stSidebarCollapseButton] button").click(force=True)
    page.wait_for_function(f"document.querySelector('.fcm-plot').getBoundingClientRect().width > {before + 100}")
    page.wait_for_timeout(500)
    assert page.evaluate(
        "(([a, b]) => Math.abs(a.width - b.width) < 2 && Math.abs(a.height - b.height) < 2)"
        "(['.fcm-points', '.fcm-over'].map(one => document.querySelector(one).getBoundingClientRect()))"
    )
    circled(page, CENTRES[FEAR])
    counted(page, EACH)
    assert shown_faces(page) == set(faces[FEAR])


def test_a_selection_stays_while_labels_change_and_the_map_follows_when_it_is_cleared(app, page):
    faces = filled(app.store)
    opened(page, app.url)
    circled(page, CENTRES[SAD])
    counted(page, EACH)
    at_rest(page)
    decide(app.store, "Kim", faces[HAPPY][0], emotion=FEAR)
    page.get_by_text("Send these to review").click()
    page.get_by_role("textbox", name="Name of the task").fill("Third look")
    page.get_by_role("button", name="Send 12 faces").click()
    page.get_by_text("The task was made").wait_for()
    counted(page, EACH)
    page.get_by_role("button", name="Clear the selection").click()
    page.wait_for_function(
        "document.querySelector('.fcm-entries').innerText.replace(/\\s+/g, ' ') === 'Fear 13 Happy 11 Sad 12'"
    )


def test_names_of_datasets_are_text(app, page):
    names = ("*a* $b$", "<b>x")
    ids = [face for at, name in enumerate(names) for face in fill(app.store, name, [HAPPY] * 2, start=20 * at)]
    keep(app.store, MapChoice(names), ids, np.array([(-0.5, 0), (-0.5, 0.1), (0.5, 0), (0.5, 0.1)]))
    opened(page, app.url)
    page.locator(".fcm-colour").select_option("dataset")
    page.get_by_text("<b>x").first.wait_for()
    page.wait_for_function("!document.querySelector('.fcm-entries').innerText.includes('Happy')")
    entries = [re.sub(r"\s+", " ", text) for text in page.locator("[data-testid=map-entry]").all_inner_texts()]
    assert sorted(entries) == ["*a* $b$ 2", "<b>x 2"]
    x, y = page.evaluate(SCREEN_OF, [0.5, 0])
    page.mouse.move(x, y, steps=3)
    page.locator(".fcm-card").wait_for()
    assert "<b>x" in page.locator(".fcm-card").inner_text() and not page.locator(".fcm-card b").count()


@pytest.mark.parametrize("colour", ["split", "dataset", "brightness"])
def test_other_columns_colour_the_map(app, page, colour):
    filled(app.store)
    opened(page, app.url)
    page.locator(".fcm-colour").select_option(colour)
    page.wait_for_function("!document.querySelector('.fcm-entries').innerText.includes('Happy')")
    entries = page.locator("[data-testid=map-entry]").all()
    assert sum(int(entry.locator(".fcm-number").inner_text()) for entry in entries) == 3 * EACH


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("code", ["en-US", "ko-KR"])
def test_axe_finds_nothing_serious_on_a_map_with_a_selection(app, browser, theme, code):
    filled(app.store)
    page = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=theme, locale=code).new_page()
    opened(page, app.url)
    happy = page.locator("[data-testid=map-entry][data-code='3']")
    assert ("행복" if code == "ko-KR" else "Happy") in happy.inner_text()
    happy.click()
    page.locator("[data-testid=map-select]").click()
    page.locator("[data-testid=map-face]").first.wait_for()
    at_rest(page)
    assert serious(page) == []
    page.context.close()


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_it_fits_the_window(app, page, width):
    filled(app.store)
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, app.url)
    circled(page, CENTRES[HAPPY])
    counted(page, EACH)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box, legend = page.locator(".fcm-plot").bounding_box(), page.locator(".fcm-legend").bounding_box()
    assert box["width"] > 300 and (legend["y"] >= box["y"] + box["height"] - 1) == (width < 901)
