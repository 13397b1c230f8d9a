"""Points inside of drawn lines."""

import numpy as np
import pytest

from fercore.curation.polygons import inside

SQUARE = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]
BOW = [(-1, -1), (1, 1), (1, -1), (-1, 1)]  # crosses itself in the middle
HOOK = [(0, 0), (4, 0), (4, 4), (3, 4), (3, 1), (0, 1)]


@pytest.mark.parametrize(
    ("polygon", "point", "expected"),
    [
        pytest.param(SQUARE, (0, 0), True, id="middle"),
        pytest.param(SQUARE, (0.6, 0), False, id="beside"),
        pytest.param(SQUARE, (0, 0.6), False, id="above"),
        pytest.param(SQUARE[::-1], (0.4, -0.4), True, id="drawn the other way round"),
        pytest.param(BOW, (0.5, 0), True, id="one half of a bow"),
        pytest.param(BOW, (0, 0.5), False, id="between its halves"),
        pytest.param(HOOK, (3.5, 3), True, id="end of a hook"),
        pytest.param(HOOK, (1, 3), False, id="bay of a hook"),
        pytest.param([(0, 0), (1, 1), (0.5, 0.5)], (0.5, 0.5), False, id="a line has no inside"),
        pytest.param([(0, 0), (0, 0), (0, 0)], (0, 0), False, id="nor has a point"),
    ],
)
def test_even_and_odd(polygon, point, expected):
    assert inside(np.array([point], np.float32), np.array(polygon)).tolist() == [expected]


@pytest.mark.parametrize("corners", [3, 40, 300])
@pytest.mark.parametrize("seed", range(3))
def test_many_points_are_as_one_by_one(corners, seed):
    random = np.random.default_rng(seed)
    points = random.uniform(-1, 1, (3000, 2)).astype(np.float32)
    angles = np.sort(random.uniform(0, 2 * np.pi, corners))
    polygon = np.column_stack([np.cos(angles), np.sin(angles)]) * random.uniform(0.2, 1, (corners, 1))
    x, y = points.astype(np.float64).T
    odd = np.zeros(len(points), bool)
    for (ax, ay), (bx, by) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        odd ^= ((ay > y) != (by > y)) & (x < ax + (y - ay) * (bx - ax) / (by - ay))
    assert 0 < odd.sum() < len(points)
    np.testing.assert_array_equal(inside(points, polygon), odd)
