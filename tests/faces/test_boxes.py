"""What boxes share, and what annotators agree on."""

import pytest

from fercore.faces.boxes import agreed_box, covered, median_box, middle_box, overlap


@pytest.mark.parametrize(
    ("one", "other", "union", "share"),
    [
        ((0, 0, 10, 10), (0, 0, 10, 10), 1.0, 1.0),
        ((0, 0, 10, 10), (5, 0, 10, 10), 1 / 3, 0.5),
        ((0, 0, 10, 10), (0, 0, 20, 20), 0.25, 1.0),
        ((0, 0, 10, 10), (10, 10, 5, 5), 0.0, 0.0),
    ],
)
def test_overlap_and_cover(one, other, union, share):
    assert overlap(one, other) == overlap(other, one) == pytest.approx(union)
    assert covered(one, by=other) == pytest.approx(share)


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


def test_the_middle():
    assert middle_box((300, 100)) == (100, 0, 100, 100)
