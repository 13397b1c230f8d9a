"""What boxes share, and what annotators agree on."""

import pytest

from fercore.faces.boxes import agreed_box, covered, inside_picture, median_box, middle_box, overlap, same_face


@pytest.mark.parametrize(
    ("first", "other", "union", "share"),
    [
        ((0, 0, 10, 10), (0, 0, 10, 10), 1.0, 1.0),
        ((0, 0, 10, 10), (5, 0, 10, 10), 1 / 3, 0.5),
        ((0, 0, 10, 10), (0, 0, 20, 20), 0.25, 1.0),
        ((0, 0, 10, 10), (10, 10, 5, 5), 0.0, 0.0),
    ],
)
def test_overlap_and_cover(first, other, union, share):
    assert overlap(first, other) == overlap(other, first) == pytest.approx(union)
    assert covered(first, by=other) == pytest.approx(share)


@pytest.mark.parametrize(
    ("boxes", "box"),
    [
        pytest.param([(10, 20, 60, 70)], (10, 20, 50, 50), id="square"),
        pytest.param([(10, 20, 60, 100)], (0, 20, 80, 80), id="high"),
        pytest.param([(0.4, 0.4, 300.2, 90.7)], (100, 0, 100, 100), id="wider than the picture"),
        pytest.param([(250, 50, 340, 120)], (210, 10, 90, 90), id="beyond the edge"),
        pytest.param([(5, 5, 5, 5)], None, id="no area"),
        pytest.param([], None, id="nobody"),
    ],
)
def test_the_median_box_is_square_and_inside(boxes, box):
    assert median_box(boxes, (300, 100)) == box


def test_one_outlier_does_not_move_the_agreed_box():
    near = [(10, 10, 60, 60), (12, 10, 62, 60)]
    assert agreed_box([*near, (200, 5, 290, 95)], (300, 100)) == agreed_box(near, (300, 100)) == (11, 10, 50, 50)
    assert agreed_box([near[0], (200, 5, 290, 95)], (300, 100)) is None
    assert agreed_box(near[:1], (300, 100)) is None


@pytest.mark.parametrize(
    ("size", "box"),
    [
        ((300, 100), (100, 0, 100, 100)),
        ((100, 301), (0, 100, 100, 100)),
        ((7, 4), (1, 0, 4, 4)),
        ((5, 5), (0, 0, 5, 5)),
    ],
)
def test_the_middle(size, box):
    assert middle_box(size) == box


@pytest.mark.parametrize(
    ("box", "face", "same"),
    [
        pytest.param((0, 0, 10, 10), (5, 0, 10, 10), True, id="a third in common"),
        pytest.param((0, 0, 100, 100), (51, 0, 100, 100), False, id="less than a third in common"),
        pytest.param((0, 0, 190, 190), (10, 10, 100, 100), True, id="holds it, not twice as wide"),
        pytest.param((0, 0, 200, 200), (10, 10, 100, 100), False, id="holds it, twice as wide"),
        pytest.param((0, 0, 190, 190), (-9, 0, 100, 100), True, id="contains more than nine tenths of it"),
        pytest.param((0, 0, 190, 190), (-10, 0, 100, 100), False, id="holds nine tenths of it"),
        pytest.param((20, 20, 50, 50), (0, 0, 100, 100), False, id="lies in a larger face"),
        pytest.param((300, 0, 10, 10), (0, 0, 10, 10), False, id="elsewhere"),
    ],
)
def test_a_box_shows_a_known_face(box, face, same):
    assert same_face(box, face) is same


@pytest.mark.parametrize(
    ("box", "inside"),
    [
        pytest.param((-10, 0, 10, 20), True, id="half beyond the left"),
        pytest.param((-11, 0, 10, 20), False, id="more than half beyond the left"),
        pytest.param((290, 80, 310, 100), True, id="half beyond the right"),
        pytest.param((291, 80, 311, 100), False, id="more than half beyond the right"),
        pytest.param((0, 90, 20, 110), True, id="half below"),
        pytest.param((0, 91, 20, 111), False, id="more than half below"),
        pytest.param((400, 400, 420, 420), False, id="on another picture"),
    ],
)
def test_boxes_of_another_picture_are_left_out(box, inside):
    stored = (10.0, 10.0, 30.0, 30.0)
    assert inside_picture([stored, box], (300, 100)) == ((stored, box) if inside else (stored,))


@pytest.mark.parametrize(
    ("shift", "agreed"),
    [
        # Of three boxes the median is the first; a box 100 wide moved by 33 shares 67/133 with it, by 34 66/134.
        pytest.param(33, (16, 0, 100, 100), id="at least half in common with the median"),
        pytest.param(34, None, id="less than half in common with the median"),
    ],
)
def test_how_near_is_near(shift, agreed):
    first, other, far = (0, 0, 100, 100), (shift, 0, 100 + shift, 100), (-150, 0, -50, 100)
    assert agreed_box([first, other, far], (300, 100)) == agreed
