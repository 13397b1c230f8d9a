"""How long is left for many trainings."""

import pytest

from fercore.services.pace import seconds_until_all_done


@pytest.mark.parametrize(
    ("each", "beside", "expected"),
    [
        pytest.param([], 1, 0, id="nothing left"),
        pytest.param([5, 7, 1], 1, 13, id="one after the other"),
        pytest.param([5, 5, 5, 5], 2, 10, id="two at a time"),
        pytest.param([9, 1, 1], 2, 9, id="no shorter than the longest"),
        pytest.param([1, 1, 9], 2, 10, id="a long one that starts late"),
        pytest.param([4], 8, 4, id="more devices than trainings"),
    ],
)
def test_when_the_last_one_ends(each, beside, expected):
    assert seconds_until_all_done(each, beside) == expected
