"""What a batch holds: targets, weights, blends."""

import numpy as np
import pytest

from fercore.errors import InputError
from fercore.training.data.batches import Batches, mixed, one_hot, parts_per_step, steps_per_epoch
from fercore.training.data.faces import TrainingFaces
from fercore.training.recipes.recipe import PAPER, Augmentation

PLAIN = PAPER.model_copy(update={"augmentation": Augmentation()})
EQUAL = np.ones(7, dtype=np.float32)


def faces(count, targets=None):
    labels = np.arange(count) % 7
    pixels = np.zeros((count, 48, 48), dtype=np.uint8) + (30 * labels[:, None, None]).astype(np.uint8)
    return TrainingFaces(pixels, labels, targets=targets)


def test_hard_labels_keep_exactly_their_class_weights():
    weights = np.array([1.81, 16.55, 1.76, 1, 1.45, 1.49, 2.28], dtype=np.float32)
    for pixels, targets, given in (Batches(faces(20), weights, PLAIN, 3, (0, 1))[number] for number in range(3)):
        labels = pixels[:, 0, 0] // 30
        np.testing.assert_array_equal(targets, one_hot(labels.astype(np.int64)))
        np.testing.assert_array_equal(given, weights[labels])


@pytest.mark.parametrize(
    ("count", "steps", "size", "twice"),
    [(20, 3, 7, 1), (21, 3, 7, 0), (1, 1, 1, 0), (5, 4, 2, 3), (100, 9, 12, 8)],
)
def test_batches_of_one_size_show_every_face_and_few_twice(count, steps, size, twice):
    given = faces(count)
    given.pixels[:, 0, 0] = np.arange(count)
    batches = Batches(given, EQUAL, PLAIN, steps, (0, 1))
    shown = [batches[number][0][:, 0, 0] for number in range(len(batches))]
    assert {len(batch) for batch in shown} == {size} and all(len(set(batch)) == size for batch in shown)
    times = np.bincount(np.concatenate(shown), minlength=count)
    assert times.min() == 1 and times.max() <= 2 and (times == 2).sum() == twice


def test_soft_targets_are_learned_in_place_of_the_label():
    votes = np.full((7, 7), 0.1, dtype=np.float32) + 0.3 * np.eye(7, dtype=np.float32)
    _, targets, weights = Batches(faces(7, votes), EQUAL, PLAIN, 1, (0, 1))[0]
    np.testing.assert_allclose(np.sort(targets, axis=1)[:, -1], 0.4, rtol=1e-6)
    np.testing.assert_allclose(weights, 1, rtol=1e-6)


@pytest.mark.parametrize(
    ("votes", "message"),
    [
        pytest.param(np.ones((3, 7)), "sum to 1", id="counts in place of shares"),
        pytest.param(np.ones((2, 7)) / 7, r"expected \(3, 7\)", id="too few"),
    ],
)
def test_targets_that_cannot_be_learned(votes, message):
    with pytest.raises(InputError, match=message):
        faces(3, votes.astype(np.float32))


def test_mixup_blends_pixels_and_weighted_targets_by_the_same_share():
    given = faces(14)
    shares = one_hot(given.labels) * np.arange(1, 8, dtype=np.float32)
    pixels, blended, most = mixed(given.pixels, shares, 0.4, np.random.default_rng(5))
    expected = (blended / np.arange(1, 8)) @ (30.0 * np.arange(7))  # each emotion's gray, by its share
    np.testing.assert_allclose(pixels[:, 0, 0], expected, atol=0.5)
    assert ((blended / np.arange(1, 8)).argmax(1) == given.labels[most]).all(), "the greater part of each"
    assert pixels.dtype == np.uint8 and not np.array_equal(pixels, given.pixels)


def test_mixup_is_repeatable_and_off_in_the_paper():
    recipe = PLAIN.model_copy(update={"mixup": 0.2})
    first, same, other = (Batches(faces(14), EQUAL, recipe, 1, (0, epoch))[0] for epoch in (1, 1, 2))
    np.testing.assert_array_equal(first[0], same[0])
    assert (first[0] != other[0]).any()
    np.testing.assert_allclose(first[1].sum(axis=1), 1, rtol=1e-6)
    assert PAPER.mixup == 0


def test_batches_of_an_epoch_and_epochs_of_a_run_draw_different_warps():
    """All faces are alike, so only the warps can make two batches differ."""
    same = TrainingFaces(np.tile(np.arange(48, dtype=np.uint8) * 5, (12, 48, 1)), np.zeros(12, np.int64))
    recipe = PAPER.model_copy(update={"augmentation": Augmentation(rotation_degrees=20.0, shift=0.2)})
    drawn = {
        (seed, epoch, number): Batches(same, EQUAL, recipe, 2, (seed, epoch))[number][0].tobytes()
        for seed in (0, 1)
        for epoch in (1, 2)
        for number in (0, 1)
    }
    assert len(set(drawn.values())) == 8
    assert drawn[1, 2, 1] == Batches(same, EQUAL, recipe, 2, (1, 2))[1][0].tobytes(), "the same again"


@pytest.mark.parametrize(
    ("count", "size", "steps"), [(0, 5, 1), (1, 5, 1), (5, 5, 1), (6, 5, 2), (10, 5, 2), (11, 5, 3)]
)
def test_steps(count, size, steps):
    assert steps_per_epoch(count, size) == steps


@pytest.mark.parametrize(
    ("count", "steps", "wanted", "parts"), [(100, 4, 8, 8), (100, 20, 8, 5), (3, 4, 8, 1), (9, 1, 0, 1)]
)
def test_parts(count, steps, wanted, parts):
    assert parts_per_step(count, steps, wanted) == parts
