"""Sharpness, brightness and contrast against OpenCV and NumPy, face by face."""

import cv2
import numpy as np
import pytest

from fercore.faces import quality

NOISE = np.random.default_rng(3).integers(0, 256, (48, 48), np.uint8)
STRIPES = np.tile(np.array([0, 255], np.uint8), (48, 24))
SLOPE = np.tile(np.arange(48, dtype=np.uint8) * 5, (48, 1))

PICTURES = {
    "black": np.zeros((48, 48), np.uint8),
    "bright": np.full((48, 48), 199, np.uint8),
    "noise": NOISE,
    "stripes": STRIPES,
    "chessboard": STRIPES ^ STRIPES.T,
    "slope": SLOPE,
}


@pytest.mark.parametrize("name", PICTURES)
def test_each_number_is_what_the_libraries_compute(name):
    picture = PICTURES[name]
    laplacian = cv2.Laplacian(picture, cv2.CV_64F)[1:-1, 1:-1]

    assert quality.sharpness(picture[None])[0] == pytest.approx(laplacian.var(), abs=1e-6)
    assert quality.brightness(picture[None])[0] == pytest.approx(picture.mean())
    assert quality.contrast(picture[None])[0] == pytest.approx(picture.std(), abs=1e-6)


def test_faces_are_measured_one_by_one_and_a_blurred_one_is_less_sharp():
    blurred = cv2.GaussianBlur(NOISE, (0, 0), 2)
    sharp, soft, again = quality.sharpness(np.stack([NOISE, blurred, NOISE]))

    assert sharp == again > 5 * soft


@pytest.mark.parametrize(
    ("box", "side"),
    [
        (None, None),
        ((500, 600, 30, 40), 30),
        ((500, 600, 40, 30), 30),
        ((1, 2, 40, 40), 40),
        ((500, 600, 30, 40, 3), 30),
    ],
)
def test_the_shorter_side_of_a_box(box, side):
    assert quality.side(box) == side
