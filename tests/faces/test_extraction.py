"""Boxes to faces, their surroundings, and whole photos to all of their faces."""

import cv2
import numpy as np
import pytest
from PIL import Image

from fercore.errors import UnreadableImageError
from fercore.faces.cropping import context, crop, finer
from fercore.faces.decoding import decode
from fercore.faces.detection import Detection
from fercore.faces.extraction import Extractor, Wanted, extractor
from fercore.faces.pixels import pixel_hash
from tests.faces.pictures import encoded

RNG = np.random.default_rng(5)
NOISE = Image.fromarray(RNG.integers(0, 256, (400, 600, 3), dtype=np.uint8))


class Fixed:
    """A detector that finds what it is told to."""

    weak = 0.5

    def __init__(self, *boxes):
        self.boxes = boxes

    def detect(self, photo):
        return [Detection(box, 1.0) for box in self.boxes]


def test_crop_averages_the_box():
    photo = decode(encoded(NOISE))
    expected = cv2.resize(photo.gray[30:130, 20:120], (48, 48), interpolation=cv2.INTER_AREA)
    assert np.array_equal(crop(photo, (20, 30, 100, 100)), expected)


@pytest.mark.parametrize(
    ("side", "scale"),
    [pytest.param(400, 8, id="enough"), pytest.param(200, 4, id="half"), pytest.param(30, 1, id="tiny")],
)
def test_small_faces_are_decoded_more_finely(side, scale):
    assert finer(decode(encoded(NOISE), 8), (0, 0, side, side)).scale == scale


def test_a_small_face_loses_nothing_to_the_reduced_picture():
    data = encoded(NOISE)
    box = (100, 100, 60, 60)
    assert np.array_equal(crop(decode(data, 8), box), crop(decode(data, 1), box))


@pytest.mark.parametrize("box", [(0, 0, 1, 1), (590, 390, 50, 50), (-10, -10, 60, 60), (0, 0, 600, 400)])
def test_boxes_at_the_edge(box):
    photo = decode(encoded(NOISE))
    assert crop(photo, box).shape == (48, 48)
    assert decode(context(photo, box)).size == (192, 192)


def test_context_has_the_face_in_its_middle_and_gray_beyond_the_edge():
    pixels = np.zeros((300, 300, 3), np.uint8)
    pixels[:100, :100] = (250, 20, 20)
    shown = decode(context(decode(encoded(Image.fromarray(pixels))), (0, 0, 100, 100))).colour
    assert np.allclose(shown[96, 96], (250, 20, 20), atol=12)
    assert np.allclose(shown[5, 5], 128, atol=6)
    assert np.allclose(shown[185, 185], 0, atol=6)


def test_all_faces_or_the_largest():
    data = encoded(NOISE)
    boxes = ((10, 10, 200, 200), (300, 50, 100, 100))
    fixed = Extractor("fixed", Fixed(*boxes))
    extracted = fixed.extract(data)
    assert [face.box for face in extracted.faces] == list(boxes)
    assert [face.box for face in fixed.extract(data, Wanted("largest")).faces] == [boxes[0]]
    assert extracted.size == (600, 400)
    for face in extracted.faces:
        assert face.pixel_hash == pixel_hash(face.pixels)
        assert decode(face.context_jpeg).size == (192, 192)


def test_a_photo_without_a_face_has_none():
    assert extractor().extract(encoded(Image.new("L", (300, 300), 90))).faces == []


def test_an_unreadable_photo_raises():
    with pytest.raises(UnreadableImageError):
        extractor().extract(b"nothing")


def test_two_people(shared_data):
    data = (shared_data / "photos" / "obama_biden_two_people.jpg").read_bytes()
    extracted = extractor().extract(data)
    assert len(extracted.faces) == 2
    assert all(face.pixels.std() > 20 for face in extracted.faces)


NEAR = ((100, 100, 200, 200), (104, 98, 206, 204), (96, 104, 198, 200))
FAR = (400, 20, 460, 80)


@pytest.mark.parametrize(
    ("boxes", "detected", "fallback", "source", "box"),
    [
        pytest.param(NEAR, True, "none", "annotators", (100, 100, 100, 100), id="three agree"),
        pytest.param((*NEAR[:2], FAR), True, "none", "annotators", (101, 99, 103, 103), id="two of three agree"),
        pytest.param((NEAR[0], FAR), True, "none", "fixed", (10, 10, 50, 50), id="nobody agrees"),
        pytest.param((NEAR[0],), True, "none", "fixed", (10, 10, 50, 50), id="one alone"),
        pytest.param((NEAR[0],), False, "none", "annotators", (100, 100, 100, 100), id="one alone, nothing found"),
        pytest.param(
            tuple(tuple(v + 9000 for v in b) for b in NEAR), True, "none", "fixed", (10, 10, 50, 50), id="off"
        ),
        pytest.param((), False, "middle", "middle", (100, 0, 400, 400), id="middle"),
        pytest.param((), False, "none", None, None, id="nothing"),
    ],
)
def test_annotators_then_the_detector_then_the_fallback(boxes, detected, fallback, source, box):
    fixed = Extractor("fixed", Fixed((10, 10, 50, 50)) if detected else Fixed())
    faces = fixed.extract(encoded(NOISE), Wanted("largest", boxes, fallback)).faces
    assert [(face.source, face.box) for face in faces] == ([(source, box)] if source else [])


@pytest.mark.parametrize(
    ("raised", "answers"),
    [
        pytest.param(UnreadableImageError("It is empty."), "It is empty.", id="foreseen"),
        pytest.param(ValueError("two\n  lines"), "It could not be checked (ValueError: two lines).", id="lines"),
        pytest.param(cv2.error("x" * 300), f"It could not be checked (error: {'x' * 200}).", id="long"),
        pytest.param(MemoryError(), "It could not be checked (MemoryError: ).", id="without words"),
    ],
)
def test_one_strange_picture_is_told_and_ends_nothing(monkeypatch, raised, answers):
    strange = Extractor("fixed", Fixed())

    def fail(data, wanted):
        raise raised

    monkeypatch.setattr(strange, "extract", fail)
    result = strange.attempt(b"")
    assert isinstance(result, UnreadableImageError) and str(result) == answers
