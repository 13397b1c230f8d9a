"""Promoting a run in a browser, what a visitor then sees, and a photo donated and taken back."""

import pytest

from fercore.services.datasets import catalogue
from fercore.services.prediction import demo_model
from tests.browser.predicting import file, open_predict, photo, upload, wait_read, with_model
from tests.browser.running import at_rest, visit

pytestmark = pytest.mark.browser


def test_a_promoted_run_is_all_that_visitors_see(app, page):
    with_model(app, runs=2)
    visit(page, f"{app.url}/runs?run=1")
    page.get_by_text("Demo", exact=True).click()
    page.get_by_role("button", name="Make it the demo's model").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("evaluated on no faces that it did not learn").wait_for()
    dialog.get_by_role("button", name="Make run 1 the demo's model").click()
    page.get_by_text("This is the demo's model.").wait_for(state="attached")
    assert demo_model.promoted(app.store) == 1
    open_predict(page, app, "?run=2")
    offered = page.get_by_test_id("stMain").get_by_role("combobox").first
    assert offered.input_value().startswith("Run 1 ·") and page.get_by_text("Run 2").count() == 0


def test_a_photo_is_donated_and_taken_back(app, page):
    with_model(app)
    open_predict(page, app)
    upload(page, file("kim.jpg", photo()))
    wait_read(page, 3)
    page.get_by_text("Donate photos, or take a donation back").click()
    donate = page.get_by_role("button", name="Donate 1 photo")
    assert donate.is_disabled()
    page.get_by_text("I agree that these photos are kept").click()
    at_rest(page)
    donate.click()
    page.get_by_text("Thank you").wait_for()
    code = page.get_by_test_id("stCode").inner_text().strip()
    assert {summary.name: summary.faces for summary in catalogue.summaries(app.store)}["visitors"] == 3
    page.get_by_label("Code of a donation").fill(code.lower())
    page.get_by_role("button", name="Take it back").click()
    page.get_by_text("Deleted: 1 photo with 3 faces.").wait_for()
    assert {summary.name: summary.faces for summary in catalogue.summaries(app.store)}.get("visitors", 0) == 0
