"""The share of right findings with its interval: none below twenty decisions."""

import pytest

from fercore.evaluation.hit_rate import rate
from fercore.evaluation.significance import wilson


@pytest.mark.parametrize(
    ("right", "wrong", "unsure", "share"),
    [(0, 0, 0, None), (19, 0, 50, None), (20, 0, 0, 1.0), (15, 5, 3, 0.75), (0, 40, 0, 0.0)],
)
def test_a_rate(right, wrong, unsure, share):
    counted = rate([True] * right + [False] * wrong + [None] * unsure)
    assert (counted.right, counted.wrong, counted.unsure, counted.share) == (right, wrong, unsure, share)
    assert counted.interval == (None if share is None else wilson(right, right + wrong))
