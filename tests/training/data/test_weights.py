"""Weights of faces in batches: beside class weights, soft targets, blends and parts of batches."""

import numpy as np
import pytest

from fercore.errors import InputError
from fercore.training.data.batches import Batches
from fercore.training.data.faces import TrainingFaces, hold_out
from fercore.training.recipes.recipe import PAPER, Augmentation

PLAIN = PAPER.model_copy(update={"augmentation": Augmentation(), "face_weights": True})
CLASSES = np.array([1, 2, 3, 4, 5, 6, 7], np.float32)


def faces(weights, targets=None):
    count = len(weights)
    pixels = np.zeros((count, 48, 48), np.uint8) + np.arange(count, dtype=np.uint8)[:, None, None]
    return TrainingFaces(pixels, np.arange(count) % 7, targets=targets, weights=np.array(weights, float))


def batch(given, recipe=PLAIN, classes=CLASSES, steps=1):
    return Batches(given, classes, recipe, steps, (0, 1))


def test_a_face_counts_its_weight_times_that_of_its_class():
    given = faces([0.5, 1, 2, 4, 0.25, 1, 1, 3]).normalised()
    pixels, targets, weights = batch(given)[0]
    rows = pixels[:, 0, 0].astype(int)
    np.testing.assert_allclose(weights, given.weights[rows] * CLASSES[rows % 7], rtol=1e-6)
    np.testing.assert_allclose(targets, np.eye(7)[rows % 7], rtol=1e-6)
    assert given.weights.mean() == pytest.approx(1)


@pytest.mark.parametrize("weight", [0.3, 1.0, 7.0])
def test_equal_weights_are_as_none(weight):
    given = faces([weight] * 9).normalised()
    assert given.weights is None
    for mine, theirs in zip(batch(given)[0], batch(faces([1] * 9).normalised())[0], strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_soft_targets_keep_their_shares():
    shares = np.full((3, 7), 0.1, np.float32)
    shares[:, 2] = 0.4
    pixels, targets, weights = batch(faces([1, 2, 3], shares), classes=np.ones(7, np.float32))[0]
    np.testing.assert_allclose(targets, shares, rtol=1e-6)
    np.testing.assert_allclose(weights, [1, 2, 3][0] + pixels[:, 0, 0], rtol=1e-6)


def test_a_blend_counts_and_shows_each_face_by_its_weight():
    recipe = PLAIN.model_copy(update={"mixup": 0.4})
    given = faces([0.1, 5.0])
    whole = batch(given, classes=np.ones(7, np.float32))
    mixed = batch(given, recipe, np.ones(7, np.float32))
    share = np.random.default_rng((0, 1, 1)).beta(0.4, 0.4)
    _, _, alone = whole[0]
    _, targets, weights = mixed[0]
    assert weights.sum() == pytest.approx(alone.sum(), rel=1e-5), "what is blended is neither lost nor doubled"
    if not np.allclose(weights, alone):
        np.testing.assert_allclose(
            sorted(weights), sorted([share * a + (1 - share) * b for a, b in (alone, alone[::-1])]), rtol=1e-5
        )
    assert targets.sum(axis=1) == pytest.approx(1)
    heavy = targets[:, 1]
    assert (heavy >= 0.5).sum() >= 1, "the heavier face has the greater part of the target"


def test_parts_of_a_batch_add_up_to_the_whole():
    given = faces(np.linspace(0.5, 1.5, 12))
    whole = batch(given)[0][2]
    parts = np.concatenate([batch(given, steps=3)[number][2] for number in range(3)])
    np.testing.assert_allclose(np.sort(parts), np.sort(whole), rtol=1e-6)


def test_faces_of_no_weight_are_left_out_of_learning_and_validation():
    given = faces([0, 1, 0, 2, 1, 1, 1, 1, 1, 1])
    kept = given.without_weightless()
    assert kept.pixels[:, 0, 0].tolist() == [1, 3, 4, 5, 6, 7, 8, 9]
    learned, held = hold_out(kept, 0.3, 0)
    assert len(learned) + len(held) == 8 and (learned.weights > 0).all()
    with pytest.raises(InputError, match="all have the weight 0"):
        faces([0, 0]).without_weightless()


@pytest.mark.parametrize("weights", [[1, -1], [1, np.nan], [np.inf, 1]])
def test_weights_that_are_none(weights):
    with pytest.raises(InputError, match="from 0 on"):
        faces(weights)


def test_as_many_weights_as_faces():
    with pytest.raises(InputError, match=r"expected \(2,\)"):
        TrainingFaces(np.zeros((2, 48, 48), np.uint8), np.zeros(2, np.int64), weights=np.ones(3))
