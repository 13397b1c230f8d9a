"""Predict in a browser: photos by every way in, faces chosen by mouse, keys and finger, and nothing left behind."""

import json
import os
import re
import time
from pathlib import Path

import pytest

from fercore.emotions import EMOTIONS
from tests.browser.predicting import (
    COPY,
    PASTE,
    bars,
    boxes,
    chosen,
    encoded,
    file,
    open_predict,
    photo,
    upload,
    wait_read,
    wall,
    with_camera,
    with_model,
)
from tests.browser.running import at_rest
from tests.crawl.narrow import faults_of
from tests.crawl.test_accessible import serious
from tests.faces.clips import people, write_clip
from tests.services.prediction.test_batch import zipped

pytestmark = pytest.mark.browser
BUTTONS = ", ".join(
    f"[data-testid=stMain] {name}"
    for name in (
        *(".fcp-chip", ".fci-button", "[data-testid=stButton] button", "[data-testid=stDownloadButton] button"),
        *("[data-testid=stFileUploaderDropzone] button", "[data-testid=stTab]"),
    )
)


@pytest.fixture
def model(app):
    with_model(app)
    return app


def downloaded(page, button):
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    return Path(download.value.path()).read_bytes()


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


def test_tab_reaches_the_chosen_face_alone(model, page):
    open_predict(page, model)
    upload(page, file("three.jpg", photo()))
    wait_read(page, 3)
    page.get_by_text("Keep my photos").click()
    at_rest(page)
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


def test_a_file_that_is_dropped_beside_the_uploader_is_taken(model, page):
    open_predict(page, model)
    drop = PASTE.replace(
        "new ClipboardEvent('paste', { clipboardData: transfer,", "new DragEvent('drop', { dataTransfer: transfer,"
    )
    page.evaluate(drop, encoded(photo(form="PNG")))
    wait_read(page, 3)


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


@pytest.mark.slow
def test_the_camera_takes_a_photo_and_a_clip(model, browser, tmp_path):
    own = with_camera(browser, tmp_path)
    page = own.new_context(viewport={"width": 1440, "height": 900}, locale="en-US").new_page()
    page.set_default_timeout(60_000)
    try:
        open_predict(page, model)
        page.get_by_role("tab", name="Camera").click()
        page.get_by_text("Use the camera").click()
        page.wait_for_function("document.querySelector('[data-testid=stCameraInput] video')?.readyState === 4")
        page.get_by_role("button", name="Take Photo").click()
        wait_read(page, 1)
        page.get_by_text("Use the camera").click()
        page.locator("[data-testid=stCameraInput]").wait_for(state="detached")
        record = page.get_by_test_id("record")
        record.click()
        page.get_by_text("Recording: 2 s of 60 s").wait_for()
        record.click()
        page.get_by_text("The clip is recorded").wait_for()
        page.get_by_role("button", name=re.compile("Read the clip with")).click()
        page.locator(".js-plotly-plot").wait_for()
        page.get_by_text(re.compile(r"^Likeliest emotion in \d+ pictures: ")).wait_for()
        assert list(model.store.visits.iterdir()) == []
    finally:
        own.close()


@pytest.mark.slow
def test_a_zip_becomes_a_table_and_leaves_nothing(model, page):
    album = zipped({"b/얼굴.jpg": photo(), "wall.png": wall(), "no.jpg": b"x", "notes.txt": b"x"})
    open_predict(page, model)
    upload(page, file("album.zip", album, "application/zip"), file("one.jpg", photo([("east", 3)])))
    wait_read(page, 1)
    page.get_by_role("button", name=re.compile("Read them with")).click()
    page.get_by_role("heading", name="3 photos · 3 faces · without a face: 1 · unreadable: 1").wait_for()
    page.get_by_text("1 file was left out").click()
    page.get_by_text("notes.txt: It is not a picture.").wait_for()
    assert list(model.store.visits.iterdir()) == []
    printed = json.loads(downloaded(page, "JSON"))
    assert [photo_["photo"] for photo_ in printed] == ["b/얼굴.jpg", "no.jpg", "wall.png"]
    assert [set(face["probabilities"]) == set(EMOTIONS) for face in printed[0]["faces"]] == [True] * 3
    lines = downloaded(page, "CSV").decode("utf-8-sig").splitlines()
    assert lines[0].startswith("photo,face,x,y,width,height,emotion,Angry") and len(lines) == 6
    assert page.locator(".fcp-figure").count() == 1, "the photo beside it is there all the while"
    page.get_by_role("button", name="Discard the result").click()
    page.get_by_role("heading", name="3 photos").wait_for(state="detached")


@pytest.mark.slow
def test_a_clip_shows_its_people_over_time(model, page, tmp_path):
    clip = write_clip(tmp_path / "two.webm", people(16))
    open_predict(page, model)
    upload(page, file("two.webm", clip.read_bytes(), "video/webm"))
    page.get_by_role("button", name=re.compile("Read the clip with")).click()
    page.get_by_role("heading", name=re.compile(r"^1\.4 s · 8 pictures · 2 faces")).wait_for()
    page.locator(".js-plotly-plot").nth(1).wait_for()
    assert list(model.store.visits.iterdir()) == []


@pytest.mark.parametrize(("locale", "theme"), [("en-US", "light"), ("ko-KR", "dark")])
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


def test_what_a_killed_job_left_is_swept_when_the_app_starts(model, page):
    left = model.store.visits / ("a" * 32)
    (left / "given" / "00000").mkdir(parents=True)
    (left / "given" / "00000" / "kim.jpg").write_bytes(photo())
    (left / "result.json").write_text("{}")
    for path in (*left.rglob("*"), left):
        os.utime(path, (1, 1))
    model.stop()
    model.start()
    open_predict(page, model)
    deadline = time.monotonic() + 30
    while left.exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert list(model.store.visits.iterdir()) == []
