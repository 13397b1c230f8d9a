"""Visual words: a face's description is its own, and neither brightness nor contrast changes much of it."""

import numpy as np
import pytest

from fercore.curation import visual_words
from fercore.drawing.faces import dataset as drawn


@pytest.fixture(scope="module")
def faces():
    return drawn("west", 30, 0)[0]


@pytest.fixture(scope="module")
def words(faces):
    return visual_words.learned(faces)


def test_a_face_is_described_alike_alone_and_among_others(faces, words):
    described = words.described(faces)
    assert described.shape == (210, 1600) and described.dtype == np.float32 and np.isfinite(described).all()
    for place in (0, 63, 64, 209):  # around the faces that are described at once
        np.testing.assert_allclose(words.described(faces[place : place + 1])[0], described[place], atol=1e-4)


def test_the_same_seed_learns_the_same_words(faces, words):
    np.testing.assert_array_equal(visual_words.learned(faces).filters, words.filters)
    assert (visual_words.learned(faces, seed=1).filters != words.filters).any()


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(lambda face: face // 2 + 100, id="half of the contrast"),
        pytest.param(lambda face: np.clip(face.astype(int) - 40, 0, 255).astype(np.uint8), id="darker"),
    ],
)
def test_light_changes_less_than_another_face_does(faces, words, changed):
    described, other = words.described(faces), words.described(changed(faces))
    same = np.linalg.norm(described - other, axis=1)
    another = np.linalg.norm(described - np.roll(described, 1, axis=0), axis=1)
    assert np.median(same) < 0.6 * np.median(another)


@pytest.mark.parametrize("count", [1, 2, 8])
@pytest.mark.parametrize("gray", [0, 128, 255])
def test_few_and_blank_faces_have_words(count, gray):
    blank = np.full((count, 48, 48), gray, np.uint8)
    described = visual_words.learned(blank).described(blank)
    assert np.isfinite(described).all() and np.ptp(described, axis=0).max() == 0


def test_few_faces_are_no_opposites_of_each_other(faces):
    """A mean taken from eight faces would give each a negative likeness to the others."""
    few = faces[::30][:8]
    described = visual_words.learned(few).described(few)
    assert (described @ described.T)[~np.eye(len(few), dtype=bool)].mean() > 0
