"""Faces that are alike share a cluster."""

import numpy as np
import pytest

from fercore.errors import InputError
from fercore.evaluation.clusters import clusters


@pytest.mark.parametrize(
    ("subjects", "pixels", "expected"),
    [
        pytest.param([None, None, None], ["a", "b", "c"], [[0], [1], [2]], id="all alone"),
        pytest.param([None, "", None], ["a", "b", "a"], [[0, 2], [1]], id="copies"),
        pytest.param(["Kim", "Lee", "Kim", None], ["a", "b", "c", "d"], [[0, 2], [1], [3]], id="people"),
        pytest.param(["Kim", "Lee", None, "Park"], ["a", "b", "a", "d"], [[0, 2], [1], [3]], id="a copy of a person's"),
        pytest.param(["Kim", "Lee", "Lee", None], ["a", "a", "c", "c"], [[0, 1, 2, 3]], id="joined by copies"),
    ],
)
def test_clusters(subjects, pixels, expected):
    numbers = clusters(subjects, pixels)
    assert sorted(np.flatnonzero(numbers == number).tolist() for number in set(numbers)) == expected
    assert set(numbers) == set(range(len(expected)))


def test_each_face_has_both():
    with pytest.raises(InputError, match="1 subjects and 2 faces"):
        clusters(["Kim"], ["a", "b"])
