"""Pages worked on with the keyboard alone."""

import pytest

from tests.conftest import fill
from tests.services.review.votes import say

pytestmark = pytest.mark.browser


def test_a_download_in_a_dialog_keeps_the_focus_and_escape_closes_it(app, page):
    faces = fill(app.store, "D", [number % 7 for number in range(14)])
    say(app.store, "Kim", faces, 3)
    page.goto(f"{app.url}/datasets?dataset=D")
    page.get_by_role("tab", name="Export, delete").click()
    page.get_by_role("button", name="Delete dataset").click()
    dialog = page.locator("[role=dialog]:visible")
    for _ in range(3):
        with page.expect_download():
            dialog.get_by_role("button", name="Download the decisions as CSV").press("Enter")
        page.wait_for_function("() => document.activeElement.innerText.includes('Download the decisions as CSV')")
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
