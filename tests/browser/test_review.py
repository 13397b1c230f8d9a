"""Review by keyboard alone, in a real browser: what is pressed is what the store holds."""

import pytest

from tests.browser.grid import (
    confirm_page,
    decisions,
    focused,
    labels,
    open_grid,
    painted,
    press,
    saved,
    tile,
    wait_painted,
    wait_saved,
)
from tests.conftest import fill

pytestmark = pytest.mark.browser


def test_deep_link_as_the_first_request(app, page):
    """Streamlit would otherwise say 'Page not found' once after every start."""
    fill(app.store, "D", [3] * 5)
    open_grid(page, app)
    assert page.get_by_text("Page not found").count() == 0
    assert page.locator("[data-testid=face-tile]").count() == 5
    assert focused(page) == 0, "the keyboard is in the grid at once"


def test_every_key_does_what_the_legend_says(app, page):
    ids = fill(app.store, "D", [3] * 12)
    open_grid(page, app)
    press(page, "4", "6")
    assert [tile(page, 0), tile(page, 1)] == [("Happy", "confirmed"), ("Sad", "relabelled")]
    page.get_by_text("10 of 12 undecided").wait_for()
    press(page, "x", "Escape", "x", "3")
    assert tile(page, 2) == ("Happy", "rejected") and focused(page) == 3
    press(page, "Space", "Shift+ArrowRight", "Shift+ArrowRight", "7")
    assert [tile(page, i)[0] for i in (3, 4, 5, 6)] == ["Surprise"] * 3 + ["Happy"]
    press(page, "z")
    assert [tile(page, i) for i in (3, 4, 5)] == [("Happy", "undecided")] * 3
    press(page, "End", "1")
    assert focused(page) == 11, "the focus stays on the last tile"
    wait_saved(page, 1 + 1 + 1 + 3 - 3 + 1)
    page.get_by_text("8 of 12 undecided").wait_for()
    result = labels(app)
    assert result[ids[0]] == (3, "confirmed", None)
    assert result[ids[1]] == (5, "relabelled", None)
    assert result[ids[2]] == (3, "rejected", "bad crop")
    assert result[ids[3]] == (3, "undecided", None)
    assert result[ids[11]] == (0, "relabelled", None)


def test_enter_confirms_what_is_left_and_z_brings_the_page_back(app, page):
    ids = fill(app.store, "D", [3] * 60 + [None] + [0] * 69)
    open_grid(page, app, "dataset=D&size=60")
    press(page, "5")
    wait_saved(page, 1)
    confirm_page(page)
    wait_saved(page, 60)
    assert page.locator("[data-testid=face-tile]").first.get_attribute("data-face-id") == str(ids[60])
    confirm_page(page)
    wait_saved(page, 119)
    assert labels(app)[ids[60]] == (None, "undecided", None), "an unlabelled face is left alone"
    third = painted(page)
    press(page, "z")
    wait_painted(page, third)
    wait_saved(page, 119 - 59)
    assert page.locator("[data-testid=face-tile]").first.get_attribute("data-face-id") == str(ids[60])
    assert tile(page, 1) == ("Angry", "undecided")


def test_120_faces_with_a_reload_in_the_middle(app, page):
    """Relabels, rejections, confirmations, undo and a reload: exactly these decisions are stored."""
    source = [number % 7 for number in range(120)]
    ids = fill(app.store, "D", source)
    open_grid(page, app, "dataset=D&size=120")
    expected = {}
    for index in range(60):
        if index % 10 == 9:
            press(page, "x", "5")
            expected[ids[index]] = (source[index], "rejected", "blurred")
        else:
            wanted = (source[index] + index % 2) % 7
            press(page, str(wanted + 1))
            expected[ids[index]] = (wanted, "confirmed" if wanted == source[index] else "relabelled", None)
    press(page, "z")
    expected[ids[59]] = (source[59], "undecided", None)
    wait_saved(page, 60 - 1)
    page.reload()
    wait_painted(page)
    assert saved(page) == 59, "the count goes on in the same browser session"
    assert page.locator("[data-testid=face-tile]").first.get_attribute("data-face-id") == str(ids[59])
    confirm_page(page)
    wait_saved(page, 59 + 61)
    expected |= {face: (emotion, "confirmed", None) for face, emotion in zip(ids[59:], source[59:], strict=True)}
    assert labels(app) == expected
    assert len(decisions(app)) == 122


def test_nothing_is_lost_when_the_browser_dies(app, browser):
    """Decisions that had no answer yet wait in the browser and leave at the next visit."""
    fill(app.store, "D", [3] * 10)
    context = browser.new_context()
    page = context.new_page()
    open_grid(page, app)
    app.stop()
    press(page, "1", "2", "3")
    page.close()
    app.start()
    page = context.new_page()
    open_grid(page, app)
    wait_saved(page, 3)
    assert [kind for _, kind in decisions(app)] == ["relabelled"] * 3
    context.close()


def test_streamlit_s_own_shortcuts_do_not_fire(app, page):
    fill(app.store, "D", [3] * 5)
    open_grid(page, app)
    page.evaluate("window.stays = true")
    press(page, "c", "r")
    page.wait_for_timeout(500)
    assert page.get_by_role("dialog").count() == 0
    assert page.evaluate("window.stays") and focused(page) == 0


def test_no_key_acts_while_typing(app, page):
    fill(app.store, "D", [3] * 5)
    open_grid(page, app)
    page.get_by_role("combobox").first.click()
    press(page, "1", "x", "2", "Escape")
    page.wait_for_timeout(400)
    assert decisions(app) == []


def test_two_tabs_do_not_double_decisions(app, browser):
    fill(app.store, "D", [3] * 10)
    context = browser.new_context()
    tabs = [context.new_page() for _ in range(2)]
    for tab in tabs:
        open_grid(tab, app)
    for tab in tabs:
        tab.bring_to_front()
        press(tab, "6")
        wait_saved(tab, 1)
    assert [kind for _, kind in decisions(app)] == ["relabelled", "relabelled"]
    context.close()


def test_leaving_in_the_middle_of_a_key_press_loses_nothing_and_breaks_nothing(app, page):
    """A message of the grid may arrive when its page is gone: it is sent again at the next visit."""
    fill(app.store, "D", [3] * 12)
    page.goto(f"{app.url}/review?dataset=D")
    for _ in range(8):
        wait_painted(page)
        press(page, "6")
        page.get_by_role("link", name="Predict").click()
        page.get_by_role("heading", name="Try a photo").wait_for()
        page.wait_for_timeout(300)
        assert page.get_by_text("KeyError").count() == 0
        page.get_by_role("link", name="Review", exact=True).click()
    page.locator("[data-testid=face-tile]").first.wait_for()
    page.wait_for_function(
        "() => !Object.entries(localStorage).some(([k, v]) => k.startsWith('fercore.outbox') && v !== '[]')"
    )
    assert len(decisions(app)) == 8
