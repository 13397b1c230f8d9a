"""Photos read by a model: what is found in each, what is printed, and what is kept of a visitor's."""

from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from fercore.drawing.photos import portrait
from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.faces.extraction import extractor
from fercore.faces.remarks import QualityRemark
from fercore.services.prediction import photos
from fercore.services.prediction.photos import PhotoPrediction, UnreadablePhoto
from fercore.services.training import runs as run_service
from fercore.services.training import snapshots
from fercore.services.training.runs import TrainRequest
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill
from tests.faces.pictures import encoded


class Model:
    """Names each face's emotion by its place."""

    def probabilities(self, pixels):
        assert pixels.shape[1:] == (48, 48) and pixels.dtype == np.uint8
        return np.eye(7, dtype=np.float32)[: len(pixels)] * 0.75

    def novelty(self, pixels):
        return None


def found(boxes):
    return SimpleNamespace(size=(640, 480), faces=[SimpleNamespace(box=box) for box in boxes], left_out=0)


@pytest.mark.parametrize(
    ("boxes", "emotions"),
    [([], []), ([(10, 20, 90, 90)], ["Angry"]), ([(10, 20, 90, 90), (300, 9, 60, 60)], ["Angry", "Disgust"])],
)
def test_a_photo_as_json(boxes, emotions):
    noted = [(QualityRemark.SMALL, QualityRemark.DARK), ()][: len(boxes)]
    read = PhotoPrediction("a b.jpg", found(boxes), np.eye(7, dtype=np.float32)[: len(boxes)] * 0.75, noted)
    printed = photos.as_json(read)
    assert (printed["photo"], printed["size"]) == ("a b.jpg", [640, 480])
    assert [(face["box"], face["emotion"]) for face in printed["faces"]] == [
        (list(box), emotion) for box, emotion in zip(boxes, emotions, strict=True)
    ]
    assert [face["remarks"] for face in printed["faces"]] == [["small", "dark"], []][: len(boxes)]
    for place, face in enumerate(printed["faces"]):
        assert face["probabilities"] == {name: 0.75 * (n == place) for n, name in enumerate(EMOTIONS)}


def test_of_more_faces_than_are_read_the_biggest_are_and_the_others_counted(monkeypatch):
    data = encoded(portrait([("east", 3), ("west", 3), ("east", 4)], 2, (1200, 400))[0], "PNG")
    every = photos.predict(Model(), "a.png", data, extractor())
    assert (len(every.faces), "left_out" in photos.as_json(every)) == (3, False)
    monkeypatch.setattr(photos, "MOST_FACES", 1)
    largest = photos.predict(Model(), "a.png", data, extractor())
    assert [face.box for face in largest.faces] == [every.faces[0].box]
    assert photos.as_json(largest)["left_out"] == 2


def test_an_unreadable_photo_as_json():
    expected = {"photo": "a.jpg", "size": None, "faces": [], "error": "no picture"}
    assert photos.as_json(UnreadablePhoto("a.jpg", "no picture")) == expected


@pytest.fixture
def album(tmp_path):
    """A portrait, a wall, a file that is no picture, and a name of nothing."""
    portrait([("east", 3)], 1, (640, 480))[0].save(tmp_path / "face.jpg")
    Image.new("RGB", (300, 200), "gray").save(tmp_path / "wall.png")
    (tmp_path / "text.jpg").write_text("no picture")
    return tmp_path


@pytest.mark.parametrize(
    ("names", "faces", "loaded"),
    [
        pytest.param(["face.jpg", "wall.png"], [1, 0], 1, id="two photos, one model"),
        pytest.param(["gone.jpg", "face.jpg"], ["gone.jpg", 1], 1, id="one that is gone"),
        pytest.param(["text.jpg", "face.jpg", "text.jpg"], ["text.jpg", 1, "text.jpg"], 1, id="no pictures"),
        pytest.param(["gone.jpg"], ["gone.jpg"], 0, id="nothing to load a model for"),
        pytest.param([], [], 0, id="nothing"),
    ],
)
def test_photos_are_read_one_by_one(album, names, faces, loaded):
    loads = []

    def load():
        loads.append(None)
        return Model()

    read = list(photos.predict_files(load, [album / name for name in names], extractor()))
    messages = [
        item.photo.rpartition("/")[2] if isinstance(item, UnreadablePhoto) else len(item.faces) for item in read
    ]
    assert messages == faces and len(loads) == loaded
    assert [item.photo for item in read] == [str(album / name) for name in names]
    assert all(item.probabilities.shape == (len(item.faces), 7) for item in read if isinstance(item, PhotoPrediction))


@pytest.mark.parametrize(("status", "reported"), [("running", None), ("failed", 2), ("done", None)])
def test_a_run_without_a_model_reads_nothing(lite, status, reported):
    fill(lite, "D", [n % 7 for n in range(7)])
    snapshots.freeze(lite, "S", ["D"])
    run = run_service.create(lite, TrainRequest("S", "VGG16", MODERN, "none"))
    with lite.database.writing() as session:
        runs.set_values(session, run, status=status, reported_epoch=reported)
    with pytest.raises(InputError, match=f"Run {run} has no trained model: its status is {status}"):
        photos.load(lite, run)


def test_a_dark_face_is_noted_beside_another():
    picture = np.asarray(portrait([("east", 3), ("west", 3)], 2, (960, 480))[0]).copy()
    picture[:, :480] //= 3
    data = encoded(Image.fromarray(picture), "PNG")
    read = photos.predict(Model(), "a.png", data, extractor())
    by_place = sorted(zip(read.faces, read.remarks, strict=True), key=lambda each: each[0].box)
    assert [QualityRemark.DARK in noted for _, noted in by_place] == [True, False]


@pytest.mark.parametrize("size", [(1, 1), (30, 20)])
def test_a_picture_too_small_for_a_face(size):
    read = photos.predict(Model(), "a.png", encoded(Image.new("RGB", size)), extractor())
    assert (read.size, read.faces, read.probabilities.shape) == (size, [], (0, 7))
