"""A snapshot's hash depends on its content and on nothing else."""

import hashlib

import pytest

from fercore.curation.snapshots import SnapshotRow, changed, content_hash, counts, difference

A, B, C = SnapshotRow(1, "aa", 3, "train"), SnapshotRow(2, "bb", 0, "train"), SnapshotRow(3, "cc", 5, "test")


@pytest.mark.parametrize(
    ("rows", "same"),
    [
        pytest.param([B, A, C], True, id="another order"),
        pytest.param([A._replace(face_id=9), B, C], True, id="other numbers of the faces"),
        pytest.param([A._replace(label=4), B, C], False, id="another label"),
        pytest.param([A._replace(split="validation"), B, C], False, id="another split"),
        pytest.param([A._replace(pixel_hash="ab"), B, C], False, id="other pixels"),
        pytest.param([A, B], False, id="a face less"),
        pytest.param([A, A._replace(face_id=4), B, C], False, id="an exact copy more"),
        pytest.param([A._replace(weight=1.0), B, C], True, id="a weight of 1"),
        pytest.param([A._replace(weight=0.5), B, C], False, id="another weight"),
    ],
)
def test_hash(rows, same):
    assert (content_hash(rows) == content_hash([A, B, C])) is same


def test_the_hash_of_earlier_versions_stays():
    """As it was before there were weights, with and without votes."""
    rows = [A, B._replace(votes=b"\1\0\0\2\0\0\0"), C]
    lines = ["aa 3 train\n", "bb 0 train 01000002000000\n", "cc 5 test\n"]
    assert content_hash(rows) == hashlib.sha256("".join(lines).encode()).hexdigest()
    weighted = hashlib.sha256("".join(["aa 3 train weight 0.5\n", *lines[1:]]).encode()).hexdigest()
    assert content_hash([A._replace(weight=0.5), *rows[1:]]) == weighted


def test_counts_name_every_split_and_emotion():
    result = counts([A, B, C])
    assert result["train"]["Happy"] == result["train"]["Angry"] == result["test"]["Sad"] == 1
    assert result["validation"] == dict.fromkeys(result["train"], 0)


def test_difference():
    result = difference([A, B], [A._replace(label=5), C])
    assert (result.added, result.removed, result.moved_split, result.moves, result.voted) == (1, 1, 0, {(3, 5): 1}, 0)
    assert difference([A, B], [A._replace(weight=0.5), B._replace(weight=1.0)]).reweighted == 1
    assert difference([A, B], [A._replace(votes=b"\1\0\0\2\0\0\0"), B]).voted == 1


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param([A], [A], {}, id="nothing"),
        pytest.param([A], [A, B, C], {("added", None, None): [2, 3]}, id="added"),
        pytest.param([C, A], [], {("removed", None, None): [1, 3]}, id="removed"),
        pytest.param([A, B], [A._replace(label=5), B], {("moved", 3, 5): [1]}, id="moved"),
        pytest.param([A], [A._replace(votes=b"1")], {("votes", None, None): [1]}, id="other votes"),
        pytest.param([A], [A._replace(weight=2.0)], {("weight", None, None): [1]}, id="another weight"),
        pytest.param([A], [A._replace(weight=1.0)], {}, id="the same weight"),
        pytest.param([A], [A._replace(votes=b"1", label=0)], {("moved", 3, 0): [1]}, id="moved with other votes"),
        pytest.param([A], [A._replace(split="test")], {("split", None, None): [1]}, id="another split"),
        pytest.param(
            [A],
            [A._replace(split="test", label=0)],
            {("moved", 3, 0): [1], ("split", None, None): [1]},
            id="another split and label",
        ),
    ],
)
def test_faces_of_each_change(old, new, expected):
    assert changed(old, new) == expected


@pytest.mark.parametrize(
    ("new", "moved_split", "voted"),
    [
        pytest.param([A._replace(split="test"), B], 1, 0, id="another split"),
        pytest.param([A._replace(votes=b"1"), B._replace(votes=b"1", label=5)], 0, 1, id="votes of a kept label only"),
    ],
)
def test_what_else_differs(new, moved_split, voted):
    result = difference([A, B], new)
    assert (result.moved_split, result.voted, result.added, result.removed) == (moved_split, voted, 0, 0)
