"""The window around a face, pixel by pixel, its frame, and the scale at which a box is decoded."""

import numpy as np
import pytest
from PIL import Image

from fercore.faces import cropping
from fercore.faces.decoding import DecodedPhoto, decode
from tests.faces.pictures import encoded

PICTURE = np.random.default_rng(5).integers(0, 120, (7, 9, 3), np.uint8)  # darker than what lies outside


@pytest.mark.parametrize("side", [1, 3, 12])
@pytest.mark.parametrize("top", [-13, -2, 0, 6, 20])
@pytest.mark.parametrize("left", [-13, -2, 0, 8, 20])
def test_a_window_of_a_picture(side, top, left):
    padded = np.pad(PICTURE, ((30, 30), (30, 30), (0, 0)), constant_values=128)
    expected = padded[30 + top : 30 + top + side, 30 + left : 30 + left + side]
    np.testing.assert_array_equal(cropping._window(PICTURE, left, top, side), expected)


@pytest.mark.parametrize(("half_width", "half_height"), [(10, 10), (4, 12), (0, 0)])
def test_a_frame_stands_in_the_middle(half_width, half_height):
    square = np.full((40, 40, 3), 90, np.uint8)
    cropping._frame(square, half_width, half_height)
    columns, rows = (20 - half_width, 20 + half_width), (20 - half_height, 20 + half_height)
    white = (square == 255).all(axis=2)
    expected = np.zeros((40, 40), bool)
    expected[rows[0] : rows[1] + 1, columns] = True
    expected[rows, columns[0] : columns[1] + 1] = True
    np.testing.assert_array_equal(white, expected)
    if half_width:
        assert (square[rows[0] - 1, 20] == 0).all() and (square[20, columns[1] + 1] == 0).all()
        assert (square[20, 20] == 90).all() and (square[rows[0] - 3, 20] == 90).all()


@pytest.mark.parametrize(
    ("scale", "box", "decoded"),
    [
        pytest.param(1, (0, 0, 10, 10), None, id="whole already"),
        pytest.param(8, (0, 0, 384, 400), None, id="as many pixels as a crop has"),
        pytest.param(8, (0, 0, 383, 400), 4, id="a pixel fewer"),
        pytest.param(8, (0, 0, 400, 191), 2, id="the shorter side counts"),
        pytest.param(8, (0, 0, 96, 96), 2, id="twice a crop's"),
        pytest.param(8, (0, 0, 95, 96), 1, id="less than twice"),
        pytest.param(2, (0, 0, 20, 20), 1, id="smaller than a crop"),
    ],
)
def test_a_small_box_is_decoded_with_more_pixels(monkeypatch, scale, box, decoded):
    calls = []
    monkeypatch.setattr(cropping, "decode", lambda data, wanted: calls.append((data, wanted)) or "finer")
    gray = np.zeros((10, 10), np.uint8)
    photo = DecodedPhoto(gray, np.dstack([gray] * 3), (80, 80), scale, "", b"file")
    result = cropping.finer(photo, box)
    assert (result, calls) == ((photo, []) if decoded is None else ("finer", [(b"file", decoded)]))


@pytest.mark.parametrize("scale", [1, 2, 4])
@pytest.mark.parametrize(
    ("box", "seen"),
    [
        pytest.param((80, 80, 40, 40), {(96, 96): 250, (96, 20): 20, (20, 96): 20}, id="in the middle of the picture"),
        pytest.param((80, 60, 40, 80), {(96, 96): 250, (30, 96): 20, (96, 60): 20}, id="high"),
        pytest.param((0, 80, 40, 40), {(96, 96): 20, (96, 10): 128, (96, 180): 20}, id="at the left edge"),
        pytest.param((80, 0, 40, 40), {(96, 96): 20, (10, 96): 128, (180, 96): 20}, id="at the upper edge"),
    ],
)
def test_what_lies_around_a_face(scale, box, seen):
    """A bright square of 40 pixels in the middle of a dark picture of 200."""
    pixels = np.full((200, 200), 20, np.uint8)
    pixels[80:120, 80:120] = 250
    photo = decode(encoded(Image.fromarray(pixels)), scale)
    shown = decode(cropping.context(photo, box)).gray
    assert shown.shape == (192, 192)
    for place, value in seen.items():
        assert abs(int(shown[place]) - value) < 14, place
