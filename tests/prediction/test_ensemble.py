"""The mean of several models' answers."""

import numpy as np
import pytest

from fercore.prediction import ensemble

SURE, OTHER, EVEN = [1, 0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0], [1 / 7] * 7


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([SURE], SURE, id="one model is itself"),
        pytest.param([SURE, SURE], SURE, id="two that agree"),
        pytest.param([SURE, OTHER], [0.5, 0.5, 0, 0, 0, 0, 0], id="two that do not"),
        pytest.param([SURE, SURE, OTHER, OTHER], [0.5, 0.5, 0, 0, 0, 0, 0], id="each counts the same"),
        pytest.param([SURE, EVEN], [4 / 7, *[1 / 14] * 6], id="one that knows nothing"),
    ],
)
def test_each_counts_the_same(rows, expected):
    mean = ensemble.mean([np.array([row, EVEN], np.float32) for row in rows])
    assert mean.dtype == np.float32 and mean[0] == pytest.approx(expected) and mean[1] == pytest.approx(EVEN)
    assert mean.sum(1) == pytest.approx([1, 1])
