"""Photos on the page Predict: read step by step, forgotten when they are taken off, and none hides another."""

from types import SimpleNamespace

import numpy as np
import pytest

from fercore.errors import InputError, StoredDataError
from fercore.faces.remarks import QualityRemark
from fercore.services.prediction.photos import FoundPhoto, ShownPicture
from fercore.services.prediction.sample import SamplePhoto
from fercore.settings import Settings
from fercore.ui import face_picker
from fercore.ui.prediction import photos, readers
from fercore.ui.prediction.readers import Readers, RunReading

FACE = np.zeros((48, 48), np.uint8)
BOXES = {"two.jpg": [(10, 20, 40, 40), (60, 20, 30, 30)], "wall.jpg": []}
ONE, BOTH = Readers({7: "Run 7"}), Readers({7: "Run 7", 8: "Run 8"})


class Rerun(BaseException):
    """The page runs again."""


class Page:
    """Predict without a browser, a detector or a model: photos with faces by their names."""

    def __init__(self, stage):
        self.drawn, self.shown, self.loads = stage(), [], []

    def run(self, uploads=(), shots=(), chosen=None, steps=99):
        """Run the page until it is at rest, or so many times; what was drawn last, and the photos as the browser got
        them."""
        for _ in range(steps):
            self.drawn.drawn.clear()
            self.shown.clear()
            try:
                photos.show(chosen or ONE, uploads, shots)
            except Rerun:
                continue
            break
        return self.drawn, self.shown

    def found(self, name, data, finder):
        if name == "odd.jpg":
            raise RuntimeError("nobody foresaw it")
        faces = [SimpleNamespace(box=box, pixels=FACE) for box in BOXES[name]]
        return FoundPhoto(name, SimpleNamespace(faces=faces, left_out=0), [(QualityRemark.SMALL,) for _ in faces])

    def preview(self, data, most):
        if data == b"broken":
            raise InputError("The picture is broken.")
        return ShownPicture(np.zeros((50, 100, 3), np.uint8), (200, 100))

    def read(self, key, pixels):
        self.loads.append(key[0])
        if key[0] == 8:
            raise StoredDataError("The model of run 8 is forged.")
        return RunReading(np.eye(7, dtype=np.float32)[3 : 3 + len(pixels)], None)

    def draw(self, picture, key):
        self.shown.append(picture)
        return 0


def rerun():
    raise Rerun


@pytest.fixture
def page(stage, monkeypatch):
    made = Page(stage)
    for part in (photos, readers):
        monkeypatch.setattr(part, "store", lambda: SimpleNamespace(settings=Settings()))
    monkeypatch.setattr(photos.photos, "changed", lambda store, run: float(run))
    monkeypatch.setattr(photos.photos, "found", made.found)
    monkeypatch.setattr(photos.photos, "preview", made.preview)
    monkeypatch.setattr(photos.detectors, "chosen", lambda store: None)
    monkeypatch.setattr(readers, "read", made.read)
    monkeypatch.setattr(face_picker, "draw", made.draw)
    monkeypatch.setattr(photos, "fragment", lambda part, *given: part(*given))
    monkeypatch.setattr("streamlit.rerun", rerun)
    return made


def given(*names):
    return [SamplePhoto(name, name, b"broken" if name == "broken.jpg" else b"data") for name in names]


@pytest.mark.parametrize(
    ("steps", "faces", "waits"),
    [
        pytest.param(1, None, True, id="first the photo alone"),
        pytest.param(2, ["", ""], True, id="then its boxes, while the model loads"),
        pytest.param(3, ["Happy", "Neutral"], False, id="then what was read"),
    ],
)
def test_a_photo_is_there_before_it_is_read(page, monkeypatch, steps, faces, waits):
    monkeypatch.setattr(readers, "are_ready", lambda keys: False)
    _, [shown] = page.run(given("two.jpg"), steps=steps)
    assert (shown.waits, shown.status.endswith("…")) == (waits, waits)
    assert (shown.faces and [face.name for face in shown.faces]) == faces


def test_a_model_that_is_there_already_reads_at_once(page, monkeypatch):
    monkeypatch.setattr(readers, "are_ready", lambda keys: True)
    assert not page.run(given("two.jpg"), steps=2)[1][0].waits


def test_boxes_are_shares_of_the_photo_and_say_their_emotion(page):
    _, [shown] = page.run(given("two.jpg"))
    first, second = shown.faces
    assert (first.left, first.top, first.width, first.height) == (0.05, 0.2, 0.2, 0.4)
    assert (first.label, second.label) == ("Face 1 of 2: Happy 100%", "Face 2 of 2: Neutral 100%")


def test_a_photo_is_searched_once_whoever_reads_it(page, monkeypatch):
    searched = []
    found = photos.photos.found
    monkeypatch.setattr(photos.photos, "found", lambda *given: searched.append(given[0]) or found(*given))
    page.run(given("two.jpg"))
    page.run(given("two.jpg"), chosen=Readers({9: "Run 9", 7: "Run 7"}))
    page.run(given("two.jpg"))
    assert searched == ["two.jpg"] and page.loads == [7, 9]


def test_whatever_is_wrong_with_one_photo_others_follow(page):
    drawn, shown = page.run(given("broken.jpg", "two.jpg", "odd.jpg", "wall.jpg"))
    assert drawn.said("warning") == [
        r"broken\.jpg: The picture is broken\.",
        r"odd\.jpg: This photo could not be shown \(RuntimeError\)\. The log of the server says more\.",
    ]
    assert [len(picture.faces) for picture in shown] == [2, 0]


def test_a_model_that_fails_hides_no_other(page):
    drawn, [shown] = page.run(given("two.jpg"), chosen=BOTH)
    assert drawn.said("warning") == [r"Run 8: The model of run 8 is forged\."]
    assert [face.name for face in shown.faces] == ["Happy", "Neutral"]
    drawn, [shown] = page.run(given("two.jpg"), chosen=Readers({8: "Run 8"}))
    assert [face.label for face in shown.faces] == ["Face 1 of 2", "Face 2 of 2"], "there are faces all the same"
    assert page.loads == [7, 8], "it is not tried again"


def test_a_model_that_is_gone_is_named_once(page, monkeypatch):
    def changed(store, run):
        raise StoredDataError(f"The model of run {run} is gone.")

    monkeypatch.setattr(photos.photos, "changed", changed)
    drawn, shown = page.run(given("two.jpg", "wall.jpg"))
    assert drawn.said("warning") == [r"The model of run 7 is gone\."] and len(shown) == 2


def test_what_is_taken_off_is_forgotten(page):
    import streamlit as st

    page.run(given("two.jpg", "wall.jpg"))
    page.run(given("wall.jpg"))
    assert list(st.session_state[photos.KEPT]) == ["wall.jpg"]
    page.run()
    assert st.session_state[photos.KEPT] == {}


def test_a_phone_goes_to_the_first_photo_alone(page):
    assert [picture.is_new for picture in page.run(given("two.jpg", "wall.jpg"), steps=1)[1]] == [True, False]
    assert not any(picture.is_new for picture in page.run(given("two.jpg", "wall.jpg"))[1])


@pytest.mark.parametrize(
    ("uploads", "shots", "advice"),
    [
        pytest.param(["wall.jpg"], [], [False], id="a file"),
        pytest.param([], ["wall.jpg"], [True], id="the camera"),
    ],
)
def test_advice_for_the_camera_is_given_before_the_camera_alone(page, uploads, shots, advice):
    drawn, _ = page.run(given(*uploads), given(*shots))
    assert ["frontal" in text for text in drawn.said("info")] == advice
