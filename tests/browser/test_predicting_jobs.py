"""Predict in a browser: zips, clips and the camera's recordings, read in the background, and nothing left behind."""

import json
import os
import re
import time

import pytest

from fercore.emotions import EMOTIONS
from tests.browser.predicting import downloaded, file, open_predict, photo, upload, wait_read, wall, with_camera
from tests.browser.predicting import model as model
from tests.faces.clips import people, write_clip
from tests.services.prediction.test_batch import zipped

pytestmark = pytest.mark.browser


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
@pytest.mark.long
def test_a_clip_shows_its_people_over_time(model, page, tmp_path):
    clip = write_clip(tmp_path / "two.webm", people(16))
    open_predict(page, model)
    upload(page, file("two.webm", clip.read_bytes(), "video/webm"))
    page.get_by_role("button", name=re.compile("Read the clip with")).click()
    page.get_by_role("heading", name=re.compile(r"^1\.4 s · 8 pictures · 2 faces")).wait_for()
    page.locator(".js-plotly-plot").nth(1).wait_for()
    assert list(model.store.visits.iterdir()) == []


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
