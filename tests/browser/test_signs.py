"""Small signs that must be readable: the counter, the sheet of keys, empty bars, the arrow of the side bar."""

import pytest

from fercore.services.review import assignments
from fercore.services.review.assignments import TaskPlan
from tests.browser.grid import wait_painted
from tests.browser.running import visit
from tests.conftest import fill

pytestmark = pytest.mark.browser


@pytest.fixture
def ids(app):
    return fill(app.store, "D", [3] * 12)


def test_the_counter_says_what_it_counts(app, page, ids):
    page.goto(f"{app.url}/review")
    wait_painted(page)
    assert "Decisions of this browser tab" in page.locator(".fc-saved").get_attribute("title")


def test_the_sheet_of_keys_fits_and_has_each_key_once(app, page, ids):
    page.goto(f"{app.url}/review")
    wait_painted(page)
    page.keyboard.press("?")
    sheet = page.locator("dialog.fc-sheet[open]")
    sheet.wait_for()
    keys = sheet.locator("kbd").all_inner_texts()
    assert len(keys) == len(set(keys)) and "PgUp PgDn" not in keys
    for width, height in ((1440, 900), (1024, 500), (390, 700)):
        page.set_viewport_size({"width": width, "height": height})
        sizes = set(sheet.locator(".fc-key").evaluate_all("keys => keys.map(one => getComputedStyle(one).fontSize)"))
        assert len(sizes) == 1
        close = sheet.get_by_role("button", name="Close the list").bounding_box()
        assert close["y"] >= 0 and close["y"] + close["height"] <= height and close["x"] + close["width"] <= width


def test_an_empty_bar_shows_nothing(app, page, ids):
    assignments.create(app.store, TaskPlan("t", "D"))
    visit(page, f"{app.url}/tasks")
    bar = page.locator("[role=progressbar][aria-valuenow='0'] [data-testid=stProgressBarTrack] > div").first
    bar.wait_for(state="attached")
    assert bar.evaluate("one => getComputedStyle(one).visibility") == "hidden"


def test_the_arrow_of_the_side_bar_lies_on_no_word_in_a_narrow_window(app, page, ids):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app.url}/review")
    wait_painted(page)
    header = page.locator("[data-testid=stHeader]")
    colour = header.evaluate("one => getComputedStyle(one).backgroundColor")
    assert colour.startswith("rgb(") and not colour.endswith(", 0)")
