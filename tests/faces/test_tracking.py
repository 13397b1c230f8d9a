"""Faces followed by their boxes: whose box is whose in the next picture."""

import numpy as np
import pytest

from fercore.faces.boxes import overlap
from fercore.faces.tracking import Sighting, followed, overlaps

LEFT, RIGHT = (10, 10, 40, 40), (200, 10, 40, 40)
MOVED, FAR = (18, 12, 40, 40), (100, 100, 40, 40)


def paths(pictures, **options):
    return [[(each.picture, each.face) for each in path] for path in followed(pictures, **options)]


@pytest.mark.parametrize(
    ("pictures", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([[], [], []], [], id="nobody"),
        pytest.param([[LEFT]], [[(0, 0)]], id="one picture"),
        pytest.param([[LEFT], [MOVED]], [[(0, 0), (1, 0)]], id="who moves a little is the same"),
        pytest.param([[LEFT], [FAR]], [[(0, 0)], [(1, 0)]], id="far away is somebody else"),
        pytest.param(
            [[LEFT, RIGHT], [RIGHT, MOVED]], [[(0, 0), (1, 1)], [(0, 1), (1, 0)]], id="the order is no matter"
        ),
        pytest.param([[LEFT], [], [MOVED]], [[(0, 0), (2, 0)]], id="one picture without a face"),
        pytest.param([[LEFT], [], [], [], [MOVED]], [[(0, 0)], [(4, 0)]], id="too many without"),
        pytest.param([[RIGHT], [LEFT], [LEFT]], [[(1, 0), (2, 0)], [(0, 0)]], id="seen more often comes first"),
        pytest.param([[LEFT], [LEFT, MOVED]], [[(0, 0), (1, 0)], [(1, 1)]], id="the nearer of two boxes"),
        pytest.param([[LEFT, MOVED], [MOVED]], [[(0, 1), (1, 0)], [(0, 0)]], id="the nearer of two people"),
    ],
)
def test_who_is_followed(pictures, expected):
    assert paths(pictures, patience=2) == expected


def test_every_box_belongs_to_one_person():
    rng = np.random.default_rng(0)
    pictures = [
        [
            tuple(int(value) for value in (*rng.integers(0, 300, 2), *rng.integers(20, 90, 2)))
            for _ in range(rng.integers(0, 9))
        ]
        for _ in range(60)
    ]
    seen = [each for path in followed(pictures) for each in path]
    every = [Sighting(picture, face) for picture, boxes in enumerate(pictures) for face in range(len(boxes))]
    assert sorted(seen, key=lambda each: (each.picture, each.face)) == every
    for path in followed(pictures):
        assert [each.picture for each in path] == sorted({each.picture for each in path}), "once in each picture"


def test_many_boxes_share_as_two_do():
    boxes = [LEFT, RIGHT, MOVED, FAR, (0, 0, 0, 0)]
    for row, known in zip(overlaps(boxes, boxes), boxes, strict=True):
        assert row == pytest.approx([overlap(known, box) for box in boxes])
