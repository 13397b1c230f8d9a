"""Which runs are averaged, which count in the paper's table, and which is the best."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fercore.evaluation.measures import Measured
from fercore.evaluation.paper import TABLE_III
from fercore.services.comparison import table as comparison_table
from fercore.services.comparison.figures import Figures
from fercore.services.comparison.results import TableChoice, rows_of
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.comparison.table import alike, is_papers, not_the_papers, paper_table
from fercore.services.comparison.training_key import TrainingKey, recipe_hash
from fercore.training.recipes.recipe import MODERN, PAPER

MODERN_HASH, PAPER_HASH = (recipe_hash(recipe.model_dump(mode="json")) for recipe in (MODERN, PAPER))
SAME = TrainingKey("MobileNetV2", "a" * 64, MODERN_HASH, "none", 6)
ALL = {name: 9 for name in ("Angry", "Disgust", "Fear", "Happy", "Neutral", "Sad", "Surprise")}


def evaluated(run, accuracy, training=SAME, dataset="CK+", split="test", **more):
    confusion = [[0] * 7 for _ in range(7)]
    values = {
        "id": run,
        "recipe": "modern",
        "seed": run,
        "epochs_done": training.epochs,
        "snapshot": "s",
        "trained_on": ("CK+",),
        "learned": ALL,
        "dataset_id": 1,
        "n": 100,
        "confusion": confusion,
        "labels_hash": "now",
        "recounts": None,
        "created_at": datetime(2026, 1, run % 27 + 1, tzinfo=UTC),
    }
    return EvaluationView(
        run=run, training=training, dataset=dataset, split=split, accuracy=accuracy, **{**values, **more}
    )


def table(views, split, stale=frozenset()):
    """The rows of the results from accuracies alone."""
    here = [replace(view, id=number) for number, view in enumerate(views) if view.split == split]
    stale = {view.id for view in here if view.run in stale}
    known = {view.id: Figures({"accuracy": Measured(view.accuracy, view.n, 0.0, 1.0)}, None, 0) for view in here}
    return rows_of(here, known, TableChoice(split), frozenset(stale))


def means(row):
    return {name: (cell.value, cell.n) for name, cell in row.cells.items()}


def other(**change):
    return TrainingKey(**{**{name: getattr(SAME, name) for name in SAME.__dataclass_fields__}, **change})


@pytest.mark.parametrize(
    ("second", "rows"),
    [
        pytest.param(SAME, 1, id="only the seed differs"),
        pytest.param(other(backbone="VGG16"), 2, id="backbone"),
        pytest.param(other(snapshot_hash="b" * 64), 2, id="snapshot, by content"),
        pytest.param(other(recipe_hash=PAPER_HASH), 2, id="recipe, by content"),
        pytest.param(other(weights="imagenet"), 2, id="starting weights"),
        pytest.param(other(weights="sha256:1"), 2, id="a parent's weights"),
        pytest.param(other(epochs=2), 2, id="requested epochs"),
    ],
)
def test_a_row_is_one_training_but_for_its_seed(second, rows):
    result = table([evaluated(1, 0.25), evaluated(2, 0.75, second)], "test")
    assert len(result) == rows
    assert [row.cells["CK+"].value for row in result] == ([0.5] if rows == 1 else [0.25, 0.75])


def test_a_cell_has_its_runs_mean_and_spread():
    result = [
        evaluated(1, 0.2),
        evaluated(2, 0.4, epochs_done=3),
        evaluated(1, 0.9, dataset="KFE"),
        evaluated(3, 0.99, split="validation"),
    ]
    [row] = table(result, "test")
    assert (row.runs, row.seeds, row.epochs_done) == ((1, 2), (1, 2), (3, 6))
    assert (row.cells["CK+"].value, row.cells["CK+"].spread) == (pytest.approx(0.3), pytest.approx(0.1414, abs=1e-4))
    assert (row.cells["KFE"].value, row.cells["KFE"].spread) == (0.9, None)
    assert set(row.cells) == {"CK+", "KFE"}
    assert [item.runs for item in table(result, "validation")] == [(3,)]


def test_evaluations_with_other_labels_are_left_out_of_a_mean():
    result = [evaluated(1, 0.2, labels_hash="old"), evaluated(2, 0.4), evaluated(3, 0.6)]
    [row] = table(result, "test", stale={1})
    assert (row.cells["CK+"].value, row.cells["CK+"].left_out) == (0.5, 1)


@pytest.mark.parametrize(
    ("labels", "stale", "expected"),
    [
        pytest.param(["a", "a", "b"], {1, 2}, [3], id="the labels of now"),
        pytest.param(["a", "a", "b"], {1, 2, 3}, [1, 2], id="none of now: those of most"),
        pytest.param(["a", "a", "a"], set(), [1, 2, 3], id="all alike"),
    ],
)
def test_alike(labels, stale, expected):
    part = [evaluated(number, 0.5, labels_hash=item) for number, item in enumerate(labels, start=1)]
    assert [item.run for item in alike(part, stale)] == expected


def test_a_table_of_unequal_rows_cell_by_cell():
    vgg = other(backbone="VGG16", snapshot_hash="b" * 64)
    kfe = {"snapshot": "s 2", "trained_on": ("KFE", "CK+")}
    result = [
        evaluated(5, 0.3, vgg, dataset="D 2", n=7, **kfe),
        evaluated(1, 0.1, seed=4, dataset="D", n=5),
        evaluated(2, 0.5, seed=3, dataset="D", n=5, epochs_done=None),
        evaluated(1, 0.2, seed=4, dataset="D 2", n=7),
        evaluated(5, 0.4, vgg, dataset="D", n=5, **kfe),
        evaluated(2, 0.9, seed=3, dataset="D", split="validation"),
        evaluated(6, 0.8, vgg, dataset="D", split="train", **kfe),
    ]
    first, second = table(result, "test")
    assert (first.training, first.snapshot, first.trained_on) == (vgg, "s 2", ("KFE", "CK+"))
    assert (first.runs, first.seeds, first.epochs_done) == ((5,), (5,), (6,))
    assert means(first) == {"D 2": (0.3, 7), "D": (0.4, 5)}
    assert (second.training, second.snapshot, second.trained_on) == (SAME, "s", ("CK+",))
    assert (second.runs, second.seeds, second.epochs_done) == ((1, 2), (4, 3), (6,))
    assert means(second) == {"D": (pytest.approx(0.3), 5), "D 2": (0.2, 7)}
    assert (first.recipe, second.recipe) == ("modern", "modern"), "one content needs no mark"


def test_one_name_with_two_contents_is_told_apart():
    first, second = table([evaluated(1, 0.1), evaluated(2, 0.2, other(recipe_hash="c" * 64))], "test")
    assert (first.recipe, second.recipe) == (f"modern · {MODERN_HASH[:6]}", "modern · cccccc")


PAPERS = TrainingKey("VGG16", "p" * 64, PAPER_HASH, "imagenet", PAPER.epochs)
FER = {"dataset": "FER2013", "split": "validation", "trained_on": ("FER2013",), "recipe": "paper"}


@pytest.mark.parametrize(
    ("training", "counts"),
    [
        pytest.param(PAPERS, True, id="just as the paper"),
        pytest.param(TrainingKey("VGG16", "p", PAPER_HASH, "none", PAPER.epochs), False, id="random weights"),
        pytest.param(TrainingKey("VGG16", "p", PAPER_HASH, "imagenet", 1), False, id="one epoch"),
        pytest.param(TrainingKey("VGG16", "p", MODERN_HASH, "imagenet", PAPER.epochs), False, id="another recipe"),
    ],
)
def test_only_the_papers_own_training_counts_in_its_table(training, counts):
    evaluation = evaluated(7, 0.5, training, **FER)
    assert is_papers(training) == counts
    here = [row.here for row in paper_table([evaluation]) if row.backbone == "VGG16" and row.trained_on == ("FER2013",)]
    assert here == [(0.5, None, None) if counts else (None, None, None)]
    assert [each.run for each in not_the_papers([evaluation])] == ([] if counts else [7])


def test_the_papers_numbers_stand_at_their_places():
    rows = paper_table([])
    assert len(rows) == len(TABLE_III) == 25
    kfe = next(row for row in rows if row.backbone == "VGG16" and row.trained_on == ("KFE",))
    assert kfe.printed == (0.371, 0.305, 0.286)
    mixed = next(row for row in rows if row.backbone == "Xception" and len(row.trained_on) == 3)
    assert mixed.printed == (0.619, 0.328, 0.315)


def test_the_papers_table_averages_no_two_snapshots():
    relabelled = TrainingKey("VGG16", "q" * 64, PAPER_HASH, "imagenet", PAPER.epochs)
    result = [evaluated(1, 0.2, PAPERS, **FER), evaluated(2, 0.4, PAPERS, **FER), evaluated(3, 0.8, relabelled, **FER)]
    here = [row.here[0] for row in paper_table(result) if row.backbone == "VGG16" and row.trained_on == ("FER2013",)]
    assert here == [0.8]


def test_a_row_of_the_file_has_all_that_tells_runs_apart():
    row = comparison_table.row(evaluated(3, 0.5))
    assert set(row) == set(comparison_table.COLUMNS)
    assert (row["weights"], row["epochs"], row["recipe_hash"]) == ("none", 6, MODERN_HASH)
    assert row["trained_on"] == ["CK+"] and row["is_training_accuracy"] is False


@pytest.mark.parametrize(
    ("dataset", "split", "expected"),
    [("CK+", "train", True), ("CK+", "test", False), ("KFE", "train", False)],
)
def test_training_accuracy(dataset, split, expected):
    assert evaluated(1, 0.5, dataset=dataset, split=split).is_training_accuracy == expected


def test_what_a_figure_must_be_read_with():
    confusion = [[0] * 7 for _ in range(7)]
    confusion[3][3], confusion[3][0], confusion[4][3] = 20, 20, 60
    evaluation = evaluated(1, 0.2, n=100, confusion=confusion, learned=ALL | {"Neutral": 0})
    assert evaluation.baseline == ("Neutral", 0.6)
    assert evaluation.unlearned == ["Neutral"]
    assert evaluation.accuracy_of_learned == (0.5, 40)
