"""Splits: by words in names, and by person."""

from collections import Counter
from pathlib import Path

import pytest

from fercore.sources.record import Options
from fercore.sources.splits import by_person, by_rank, closed_set, named_in, split_names

PEOPLE = [f"S{number:03d}" for number in range(1000)]


@pytest.mark.parametrize(
    ("names", "split"),
    [
        (["1.Training", "라벨링데이터"], "train"),
        (["2.Validation"], "validation"),
        (["Training", "[라벨]EMOIMG_기쁨_VALID.zip"], "validation"),
        (["img_emotion_training_data(기쁨)"], "train"),
        (["img_emotion_sample_data(기쁨)"], None),
        (["EMOIMG_기쁨_TRAIN_01"], "train"),
        (["constrained", "contest", "evaluation"], None),
        (["train", "test"], "test"),
        ([], None),
    ],
)
def test_the_last_word_for_a_split_counts(names, split):
    assert named_in(names) == split


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("x/1.Training", ("1.Training",)),
        ("x/test", ("test",)),
        ("x/my_test_folder", ()),
        ("x/train.zip", ("train",)),
        ("x/2.Validation.tar.gz", ("2.Validation",)),
    ],
)
def test_the_name_of_what_is_read_counts_only_where_it_is_a_split(path, names):
    assert split_names(Path(path)) == names


def test_people_of_an_open_set_never_move():
    first = {person: by_person(person, 0) for person in PEOPLE}
    counts = Counter(first.values())
    assert 760 < counts["train"] < 840
    assert all(70 < counts[split] < 130 for split in ("validation", "test"))
    assert first != {person: by_person(person, 1) for person in PEOPLE}
    known = {"S000": "train", "S001": "test", "S002": "validation", "S003": "train", "S004": "validation"}
    assert {person: first[person] for person in known} == known, "written down: a person must never move"


@pytest.mark.parametrize(
    ("people", "counts"),
    [
        (0, (0, 0, 0)),
        (1, (1, 0, 0)),
        (2, (1, 0, 1)),
        (3, (1, 1, 1)),
        (10, (8, 1, 1)),
        (123, (99, 12, 12)),
        (1000, (800, 100, 100)),
    ],
)
def test_a_closed_set_leaves_no_split_empty(people, counts):
    splits = by_rank(PEOPLE[:people], 5)
    result = Counter(splits.values())
    assert (result["train"], result["validation"], result["test"]) == counts
    assert splits == by_rank(PEOPLE[:people][::-1] * 2, 5), "neither order nor repetition matters"


@pytest.mark.parametrize(
    ("choice", "above", "split"),
    [
        (None, ["test"], "validation"),
        ("test", ["train"], "test"),
        ("source", ["train"], "train"),
        ("source", ["anything"], "validation"),
        ("subject", ["train"], by_rank(PEOPLE[:9], 0)["S004"]),
    ],
)
def test_choices_for_a_closed_set(choice, above, split):
    assert closed_set(Options(split=choice), PEOPLE[:9], "validation")("S004", above) == split
