"""Flags and notes on faces with the keyboard, in a real browser: drawn, saved, undone, filtered, kept in an outage."""

import pytest
from sqlalchemy import select

from fercore.store.tables import Mark
from tests.browser.grid import decisions, focused, open_grid, painted, press, saved, tile, wait_painted, wait_saved
from tests.conftest import fill

pytestmark = pytest.mark.browser
NOTE = "**눈** <b>감김</b> :smile: <img src=x onerror=alert(1)>"


@pytest.fixture
def faces(app):
    return fill(app.store, "D", [3, 5, 1, 0])


def marks(app):
    with app.store.database.reading() as session:
        query = select(Mark).order_by(Mark.face_id, Mark.reviewer)
        return [(mark.face_id, mark.reviewer, mark.flagged, mark.note) for mark in session.scalars(query)]


def signs(page):
    return page.locator("[data-testid=face-tile] .fc-remark").all_inner_texts()


def wait_sent(page):
    page.wait_for_function("() => document.querySelector('.fc-saved').dataset.state === 'saved'")
    page.wait_for_function("() => !Object.keys(localStorage).some(key => key.startsWith('fercore.outbox'))")


def test_a_flag_and_a_note_by_the_keys(app, page, faces):
    open_grid(page, app)
    press(page, "g", "ArrowRight", "n")
    box = page.get_by_role("textbox", name="Note on this face")
    box.fill(NOTE)
    press(page, "Shift+Enter")
    page.keyboard.type("x 1 g")
    press(page, "Enter")
    assert not page.locator(".fc-noting").is_visible() and focused(page) == 1
    wait_sent(page)
    text = f"{NOTE}\nx 1 g"
    assert marks(app) == [(faces[0], "tester", True, ""), (faces[1], "tester", False, text)]
    assert signs(page) == ["⚑", "✎", "", ""] and saved(page) == 0
    assert page.locator(".fc-remark-text").inner_text() == text
    assert page.locator(".fc-remark-text img").count() == 0
    label = page.locator("[data-testid=face-tile]").nth(0).get_attribute("aria-label")
    assert "flagged" in label and tile(page, 1) == ("Sad", "undecided")
    press(page, "z")
    wait_sent(page)
    assert signs(page) == ["⚑", "", "", ""]
    page.reload()
    wait_painted(page)
    assert signs(page) == ["⚑", "", "", ""]


def test_undo_after_a_reload_takes_the_remark_back_before_the_decision(app, page, faces):
    open_grid(page, app)
    press(page, "2", "g")
    wait_saved(page, 1)
    wait_sent(page)
    page.reload()
    wait_painted(page)
    before = painted(page)
    press(page, "z")
    wait_painted(page, before)
    assert marks(app) == [] and decisions(app) == [(faces[0], "relabelled")]


def test_several_chosen_faces_get_one_flag_and_lose_it_again(app, page, faces):
    open_grid(page, app)
    press(page, "Space", "ArrowRight", "Space", "g")
    wait_sent(page)
    assert signs(page) == ["⚑", "⚑", "", ""]
    press(page, "g")
    wait_sent(page)
    assert signs(page) == ["", "", "", ""] and marks(app) == []


def test_a_draft_survives_escape_and_no_key_reaches_the_grid(app, page, faces):
    open_grid(page, app)
    press(page, "n")
    page.keyboard.type("1 5 x")
    press(page, "Escape")
    assert not page.locator(".fc-noting").is_visible()
    assert [tile(page, n)[1] for n in range(4)] == ["undecided"] * 4
    press(page, "n")
    assert page.get_by_role("textbox", name="Note on this face").input_value() == "1 5 x"
    page.get_by_role("button", name="Save the note").click()
    wait_sent(page)
    assert marks(app) == [(faces[0], "tester", False, "1 5 x")]


@pytest.mark.slow
def test_what_is_flagged_while_the_server_is_away_arrives_later(app, page, faces):
    open_grid(page, app)
    app.stop()
    press(page, "g", "ArrowRight", "n")
    page.keyboard.type("offline")
    press(page, "Enter")
    page.wait_for_timeout(500)
    app.start()
    page.wait_for_function(
        "() => !Object.keys(localStorage).some(key => key.startsWith('fercore.outbox'))", timeout=90_000
    )
    assert marks(app) == [(faces[0], "tester", True, ""), (faces[1], "tester", False, "offline")]


def test_the_filter_shows_them_and_others_see_who_wrote(app, page, faces):
    open_grid(page, app)
    press(page, "ArrowRight", "g", "n")
    page.keyboard.type("from tester")
    press(page, "Enter")
    wait_sent(page)
    open_grid(page, app, "dataset=D&state=flagged")
    assert page.locator("[data-testid=face-tile]").count() == 1
    assert page.locator(".fc-place").inner_text() == "1 of 1 undecided"
    other = page.context.browser.new_context()
    other.add_cookies([{"name": "fercore_reviewer", "value": "Lee", "url": app.url}])
    from fercore.services.review import reviewers

    reviewers.add(app.store, "Lee")
    tab = other.new_page()
    tab.goto(f"{app.url}/review?dataset=D&state=with a note")
    wait_painted(tab)
    tab.locator(".fc-remark-text").get_by_text("from tester").wait_for()
    assert "tester ·" in tab.locator(".fc-remark-text").inner_text()
    press(tab, "n")
    assert tab.get_by_role("textbox", name="Note on this face").input_value() == ""
    other.close()
