"""Orders, each against faces of which it is plain where they belong."""

import numpy as np
import pytest

from fercore.curation import sort_orders
from fercore.curation.similarity import side_by_side, vectors
from fercore.drawing.faces import dataset

NAN = np.nan


def floats(*values):
    return np.array(values, np.float64)


def test_low_values_come_first_equals_stay_and_unknown_ones_come_last():
    assert sort_orders.lowest_first(floats(2, NAN, 1, 2, NAN, 0)).tolist() == [5, 2, 0, 3, 1, 4]


def test_a_random_order_is_the_seeds():
    first, same, other = (sort_orders.shuffled(50, seed).tolist() for seed in (1, 1, 2))
    assert first == same != other
    assert sorted(first) == list(range(50))


def test_doubted_faces_come_first_then_low_scores_then_those_without():
    score = floats(9, 2, NAN, 5, 1, 5, 3)
    doubtful = np.array([False, True, False, False, True, False, False])
    assert sort_orders.least_sure_first(score, doubtful).tolist() == [4, 1, 6, 3, 5, 0, 2]


@pytest.mark.parametrize(
    ("worst", "value"),
    [("sharpness", 1.0), ("brightness", 2.0), ("brightness", 254.0), ("contrast", 0.5), ("side", 5.0)],
)
def test_the_worst_that_can_be_said_of_a_picture_decides(worst, value):
    good = {
        "sharpness": np.linspace(50, 90, 9),
        "brightness": np.linspace(100, 120, 9),
        "contrast": np.linspace(30, 40, 9),
        "side": np.full(9, NAN),
    }
    good["side"][:3] = [200, 100, 50]
    good[worst][7] = value
    assert 7 in sort_orders.poorest_first(**good)[:4]
    others = {name: values[7] > np.nanmin(np.delete(values, 7)) for name, values in good.items() if name != worst}
    assert any(others.values())


def test_the_least_probable_label_comes_first_and_what_nobody_said_last():
    probabilities = np.full((4, 7), NAN)
    probabilities[0, 3], probabilities[1, 2], probabilities[3, 1] = 0.9, 0.1, 0.5
    assert sort_orders.suspicious_first(np.array([3, 2, 0, 1]), probabilities).tolist() == [1, 3, 0, 2]
    probabilities[:] = 0.1
    assert sort_orders.suspicious_first(np.array([3, -1, 0]), probabilities[:3]).tolist() == [0, 2, 1]


def test_the_evenest_opinion_comes_first():
    sure, even = np.eye(7)[3], np.full(7, 1 / 7)
    middling = (sure + even) / 2
    probabilities = np.stack([sure, np.full(7, NAN), even, middling])
    assert sort_orders.uncertain_first(probabilities).tolist() == [2, 3, 0, 1]


@pytest.mark.parametrize("people", [6, 40])
def test_look_alikes_lie_side_by_side(people):
    """Five faces of each person: brighter, darker, moved by a pixel."""
    drawn, _ = dataset("west", people, seed=3)
    several = drawn[:: len(drawn) // people][:people].astype(np.int16)
    twins = [several, several + 20, several - 15, np.roll(several, 1, axis=1), np.roll(several, 1, axis=2)]
    pixels = np.clip(np.concatenate(twins), 0, 255).astype(np.uint8)
    who = np.tile(np.arange(people), 5)
    random = np.random.default_rng(0).permutation(len(pixels))
    order = side_by_side(vectors(pixels[random]))
    assert sorted(order.tolist()) == list(range(len(pixels)))
    laid = who[random][order]
    together = (laid[1:] == laid[:-1]).sum() / (4 * people)  # 4 of 5 steps stay with the person
    assert together > 0.8


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_and_empty_pictures_have_an_order_too(count):
    assert sorted(side_by_side(vectors(np.zeros((count, 48, 48), np.uint8))).tolist()) == list(range(count))


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_than_three_faces_stay_as_they_lay(count):
    faces = vectors(np.random.default_rng(0).integers(0, 256, (count, 48, 48), np.uint8))
    assert side_by_side(faces).tolist() == list(range(count))


def test_of_three_faces_the_odd_one_lies_at_an_end():
    first, far = dataset("west", 2, seed=3)[0][:2]
    order = side_by_side(vectors(np.stack([first, far, np.roll(first, 1, axis=1)])))
    assert order.tolist() in ([1, 0, 2], [1, 2, 0], [0, 2, 1], [2, 0, 1])


def test_vectors_know_no_brightness_and_no_contrast():
    face = dataset("west", 1, seed=3)[0][:1].astype(np.int16)
    result = vectors(np.concatenate([face, face // 2 + 60]).astype(np.uint8))
    assert result.shape == (2, 144) and result.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(result, axis=1), 1, rtol=1e-5)
    assert result[0] @ result[1] > 0.99 and abs(result.mean()) < 1e-6
    assert not vectors(np.full((1, 48, 48), 9, np.uint8)).any(), "a flat picture has no direction"
