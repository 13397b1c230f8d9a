"""Datasets beside the release that they claim to be."""

import hashlib

import pytest

from fercore.sources import releases
from fercore.sources.releases import Release, ReleasedFace, ReleasedSplit


def face(number, split="train", label=3):
    return ReleasedFace(hashlib.sha256(str(number).encode()).hexdigest(), split, label)


TRAIN = [face(number, label=number % 7) for number in range(70)]
VALIDATION = [face(number, "validation", number % 7) for number in range(60, 90)]  # ten of them are in training
TEST = [face(number, "test", number % 7) for number in range(100, 130)]


@pytest.fixture
def release():
    """A release whose test split is known by its number of faces only."""
    made = releases.recorded("R", [*TRAIN, *VALIDATION])
    return Release("R", {**made.splits, "test": ReleasedSplit(30, {}, None)}, made.pictures)


def merged(faces, split):
    return [each._replace(split=split) for each in faces]


@pytest.mark.parametrize(
    ("faces", "is_released", "is_part", "unknown", "repeated"),
    [
        pytest.param([*TRAIN, *VALIDATION], True, False, [0, 0], 10, id="the release"),
        pytest.param([*TRAIN, *VALIDATION, *TEST], True, False, [0, 0, None], 10, id="its test split, not verified"),
        pytest.param([*TRAIN, *merged(VALIDATION, "test"), *TEST], True, False, [0, 0], 10, id="folders of two splits"),
        pytest.param(TRAIN[:50], False, True, [0], 0, id="a part"),
        pytest.param([*TRAIN, *VALIDATION, *TEST[:9]], False, False, [0, 0, None], 10, id="too few of the test split"),
        pytest.param([*TRAIN, *merged(VALIDATION[10:], "train"), *VALIDATION], False, False, [0, 0], 30,
                     id="test faces in training"),
        pytest.param([*TRAIN[:-3], face(900), face(901), face(902), *VALIDATION], False, False, [3, 0], 7,
                     id="other faces"),
        pytest.param([TRAIN[0]._replace(label=5), *TRAIN[1:], *VALIDATION], False, False, [0, 0], 10, id="a label"),
        pytest.param([*TRAIN, TRAIN[0], *VALIDATION], False, False, [0, 0], 10, id="a face twice"),
    ],
)  # fmt: skip
def test_faces_beside_a_release(release, faces, is_released, is_part, unknown, repeated):
    found = releases.check(release, faces)
    assert (found.is_released, found.is_part) == (is_released, is_part)
    assert [check.unknown for check in found.splits] == unknown and found.repeated == repeated


def test_labels_that_differ_are_counted(release):
    changed = [each._replace(label=0) for each in TRAIN[:14]] + TRAIN[14:]
    check = releases.check(release, changed).splits[0]
    assert check.emotions["Angry"] == (22, 10) and check.emotions["Happy"] == (8, 10)


def test_pictures_are_kept_by_splits():
    pictures = releases.recorded("R", [*TRAIN, *VALIDATION]).pictures
    assert releases.unpacked(releases.packed(pictures)) == pictures


def test_the_shipped_release_is_fer2013_with_a_test_split_of_which_only_the_number_is_known():
    shipped = releases.shipped("FER2013")
    assert [shipped.splits[split].faces for split in ("train", "validation", "test")] == [28709, 3589, 3589]
    assert shipped.splits["test"].digest is None and not shipped.pictures["test"]
    assert shipped.splits["train"].emotions["Fear"] == 4097 and shipped.splits["validation"].digest


@pytest.mark.parametrize(
    ("names", "claimed"),
    [
        (["FER2013"], "FER2013"),
        (["x", "/data/fer-2013 (1).zip"], "FER2013"),
        (["fer_2013"], "FER2013"),
        (["FER+"], None),
        (["KFE", "folder"], None),
        ([], None),
    ],
)
def test_a_claim_is_read_from_names(names, claimed):
    assert releases.claimed(names) == claimed


def test_faces_of_other_splits_lacking_ones_and_absent_splits_are_named(release):
    found = releases.check(release, [*TRAIN[5:], *merged(VALIDATION[10:14], "train"), face(900)])
    (train,) = found.splits
    assert (train.unknown, train.other, train.lacking) == (1, 4, 5)
    assert found.absent == ("validation", "test")
    both = releases.check(release, [*TRAIN, *merged(VALIDATION, "test"), *TEST])
    assert both.absent == () and both.splits[1].other == 0
