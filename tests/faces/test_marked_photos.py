"""Boxes and numbers on a copy of a photo."""

import numpy as np
import pytest

from fercore.faces.decoding import DecodedPhoto
from fercore.faces.marking import badge, marked

BLUE, INK = "#1040E0", (16, 64, 224)


def photo(rows, columns, scale=1):
    colour = np.full((rows, columns, 3), 200, np.uint8)
    colour.setflags(write=False)
    return DecodedPhoto(colour[..., 0], colour, (columns * scale, rows * scale), scale, "", b"")


@pytest.mark.parametrize(
    ("rows", "columns", "width", "shape"),
    [
        pytest.param(100, 300, 300, (100, 300, 3), id="as wide as may be"),
        pytest.param(100, 301, 300, (100, 300, 3), id="a pixel wider"),
        pytest.param(200, 600, 300, (100, 300, 3), id="twice as wide"),
        pytest.param(100, 20, 300, (100, 20, 3), id="narrow"),
        pytest.param(1, 3000, 300, (1, 300, 3), id="a line"),
    ],
)
def test_a_photo_is_made_smaller_and_never_larger(rows, columns, width, shape):
    result = marked(photo(rows, columns), [], [], width)
    assert result.shape == shape and (result == 200).all() and result.flags.writeable


@pytest.mark.parametrize(
    ("rows", "columns", "scale", "factor"),
    [(200, 300, 1, 1.0), (200, 300, 2, 0.5), (400, 600, 1, 0.5), (400, 600, 2, 0.25)],
)
def test_a_box_lies_where_the_face_is(rows, columns, scale, factor):
    box = (100, 60, 120, 130)
    result = marked(photo(rows, columns, scale), [box], [BLUE], 300)
    x, y, width, height = (round(side * factor) for side in box)
    middle = (y + height // 2, x + width // 2)
    for place in ((middle[0], x + width), (y + height, middle[1])):
        assert tuple(result[place]) == INK, "the box"
    assert tuple(result[middle[0], x + width + 7]) == tuple(result[middle]) == (200, 200, 200)
    left, top, wide, high = badge("1", (x, y, width, height), [(x, y, width, height)], (300, 200))
    assert tuple(result[top + 2, left + 2]) == tuple(result[top + high - 2, left + wide - 2]) == INK, (
        "the badge, filled"
    )
    digit = result[top + 5 : top + 23, left + 4 : left + 24]
    assert (digit == 0).all(axis=2).sum() > 10, "its number"
    assert tuple(result[199, 0]) == (200, 200, 200)


def test_faces_are_numbered_in_their_order():
    boxes = [(10, 30, 60, 60), (110, 30, 60, 60), (210, 30, 60, 60)]  # each with its badge above
    result = marked(photo(100, 300), boxes, [BLUE, "#FF0000", "#00FF00"], 300)
    badges = [result[3:29, x : x + 25].copy() for x, *_ in boxes]
    assert [tuple(badge[2, 2]) for badge in badges] == [INK, (255, 0, 0), (0, 255, 0)]
    digits = [(badge == 0).all(axis=2) for badge in badges]
    assert not (digits[0] == digits[1]).all() and not (digits[1] == digits[2]).all()
    assert (marked(photo(100, 300), boxes[:1], [BLUE], 300)[3:29, 10:35] == badges[0]).all()
