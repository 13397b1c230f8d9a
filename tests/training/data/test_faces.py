"""Faces in memory and the watched slice."""

import numpy as np
import pytest

from fercore.errors import InputError
from fercore.training.data.faces import TrainingFaces, hold_out


def faces(count, seed=0, subjects=None):
    random = np.random.default_rng(seed)
    pixels = random.integers(0, 256, (count, 48, 48), dtype=np.uint8)
    return TrainingFaces(pixels, np.arange(count) % 7, subjects)


def keys(some):
    return {face.tobytes() for face in some.pixels}


@pytest.mark.parametrize(
    ("pixels", "labels", "message"),
    [
        pytest.param(np.zeros((2, 48, 48)), np.zeros(2, int), "came as float64", id="floats"),
        pytest.param(np.zeros((2, 64, 64), np.uint8), np.zeros(2, int), "64, 64", id="other size"),
        pytest.param(np.zeros((2, 48, 48), np.uint8), np.zeros(3, int), "labels of shape", id="lengths"),
        pytest.param(np.zeros((2, 48, 48), np.uint8), np.array([0, 7]), "run from 0 to 7", id="label 7"),
        pytest.param(np.zeros((2, 48, 48), np.uint8), np.array([-1, 0]), "run from -1 to 0", id="unlabelled"),
    ],
)
def test_faces_that_cannot_be_used(pixels, labels, message):
    with pytest.raises(InputError, match=message):
        TrainingFaces(pixels, labels)


def test_slice_takes_its_share_of_every_emotion_and_loses_nothing():
    given = faces(700)
    learned, watched = hold_out(given, 0.1, seed=3)
    assert watched.counts() == [10] * 7
    assert len(learned) == 630
    assert keys(learned) | keys(watched) == keys(given)


def test_slice_follows_its_seed():
    given = faces(140)
    same, again, other = (hold_out(given, 0.2, seed)[1] for seed in (1, 1, 2))
    np.testing.assert_array_equal(same.pixels, again.pixels)
    assert keys(same) != keys(other)


def test_exact_copies_stay_on_one_side():
    once = faces(140)
    twice = TrainingFaces(np.concatenate([once.pixels] * 2), np.concatenate([once.labels] * 2))
    learned, watched = hold_out(twice, 0.2, seed=0)
    assert len(watched) == 56
    assert not keys(learned) & keys(watched)


def test_people_stay_on_one_side_also_across_copies():
    subjects = np.arange(210) // 7  # 30 people with one face per emotion
    subjects[200:] = -1
    given = faces(210, subjects=subjects)
    given.pixels[7] = given.pixels[0]  # the second person shares a picture with the first
    learned, watched = hold_out(given, 0.3, seed=5)
    people = set(watched.subjects) - {-1}
    assert people and not people & set(learned.subjects)
    assert ({0, 1} <= set(watched.subjects)) == (0 in watched.subjects)


@pytest.mark.parametrize(
    "count", [pytest.param(0, id="none"), pytest.param(1, id="one"), pytest.param(7, id="one each")]
)
def test_too_few_faces_leave_the_slice_empty(count):
    learned, watched = hold_out(faces(count), 0.1, seed=0)
    assert (len(learned), len(watched)) == (count, 0)
