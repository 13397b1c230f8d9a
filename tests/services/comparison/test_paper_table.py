"""The paper's table cell by cell: each figure from runs of that backbone, data, dataset and split alone."""

import pytest

from fercore.evaluation.paper import TABLE_III
from fercore.services.comparison.table import has_papers_recipe, not_the_papers, paper_table
from fercore.services.comparison.training_key import TrainingKey
from fercore.training.recipes.recipe import PAPER
from tests.services.comparison.test_table import MODERN_HASH, PAPER_HASH, evaluated

NONE = (None, None, None)


def training(backbone="VGG16", snapshot="p", recipe=PAPER_HASH, weights="imagenet"):
    return TrainingKey(backbone, snapshot * 64, recipe, weights, PAPER.epochs)


def said(run, accuracy, dataset, split, on=("KFE",), made=None, **more):
    """An evaluation of a training just as the paper's."""
    made = made or training()
    return evaluated(run, accuracy, made, dataset=dataset, split=split, trained_on=on, recipe="paper", **more)


def cells(actual, stale=()):
    """The rows that hold a figure of this installation."""
    rows = paper_table(actual, frozenset(stale))
    return {(row.backbone, row.trained_on): row.here for row in rows if row.here != NONE}


def test_each_dataset_has_its_own_column_and_split():
    result = [
        said(1, 0.11, "FER2013", "validation"),
        said(1, 0.12, "FER2013", "test"),
        said(1, 0.13, "FER2013", "train"),
        said(1, 0.21, "KFE", "test"),
        said(1, 0.22, "KFE", "validation"),
        said(1, 0.31, "JAFFE", "test"),
        said(1, 0.32, "JAFFE", "train"),
        said(1, 0.41, "KFE 2", "test"),
        said(1, 0.42, "CK+", "test"),
    ]
    assert cells(result) == {("VGG16", ("KFE",)): (0.11, 0.21, 0.31)}


@pytest.mark.parametrize(
    ("place", "column"),
    [(("FER2013", "validation"), 0), (("KFE", "test"), 1), (("JAFFE", "test"), 2)],
)
def test_a_figure_alone_leaves_the_others_empty(place, column):
    here = [None, None, None]
    here[column] = 0.5
    assert cells([said(1, 0.5, *place)]) == {("VGG16", ("KFE",)): tuple(here)}


@pytest.mark.parametrize("printed", TABLE_III, ids=lambda item: item.number)
def test_a_run_counts_in_the_row_of_its_backbone_and_data_alone(printed):
    entry = said(1, 0.5, "KFE", "test", on=printed.trained_on[::-1], made=training(printed.backbone))
    assert cells([entry]) == {(printed.backbone, printed.trained_on): (None, 0.5, None)}


@pytest.mark.parametrize(
    ("actual", "stale", "expected"),
    [
        pytest.param([(1, "p", "now", 0.2), (2, "p", "now", 0.4)], (), 0.3, id="seeds are averaged"),
        pytest.param([(1, "p", "now", 0.2), (2, "q", "now", 0.4)], (), 0.4, id="the newest run's snapshot"),
        pytest.param([(3, "p", "now", 0.2), (2, "q", "now", 0.4)], (), 0.2, id="newest by run, not by place"),
        pytest.param([(1, "p", "old", 0.2), (2, "p", "now", 0.4)], (1,), 0.4, id="the labels of now"),
        pytest.param([(1, "p", "now", 0.2), (2, "p", "old", 0.4)], (2,), 0.2, id="though another run is newer"),
    ],
)
def test_what_a_figure_is_the_mean_of(actual, stale, expected):
    those = [
        said(run, accuracy, "KFE", "test", made=training(snapshot=snapshot), labels_hash=labels)
        for run, snapshot, labels, accuracy in actual
    ]
    assert cells(those, stale)["VGG16", ("KFE",)] == (None, pytest.approx(expected), None)


def test_runs_that_only_bear_the_recipes_name_are_told_once_each():
    changed, random, true = training(recipe=MODERN_HASH), training(weights="none"), training()
    result = [
        said(1, 0.5, "KFE", "test", made=changed),
        said(1, 0.6, "JAFFE", "test", made=changed),
        said(2, 0.5, "KFE", "test", made=random),
        said(3, 0.5, "KFE", "test", made=true),
        evaluated(4, 0.5, changed, recipe="modern"),
    ]
    assert [not_the_paper.run for not_the_paper in not_the_papers(result)] == [1, 2]
    assert [has_papers_recipe(item) for item in (changed, random, true)] == [False, True, True]
