"""The hash of the labels that an evaluation was counted with."""

import hashlib

import pytest

from fercore.evaluation.labels import labels_hash

FACES = [("aa", 3), ("bb", 0)]


def test_it_is_that_of_the_sorted_lines():
    assert labels_hash(reversed(FACES)) == labels_hash(FACES) == hashlib.sha256(b"aa 3\nbb 0\n").hexdigest()
    assert labels_hash([]) == hashlib.sha256().hexdigest()


@pytest.mark.parametrize(
    "other",
    [
        pytest.param([("aa", 4), ("bb", 0)], id="another label"),
        pytest.param([("ab", 3), ("bb", 0)], id="another face"),
        pytest.param(FACES[:1], id="a face less"),
        pytest.param([*FACES, ("aa", 3)], id="a copy more"),
    ],
)
def test_other_labels_have_another_hash(other):
    assert labels_hash(other) != labels_hash(FACES)
