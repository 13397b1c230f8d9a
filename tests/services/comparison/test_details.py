"""Evaluations as files, JSON and links name them; the best run among several."""

import csv

import pytest

from fercore.services.comparison import best_run, confusion_cell, stored_evaluations, training_key
from fercore.services.comparison import table as comparison_table
from fercore.services.comparison.evaluation_details import path_of, predictions
from fercore.store.tables import Run
from tests.services.comparison.test_table import ALL, SAME, evaluated, other


def matrix(**cells):
    """7×7 counts by label_prediction."""
    names = list(ALL)
    counts = [[0] * 7 for _ in range(7)]
    for cell, count in cells.items():
        label, guess = cell.split("_")
        counts[names.index(label)][names.index(guess)] = count
    return counts


@pytest.mark.parametrize(
    ("identity", "photo", "path"),
    [
        pytest.param("happy/1.png#" + "a" * 64, None, "happy/1.png", id="a file"),
        pytest.param("row 17", None, "row 17", id="a row"),
        pytest.param("a/b.jpg#" + "a" * 16 + "#1,2,3,4", "a/b.jpg", "a/b.jpg", id="a photo"),
        pytest.param("a#b.png#" + "a" * 64, None, "a#b.png", id="a sign in its name"),
        pytest.param("#1", None, "#1", id="a number alone"),
        pytest.param("x#1", "", "x", id="a photo without a name"),
    ],
)
def test_where_a_face_came_from(identity, photo, path):
    assert path_of(identity, photo) == path


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("7.3.5", (7, 3, 5)),
        ("7.0.6", (7, 0, 6)),
        ("7.3.7", None),
        ("7.7.3", None),
        ("7.3", None),
        ("7.3.5.1", None),
        ("7.-1.5", None),
        ("7..5", None),
        ("٣.3.5", None),
        ("9" * 18 + ".0.0", (int("9" * 18), 0, 0)),
        ("9" * 19 + ".0.0", None),
        ("", None),
    ],
)
def test_the_cell_of_a_link(name, parts):
    assert confusion_cell.parsed_cell(name) == parts


@pytest.mark.parametrize(
    ("weights", "record", "start"),
    [
        ("none", None, "none"),
        ("imagenet", {"weights": {"sha256": "ab"}}, "imagenet"),
        ("/w/old.h5", None, "/w/old.h5"),
        ("/w/old.h5", {}, "/w/old.h5"),
        ("/w/old.h5", {"weights": None}, "/w/old.h5"),
        ("/w/old.h5", {"weights": {"sha256": "ab"}}, "sha256:ab"),
    ],
)
def test_what_a_run_started_from(weights, record, start):
    assert training_key.weights_of(Run(weights=weights, record=record)) == start


@pytest.mark.parametrize(
    ("split", "dataset", "learned"),
    [("train", "CK+", True), ("train", "KFE", False), ("test", "CK+", False), ("validation", "CK+", False)],
)
def test_a_training_accuracy(split, dataset, learned):
    assert evaluated(1, 0.5, split=split, dataset=dataset).is_training_accuracy == learned


@pytest.mark.parametrize(
    ("learned", "unlearned", "rest"),
    [
        pytest.param(ALL, [], (0.8, 10), id="all of them"),
        pytest.param(ALL | {"Sad": 0}, ["Sad"], (6 / 7, 7), id="one with no face"),
        pytest.param({"Happy": 9}, ["Sad"], (6 / 7, 7), id="one that is not counted at all"),
        pytest.param(ALL | {"Fear": 0}, [], (0.8, 10), id="one that nobody shows"),
        pytest.param({}, ["Happy", "Sad"], (0.0, 0), id="none"),
    ],
)
def test_emotions_that_no_training_face_showed(learned, unlearned, rest):
    evaluation = evaluated(1, 0.8, learned=learned, confusion=matrix(Happy_Happy=6, Happy_Sad=1, Sad_Sad=2, Sad_Fear=1))
    assert evaluation.unlearned == unlearned and evaluation.accuracy_of_learned == pytest.approx(rest)
    assert evaluation.baseline == ("Happy", 0.7)


def test_an_evaluation_as_json():
    evaluation = evaluated(4, 0.75, dataset="D 2", n=4, recounts=2, confusion=matrix(Happy_Happy=3, Happy_Sad=1))
    printed = stored_evaluations.as_json(evaluation)
    emotions = printed.pop("per_emotion")
    assert printed == {
        **{"evaluation": 4, "run": 4, "dataset": "D 2", "split": "test", "n": 4, "accuracy": 0.75},
        "emotions": list(ALL),
        "confusion": matrix(Happy_Happy=3, Happy_Sad=1),
        "labels": "now",
        "recounts": 2,
        "selected_by": [],
        "mark": "",
    }
    assert list(emotions) == list(ALL)
    assert emotions["Happy"] == pytest.approx({"precision": 1.0, "recall": 0.75, "f1": 6 / 7, "n": 4})


ROW = {
    **{"run": 3, "backbone": "MobileNetV2", "recipe": "modern", "recipe_hash": SAME.recipe_hash, "seed": 3},
    **{"snapshot": "s", "snapshot_hash": "a" * 64, "weights": "none", "epochs": 6, "epochs_done": 2},
    **{"trained_on": ["CK+", "KFE"], "dataset": "CK+", "split": "test", "n": 100, "accuracy": 0.25},
    **{"is_training_accuracy": False, "labels_hash": "now", "selected_by": [], "mark": ""},
}


def test_an_evaluation_as_a_row():
    result = comparison_table.row(evaluated(3, 0.25, trained_on=("CK+", "KFE"), epochs_done=2))
    assert result == ROW and tuple(result) == comparison_table.COLUMNS


def test_all_evaluations_as_a_file(lite, tmp_path, monkeypatch):
    rows = [ROW | {"stale": False}, ROW | {"run": 4, "trained_on": ["CK+"], "epochs_done": None, "stale": True}]
    monkeypatch.setattr(comparison_table, "rows", lambda store: rows)
    file = tmp_path / "all.csv"
    assert comparison_table.write_csv(lite, file) == 2
    with file.open(newline="", encoding="utf-8") as stream:
        first, second = csv.DictReader(stream)
    assert list(first) == [*comparison_table.COLUMNS, "stale"]
    assert (first["trained_on"], first["stale"], first["epochs_done"]) == ("CK+ + KFE", "False", "2")
    assert (second["run"], second["trained_on"], second["stale"], second["epochs_done"]) == ("4", "CK+", "True", "")


@pytest.mark.parametrize("stale", [set(), {1}, {1, 2}])
def test_rows_say_which_are_stale(monkeypatch, stale):
    result = [evaluated(1, 0.5), evaluated(2, 0.6)]
    monkeypatch.setattr(stored_evaluations, "listed", lambda store: result)
    monkeypatch.setattr(stored_evaluations, "stale", lambda store, given: stale)
    assert [(row["run"], row["stale"]) for row in comparison_table.rows(None)] == [(1, 1 in stale), (2, 2 in stale)]


HERE, THERE = ("KFE", "validation"), ("FER2013", "validation")


def on(run, accuracy, place=HERE, **more):
    return evaluated(run, accuracy, other(), dataset=place[0], split=place[1], **more)


@pytest.mark.parametrize(
    ("actual", "place", "best", "compared"),
    [
        pytest.param([], None, None, 0, id="nothing"),
        pytest.param([evaluated(1, 0.9)], None, None, 0, id="test faces never choose a run"),
        pytest.param([on(1, 0.5), on(2, 0.7), on(3, 0.6)], None, 2, 3, id="the highest accuracy"),
        pytest.param([on(1, 0.7), on(2, 0.7)], None, 1, 2, id="of equal ones the first"),
        pytest.param([on(1, 0.5), on(2, 0.6), on(3, 0.9, THERE)], None, 2, 2, id="where most runs were evaluated"),
        pytest.param([on(1, 0.5), on(2, 0.6), on(3, 0.9, THERE)], THERE, 3, 1, id="where somebody chose"),
        pytest.param([on(1, 0.5), on(3, 0.9, THERE)], ("gone", "validation"), 1, 1, id="a place that is gone"),
        pytest.param([on(1, 0.9, labels_hash="old"), on(2, 0.5)], None, 2, 1, id="other labels are not compared"),
        pytest.param([on(1, 0.5), on(9, 0.99)], None, 1, 1, id="a run that has no model"),
    ],
)
def test_the_best_run(monkeypatch, actual, place, best, compared):
    monkeypatch.setattr(best_run, "finished", lambda store: [4, 3, 2, 1])
    monkeypatch.setattr(stored_evaluations, "listed", lambda store: actual)
    old = {item.id for item in actual if item.labels_hash == "old"}
    monkeypatch.setattr(stored_evaluations, "stale", lambda store, given: old)
    message = best_run.best(None, place)
    if best is None:
        assert message is None
    else:
        assert (message.evaluation.run, message.compared, message.not_comparable) == (best, compared, 4 - compared)


def test_places_by_the_number_of_their_runs(monkeypatch):
    result = [on(1, 0.5, THERE), on(1, 0.5), on(2, 0.5), evaluated(3, 0.5), on(9, 0.5, THERE), on(8, 0.5, THERE)]
    monkeypatch.setattr(best_run, "finished", lambda store: [3, 2, 1])
    monkeypatch.setattr(stored_evaluations, "listed", lambda store: result)
    assert list(best_run.places(None).items()) == [(HERE, 2), (THERE, 1)]


def test_the_columns_of_predictions():
    assert list(predictions(None, []).columns) == [
        *("run", "dataset", "split", "face", "path", "subject", "label", "prediction"),
        *("p_angry", "p_disgust", "p_fear", "p_happy", "p_neutral", "p_sad", "p_surprise"),
    ]
