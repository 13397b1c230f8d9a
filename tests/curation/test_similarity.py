"""The direction along which faces are halved."""

import numpy as np
import pytest

from fercore.curation import similarity


@pytest.mark.parametrize(
    ("spread", "along"),
    [
        pytest.param((9, 1, 1), (1, 0, 0), id="one direction alone"),
        pytest.param((5, 6, 2), (0, 1, 0), id="two that are nearly as long"),
        pytest.param((0, 0, 3), (0, 0, 1), id="all others nought"),
    ],
)
def test_the_main_direction_is_the_first_principal_axis(spread, along):
    faces = np.random.default_rng(7).normal(size=(400, 3)).astype(np.float32) * np.array(spread, np.float32) + 4
    result = similarity._main_direction(faces)
    first = np.linalg.svd(faces - faces.mean(axis=0))[2][0]
    assert np.linalg.norm(result) == pytest.approx(1, abs=1e-5)
    assert abs(result @ first) > 0.99 and abs(result @ np.array(along)) > 0.95


def test_the_search_begins_at_the_face_that_is_farthest_from_the_mean():
    """Its values add up to nothing; the face whose values add up to most lies across the main direction."""
    faces = np.array([[3, -3, 0], [-3, 3, 0], [0, 0, 1], [0, 0, -1]], np.float32)
    assert np.abs(similarity._main_direction(faces)) == pytest.approx([0.5**0.5, 0.5**0.5, 0])


def test_faces_that_are_all_the_same_have_no_direction():
    assert not similarity._main_direction(np.full((5, 3), 2, np.float32)).any()
