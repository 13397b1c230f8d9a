"""Weights from votes and suspicion."""

import pytest

from fercore.curation.face_weights import by_suspicion, by_votes


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        pytest.param([3, 3, 4], 0.6667, id="two of three"),
        pytest.param([3, None], 0.5, id="one rejects"),
        pytest.param([4, 5], 0, id="the label is nobody's"),
        pytest.param([3, 3], None, id="all agree"),
        pytest.param([4], None, id="one vote"),
        pytest.param([], None, id="none"),
    ],
)
def test_votes(votes, expected):
    assert by_votes(3, votes) == expected


def test_suspicion():
    assert [by_suspicion(score) for score in (0, 0.25, 1)] == [1, 0.75, 0]
