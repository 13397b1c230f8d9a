"""Runs by subgroups: which there are, whose gap is tested, and over several datasets."""

import json

import pytest
from click.testing import CliRunner

from fercore.cli import cli
from fercore.errors import InputError
from fercore.evaluation.measures import MACRO_F1
from fercore.evaluation.subgroups import Fitness
from fercore.services.comparison import attribute_words, subgroups
from fercore.services.comparison.face_attributes import Attribute
from fercore.services.comparison.stored_evaluations import listed
from fercore.services.datasets import catalogue
from fercore.services.training import snapshots
from tests.conftest import fill
from tests.services.comparison.attributed import judge, of_old_men, people
from tests.services.comparison.conftest import run


def judged(store):
    """A run that misreads old men of D, and one that misreads nobody in particular; both on E without attributes."""
    people(store, "D", "train", 14, 0)
    people(store, "D", "test", 420, 100)
    fill(store, "E", [number % 7 for number in range(70)], "test", 900)
    snapshots.freeze(store, "S", ["D"])
    numbers = run(store), run(store, seed=1)
    for number, accuracy in zip(numbers, (of_old_men, lambda _: 0.7), strict=True):
        judge(store, number, "D", "test", accuracy, number)
        judge(store, number, "E", "test", lambda _: 0.7, number)
    return numbers


def by_attribute(found):
    return {each.attribute: each for each in found.attributes}


def test_groups_and_gaps_of_one_dataset(store):
    first, _ = judged(store)
    found = subgroups.of_runs(store, subgroups.places(listed(store), [first], "test", ["D"]))
    groups = by_attribute(found)
    assert set(groups) == {
        Attribute.GENDER, Attribute.AGE, Attribute.PROFESSIONAL, Attribute.QUALITY, Attribute.BRIGHTNESS,
        Attribute.SHARPNESS, Attribute.SIZE,
    }, "one dataset has no groups by dataset"  # fmt: skip
    gender = groups[Attribute.GENDER]
    assert [(row.value.word, row.by_run[0].n) for row in gender.rows] == [("female", 210), ("male", 210)]
    [gap] = gender.gaps
    assert (gap.high.word, gap.low.word) == ("female", "male") and 0.1 < gap.gap.value < 0.5
    assert gap.gap.p_value < gap.p_holm < 0.05 and gap.gap.low > 0
    assert found.tests == 7 and groups[Attribute.PROFESSIONAL].gaps[0].p_holm > 0.05
    assert [attribute_words.value(row.value) for row in groups[Attribute.AGE].rows] == ["20–29", "30–39", "40–49"]
    sizes = [attribute_words.value(row.value) for row in groups[Attribute.SIZE].rows]
    assert sizes[0].startswith("under ") and sizes[0].endswith(" px") and sizes[-1].endswith("or more")


def test_two_runs_over_all_datasets(store):
    runs = judged(store)
    found = subgroups.of_runs(store, subgroups.places(listed(store), runs, "test"), MACRO_F1)
    assert found.datasets == ("D", "E") and found.n == 490 and len(found.overall) == 2
    groups = by_attribute(found)
    assert [row.value.word for row in groups[Attribute.DATASET].rows] == ["D", "E"]
    assert groups[Attribute.GENDER].unknown == 70 and len(groups[Attribute.GENDER].gaps) == 2
    assert Attribute.POPULATION not in groups
    catalogue.set_population(store, "D", "east asian")
    catalogue.set_population(store, "E", "western")
    again = subgroups.of_runs(store, subgroups.places(listed(store), runs, "test"))
    rows = by_attribute(again)[Attribute.POPULATION].rows
    assert {row.value.word: row.by_run[0].n for row in rows} == {"western": 70, "east asian": 420}


def test_copies_in_another_dataset_are_alike(store):
    first, _ = judged(store)
    people(store, "F", "test", 70, 100)
    judge(store, first, "F", "test", lambda _: 0.7)
    found = subgroups.of_runs(store, subgroups.places(listed(store), [first], "test"))
    assert found.n == 560 and found.clusters == 490, "F shows 70 pictures of D"


def test_small_groups_are_named(store):
    first, _ = judged(store)
    people(store, "G", "test", 20, 1500)
    judge(store, first, "G", "test", lambda _: 0.7)
    found = subgroups.of_runs(store, subgroups.places(listed(store), [first], "test", ["D", "G"]))
    rows = {row.value.word: row for row in by_attribute(found)[Attribute.DATASET].rows}
    assert rows["G"].fitness == Fitness.FEW_FACES and rows["D"].fitness == Fitness.FIT
    assert by_attribute(found)[Attribute.DATASET].gaps == (None,)


@pytest.mark.parametrize(
    ("runs", "split", "datasets", "message"),
    [
        ([9], "test", (), "Run 9 was not evaluated on this split: test"),
        ([1], "validation", (), "Run 1 was not evaluated on this split: validation"),
        ([1], "test", ("D", "Nope"), "Run 1 was not evaluated on 'Nope'"),
    ],
)
def test_what_was_not_evaluated_is_said(store, runs, split, datasets, message):
    judged(store)
    with pytest.raises(InputError, match=message):
        subgroups.places(listed(store), runs, split, datasets)


def test_the_command(lite):
    first, second = judged(lite)
    said = json.loads(CliRunner().invoke(cli, ["subgroups", str(first), str(second), "--on", "D", "--json"]).stdout)
    [gender] = [each for each in said["attributes"] if each["attribute"] == "gender"]
    assert gender["largest_gap"][0]["high"] == {"attribute": "gender", "value": "female"}
    assert [group["fitness"] for group in gender["groups"]] == ["fit", "fit"]
    assert said["datasets"] == ["D"] and said["runs"] == [first, second]
    text = CliRunner().invoke(cli, ["subgroups", str(first), "--measure", "balanced-accuracy"]).stdout
    assert "balanced-accuracy on D, E (test), 490 faces" in text and "gap in points" in text
