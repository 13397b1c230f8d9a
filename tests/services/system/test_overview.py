"""What Home counts, and the next step that it names."""

import pytest

from fercore.services.system import overview
from fercore.services.system.overview import Overview
from fercore.services.training import runs as run_service
from fercore.services.training import snapshots as snapshot_service
from fercore.services.training.runs import TrainRequest
from fercore.store.datasets.summaries import DatasetSummary
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill
from tests.store.review.test_decisions import decide


def summary(name, faces, reviewed=0, unlabelled=0):
    return DatasetSummary(1, name, "folder", faces, {}, reviewed, 0, unlabelled)


@pytest.mark.parametrize(
    ("datasets", "snapshots", "runs", "step"),
    [
        pytest.param([], 0, 0, "bring", id="nothing"),
        pytest.param([("D", 0, 0, 0)], 0, 0, "bring", id="an empty dataset"),
        pytest.param([("D", 0, 0, 0)], 1, 1, "bring", id="an empty dataset of runs"),
        pytest.param([("D", 5, 0, 1)], 0, 0, "label", id="one face without an emotion"),
        pytest.param([("D", 5, 5, 1)], 1, 1, "label", id="one face without an emotion, after a run"),
        pytest.param([("D", 5, 0, 0), ("D 2", 5, 0, 1)], 1, 0, "label", id="in the second dataset"),
        pytest.param([("D", 5, 0, 0)], 0, 0, "review", id="nothing reviewed"),
        pytest.param([("D", 5, 1, 0)], 0, 0, "freeze", id="one face reviewed"),
        pytest.param([("D", 5, 0, 0), ("D 2", 5, 1, 0)], 0, 0, "freeze", id="one face of the second dataset"),
        pytest.param([("D", 5, 0, 0)], 0, 1, "review", id="no snapshot, a run"),
        pytest.param([("D", 5, 0, 0)], 1, 0, "train", id="a snapshot"),
        pytest.param([("D", 5, 5, 0)], 1, 0, "train", id="a snapshot of reviewed faces"),
        pytest.param([("D", 5, 0, 0)], 1, 1, "compare", id="a run"),
    ],
)
def test_the_next_step(datasets, snapshots, runs, step):
    assert Overview([summary(*dataset) for dataset in datasets], snapshots, runs).next_step == step


def test_the_pipeline_in_numbers():
    result = Overview([summary("D", 10, 9, 1), summary("D 2", 9, 2, 4), summary("E", 3, 0, 2)], 0, 0)
    assert (result.faces, result.reviewed, result.unlabelled) == (22, 11, 7)
    assert result.most_unlabelled.name == "D 2"
    assert result.least_reviewed.name == "D 2", "seven faces are left there, three in the one without any review"


def test_a_store_is_counted(store):
    first, *_ = fill(store, "D", [3, 5, None])
    fill(store, "D 2", [1, None, None, 2], start=50)
    decide(store, "Kim", first, emotion=3)
    result = overview.overview(store)
    assert [(dataset.name, dataset.faces, dataset.reviewed, dataset.unlabelled) for dataset in result.datasets] == [
        ("D", 3, 1, 1),
        ("D 2", 4, 0, 2),
    ]
    assert (result.snapshots, result.runs, result.next_step) == (0, 0, "label")
    snapshot_service.freeze(store, "S", ["D"])
    snapshot_service.freeze(store, "S 2", ["D 2"])
    run_service.create(store, TrainRequest("S 2", "VGG16", MODERN, "none"))
    result = overview.overview(store)
    assert (result.snapshots, result.runs) == (2, 1)
    assert overview.dataset_ids(store) == {"D": result.datasets[0].id, "D 2": result.datasets[1].id}


def test_datasets_of_alike_names_are_told_apart(store, tmp_path):
    fill(store, "D", [3])
    fill(store, "D 2", [3], start=50)
    names = [overview.identity(store, number) for number in overview.dataset_ids(store).values()]
    assert len(set(names)) == 2 and [len(name) for name in names] == [16, 16]
    assert names == [overview.identity(store, number) for number in overview.dataset_ids(store).values()]
