"""Numbers on a photo: beside their faces, and on no face where there is room elsewhere."""

import pytest

from fercore.faces.marking import _common, badge

SIZE = (300, 200)


@pytest.mark.parametrize(
    ("box", "others", "place"),
    [
        pytest.param((100, 100, 20, 20), [], (100, 72), id="above a small face"),
        pytest.param((100, 100, 90, 90), [], (100, 72), id="above a large face"),
        pytest.param((100, 0, 20, 20), [], (100, 20), id="below a face at the top"),
        pytest.param((290, 100, 10, 20), [], (274, 72), id="inside of the picture at its right edge"),
        pytest.param((100, 100, 20, 20), [(90, 60, 30, 30)], (100, 120), id="not on the face above"),
        pytest.param(
            (100, 100, 20, 20), [(101, 60, 30, 30), (101, 121, 40, 40)], (74, 100), id="on the left between two faces"
        ),
    ],
)
def test_a_number_stands_beside_its_face(box, others, place):
    result = badge("1", box, [box, *others], SIZE)
    assert result[:2] == place
    assert not any(_common(result, item) for item in [box, *others])


@pytest.mark.parametrize(("text", "width"), [("1", 26), ("12", 38), ("123", 52)])
def test_a_long_number_has_room(text, width):
    assert badge(text, (100, 100, 20, 20), [], SIZE)[2] == width


def test_a_face_as_large_as_the_picture_is_numbered_inside():
    x, y, w, h = badge("1", (0, 0, *SIZE), [(0, 0, *SIZE)], SIZE)
    assert 0 <= x <= SIZE[0] - w and 0 <= y <= SIZE[1] - h
