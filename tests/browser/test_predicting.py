"""Predict in a browser: photos by every way in, faces chosen by mouse, keys and finger, and nothing left behind."""

import pytest

from tests.browser.predicting import (
    COPY,
    PASTE,
    bars,
    boxes,
    chosen,
    downloaded,
    encoded,
    file,
    open_predict,
    photo,
    upload,
    wait_read,
    wall,
    with_model,
)
from tests.browser.predicting import model as model
from tests.browser.running import at_rest
from tests.crawl.narrow import faults_of
from tests.crawl.test_accessible import serious

pytestmark = pytest.mark.browser
BUTTONS = ", ".join(
    f"[data-testid=stMain] {name}"
    for name in (
        *(".fcp-chip", ".fci-button", "[data-testid=stButton] button", "[data-testid=stDownloadButton] button"),
        *("[data-testid=stFileUploaderDropzone] button", "[data-testid=stTab]"),
    )
)


def test_a_face_is_chosen_by_the_mouse_and_by_keys(model, page):
    open_predict(page, model)
    upload(page, file("three.jpg", photo()))
    wait_read(page, 3)
    assert chosen(page) == [0]
    first = bars(page)
    assert len(first) == 7
    boxes(page).nth(2).click()
    page.wait_for_function("before => document.querySelector('[data-testid=bars]').innerText !== before", arg="")
    at_rest(page)
    second = bars(page)
    assert chosen(page) == [2] and second != first
    page.keyboard.press("ArrowLeft")
    at_rest(page)
    page.keyboard.press("Home")
    page.wait_for_timeout(400)
    at_rest(page)
    places = [box.bounding_box()["x"] for box in boxes(page).all()]
    assert chosen(page) == [places.index(min(places))] and bars(page) != second
    assert page.evaluate("document.activeElement.getAttribute('role')") == "radio", "the focus stays on the photo"
    page.get_by_text("Why?").click()
    page.get_by_test_id("why").wait_for()
    assert serious(page) == []


@pytest.mark.long
def test_tab_reaches_the_chosen_face_alone(model, page):
    open_predict(page, model)
    upload(page, file("three.jpg", photo()))
    wait_read(page, 3)
    page.evaluate("document.querySelector('.fcp-box').focus()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('fcp-box')") is False
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-checked')") == "true"


def test_one_bad_photo_hides_no_other(model, page):
    open_predict(page, model)
    upload(
        page,
        file("no.jpg", b"no picture"),
        file("cut <b>.jpg", photo()[:3000]),
        file("wall.png", wall()),
        file("three.png", photo(form="PNG")),
    )
    wait_read(page, 3)
    page.get_by_text("wall.png").last.wait_for()
    text = page.inner_text("body")
    assert "no.jpg: This file is not a readable picture" in text and "cut <b>.jpg: The picture is broken" in text
    assert "No face was found. Try a photo" in text and page.locator(".fcp-figure").count() == 2


def test_public_portraits(model, page, shared_data):
    open_predict(page, model)
    upload(page, *sorted((shared_data / "photos").iterdir()))
    wait_read(page, 8)
    counts = page.evaluate("() => [...document.querySelectorAll('.fcp-faces')].map(group => group.children.length)")
    assert counts == [1, 1, 1, 1, 1, 2, 1] and page.get_by_test_id("bars").count() == 7


def test_a_picture_is_pasted_anywhere_or_by_its_button(model, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=model.url)
    open_predict(page, model)
    page.evaluate(PASTE, encoded(photo(form="PNG")))
    wait_read(page, 3)
    page.get_by_text("pasted-1.png").first.wait_for()
    page.evaluate(COPY, encoded(photo([("east", 3)], form="PNG")))
    page.keyboard.press("Control+v")
    wait_read(page, 4)
    page.get_by_test_id("paste").click()
    wait_read(page, 5)
    page.evaluate("navigator.clipboard.writeText('no picture')")
    page.get_by_test_id("paste").click()
    page.get_by_text("There is no picture in the clipboard.").wait_for()
    assert page.locator(".fcp-figure").count() == 3


@pytest.mark.long
def test_a_file_that_is_dropped_beside_the_uploader_is_taken(model, page):
    open_predict(page, model)
    drop = PASTE.replace(
        "new ClipboardEvent('paste', { clipboardData: transfer,", "new DragEvent('drop', { dataTransfer: transfer,"
    )
    page.evaluate(drop, encoded(photo(form="PNG")))
    wait_read(page, 3)


@pytest.mark.long
def test_a_sample_for_who_has_no_photo(model, page):
    open_predict(page, model)
    page.get_by_role("button", name="Try a sample photo").click()
    wait_read(page, 3)
    page.get_by_role("button", name="Another sample photo").click()
    wait_read(page, 2)
    assert downloaded(page, "Save the photo with its boxes").startswith(b"\x89PNG")


def test_models_side_by_side(app, page):
    with_model(app, runs=3)
    open_predict(page, app, "?run=1&beside=2,3")
    upload(page, file("three.jpg", photo()))
    wait_read(page, 3)
    table = page.get_by_test_id("bars").nth(1)
    assert table.locator("thead th").all_inner_texts() == ["Run 1 · VGG16", "Run 2 · VGG16", "Run 3 · VGG16", "Mean"]
    cells = [row.all_inner_texts() for row in map(lambda row: row.locator("td b"), table.locator("tbody tr").all())]
    assert all(len(set(row)) == 1 and len(row) == 4 for row in cells), "three copies of one model agree with their mean"


@pytest.mark.parametrize(
    ("locale", "theme"), [pytest.param("en-US", "light", marks=pytest.mark.long), ("ko-KR", "dark")]
)
def test_a_phone_shows_the_photo_first_and_takes_fingers(model, browser, locale, theme):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale=locale, color_scheme=theme
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    open_predict(page, model)
    page.locator(".st-key-sample button").tap()
    page.locator(".fcp-chip").nth(2).wait_for()
    page.get_by_test_id("bars").wait_for()
    at_rest(page)
    page.wait_for_timeout(800)  # in which the page goes to the photo
    top = page.locator(".fcp-figure").bounding_box()
    assert 0 <= top["y"] < 120, "the photo is what a phone shows"
    assert page.get_by_test_id("bars").bounding_box()["y"] > top["y"] + top["height"]
    for button in page.locator(BUTTONS).all():
        if button.is_visible():
            assert button.bounding_box()["height"] >= 44, button.inner_text()
    page.locator(".fcp-chip").nth(1).tap()
    page.wait_for_function("document.querySelectorAll('.fcp-box')[1].getAttribute('aria-checked') === 'true'")
    at_rest(page)
    box = page.locator(".fcp-box").nth(2).bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] + 3)  # a finger is not that exact
    page.wait_for_function("document.querySelectorAll('.fcp-box')[2].getAttribute('aria-checked') === 'true'")
    at_rest(page)
    assert faults_of(page) == [] and serious(page) == []
    context.close()
