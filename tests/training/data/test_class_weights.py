"""Class weights against the paper's column."""

import numpy as np
import pytest

from fercore.evaluation.paper import find_run
from fercore.training.data.class_weights import as_array, class_weights, clipped, equal_weights

# In the project's order; FER2013's training rows, and CK+ as the paper used it.
FER2013 = (3995, 436, 4097, 7215, 4965, 4830, 3171)
CKPLUS = (45, 59, 25, 69, 593, 28, 83)


@pytest.mark.parametrize(
    ("counts", "trained_on"),
    [
        pytest.param(FER2013, ("FER2013",), id="FER2013"),
        pytest.param(CKPLUS, ("CK+",), id="CK+"),
        pytest.param(tuple(map(sum, zip(FER2013, CKPLUS, strict=True))), ("FER2013", "CK+"), id="both"),
    ],
)
def test_the_papers_weights(counts, trained_on):
    assert tuple(class_weights(counts).values()) == find_run("VGG16", trained_on).class_weights


def test_an_emotion_without_faces_has_no_weight():
    assert class_weights((2, 0, 1, 0, 0, 0, 0)) == {"Angry": 1.0, "Fear": 2.0}
    assert equal_weights((2, 0, 1, 0, 0, 0, 0)) == {"Angry": 1.0, "Fear": 1.0}
    assert class_weights((0,) * 7) == {}


def test_as_array_follows_the_order_of_emotions():
    np.testing.assert_allclose(as_array({"Disgust": 3.0}), [1, 3, 1, 1, 1, 1, 1])


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        pytest.param(None, {"Angry": 3, "Fear": 1, "Sad": 2.5}, id="no clip"),
        pytest.param(2, {"Angry": 2, "Fear": 1, "Sad": 2}, id="two are above"),
        pytest.param(2.5, {"Angry": 2.5, "Fear": 1, "Sad": 2.5}, id="one is just there"),
        pytest.param(9, {"Angry": 3, "Fear": 1, "Sad": 2.5}, id="none is above"),
    ],
)
def test_no_weight_is_above_the_clip(most, expected):
    assert clipped({"Angry": 3, "Fear": 1, "Sad": 2.5}, most) == expected
