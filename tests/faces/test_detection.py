"""The Haar cascade on pictures without a face, drawn photos and the real portraits."""

import builtins

import numpy as np
import pytest
from PIL import Image

from fercore.errors import InputError
from fercore.faces import opencv as room
from fercore.faces.decoding import LONG_SIDE, decode
from fercore.faces.detection import DETECTORS, Detection, detector
from fercore.faces.haar import Haar
from tests.faces.pictures import encoded
from tests.pictures.drawn import portrait

FACES = {
    "32bit.png": 1,
    "astronaut.png": 1,
    "biden_fullbody_portrait.jpg": 1,
    "biden_vp_official.jpg": 1,
    "obama_1080p_letterbox.jpg": 1,
    "obama_biden_two_people.jpg": 2,
    "obama_official.jpg": 1,
}


@pytest.fixture(scope="module")
def haar():
    return detector("haar")


@pytest.mark.parametrize(("name", "count"), list(FACES.items()))
def test_real_portraits_hold_exactly_their_faces(shared_data, haar, name, count):
    photo = decode(shared_data / "photos" / name)
    detections = haar.detect(photo)
    assert len(detections) == count
    for face in detections:
        x, y, width, height = face.box
        assert x >= 0 and y >= 0 and x + width <= photo.size[0] and y + height <= photo.size[1]
        assert face.score > 0


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_boxes_are_in_full_pixels_at_every_scale(shared_data, haar, scale):
    (detections,) = haar.detect(decode(shared_data / "photos" / "biden_vp_official.jpg", scale))
    assert np.allclose(detections.box, (400, 190, 530, 530), atol=30)


@pytest.mark.parametrize("size", [(1, 1), (10, 300), (400, 300)])
def test_a_picture_without_a_face(haar, size):
    assert haar.detect(decode(encoded(Image.new("RGB", size, (90, 90, 90))))) == []


@pytest.mark.parametrize(
    ("size", "places", "side"),
    [
        pytest.param((30000, 600), [(2000, 200), (15000, 210), (27000, 190)], 240, id="panorama"),
        pytest.param((16000, 3000), [(300, 300), (9000, 2500)], 300, id="big panorama"),
        pytest.param((1080, 20000), [(100, 500), (500, 19000), (300, 9990)], 260, id="long screenshot"),
        pytest.param((200, 9000), [(10, 100), (10, 8700)], 180, id="strip of portraits"),
        pytest.param((6000, 500), [(1700, 150), (1980, 150), (3960, 150)], 240, id="where two parts meet"),
    ],
)
def test_faces_of_long_pictures_are_each_found_once(haar, size, places, side):
    canvas = Image.new("RGB", size, (150, 150, 150))
    for place in places:
        canvas.paste(portrait(side), place)
    boxes = sorted(face.box for face in haar.detect(decode(encoded(canvas, "JPEG", quality=90))))
    assert len(boxes) == len(places)
    for (x, y, width, _), place in zip(boxes, sorted(places), strict=True):
        assert abs(x + width / 2 - place[0] - side / 2) < side / 4 and place[1] <= y <= place[1] + side


def test_an_unknown_detector_lists_the_known_ones():
    with pytest.raises(InputError, match=r"no detector 'x'\. Choose one of haar"):
        detector("x")
    assert "haar" in DETECTORS


def test_missing_system_libraries_are_named(monkeypatch):
    real = builtins.__import__

    def missing(name, *rest, **named):
        if name == "cv2":
            raise ImportError("libGL.so.1: cannot open shared object file")
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(InputError, match=r"libGL\.so\.1.*apt-get install libgl1 libglib2\.0-0"):
        room.opencv.__wrapped__()


def test_a_build_without_cascades_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(room.opencv().data, "haarcascades", str(tmp_path))
    with pytest.raises(InputError, match="ships no 'haarcascade"):
        detector("haar")


@pytest.mark.parametrize(
    ("boxes", "looks"),
    [
        pytest.param([], 3, id="nothing found"),
        pytest.param([(10, 10, 192, 192)], 1, id="one that is big enough"),
        pytest.param([(10, 10, 192, 190)], 1, id="cut at the lower edge"),
        pytest.param([(10, 10, 190, 192)], 2, id="cut at the right edge"),
        pytest.param([(10, 10, 900, 900), (1000, 10, 190, 190)], 2, id="the smallest counts"),
        pytest.param([(10, 10, 95, 95)], 3, id="too small at half, too"),
    ],
)
def test_a_photo_is_looked_at_again_where_small_faces_may_be(monkeypatch, haar, boxes, looks):
    """A photo of four times the first look's side: at the first, a pixel is four, and 48 of them are 192."""
    shrunk = []

    def look(photo, by):
        shrunk.append(by)
        return [Detection(box, 5.0) for box in boxes]

    monkeypatch.setattr(haar, "_look", look)
    photo = decode(encoded(Image.new("RGB", (4 * LONG_SIDE, 40), (90, 90, 90))))
    monkeypatch.setattr("fercore.faces.haar.reach", lambda size: 4 * LONG_SIDE)
    detections = haar.detect(photo)
    assert shrunk == [4.0, 2.0, 1.0][:looks]
    assert [face.box for face in detections] == sorted(boxes, key=lambda box: -box[2] * box[3])


def test_a_big_picture_leaves_no_scratch_images_behind(monkeypatch):
    """A cascade keeps what its largest picture needed: a quarter of a gigabyte where somebody sent a huge one."""
    photo = decode(encoded(portrait(1750), "JPEG"), 1)
    haar, searched = Haar(), []
    fitting = haar._fitting
    monkeypatch.setattr(haar, "_fitting", lambda scratch: searched.append(fitting(scratch)) or searched[-1])
    found = [list(haar._found(gray, 1.0)) for gray in (photo.gray, photo.gray[::2, ::2].copy())]
    assert [len(boxes) > 0 for boxes in found] == [True, True]
    assert [cascade is haar._cascade for cascade in searched] == [False, True]
