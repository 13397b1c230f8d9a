"""Tables and warnings of the comparison page, cell by cell."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from fercore.evaluation.metrics import Scores
from fercore.services.comparison import training_overlap
from fercore.services.comparison.results import Results
from fercore.services.comparison.training_overlap import TrainingOverlap
from fercore.ui.comparison import evaluation, results, table
from fercore.ui.results_table.rows import table_data
from tests.services.comparison.test_table import ALL, evaluated, other
from tests.services.comparison.test_table import table as table_rows


@pytest.mark.parametrize(
    ("weights", "start"),
    [("imagenet", "ImageNet"), ("none", "random start"), (f"sha256:{'ab' * 32}", "abababababab"), ("w.h5", "w.h5")],
)
def test_a_row_of_the_results(weights, start):
    made = other(weights=weights)
    views = [
        evaluated(1, 0.25, made, dataset="D", n=9, trained_on=("CK+", "KFE"), seed=4, epochs_done=3),
        evaluated(2, 0.75, made, dataset="D", n=9, trained_on=("CK+", "KFE"), seed=3, labels_hash="other"),
        evaluated(5, 0.3, other(weights=weights, epochs=2), dataset="D 2", n=9, epochs_done=None),
    ]
    rows = table_data(Results("test", "accuracy", ("D", "D 2"), tuple(table_rows(views, "test", {2}))))["rows"]
    assert [row["title"] for row in rows] == ["MobileNetV2 · CK+ + KFE", "MobileNetV2 · CK+"]
    assert rows[0]["detail"] == f"modern · s aaaaaa · {start} · 6 epochs (3, 6)"
    assert rows[1]["detail"] == f"modern · s aaaaaa · {start} · 2 epochs"
    assert [row["seeds"] for row in rows] == ["2 seeds · Runs 1, 2", "Run 5 · seed 5"]
    assert [len(row["open"]) for row in rows] == [2, 0], "only several seeds can be opened"
    cell, missing = rows[0]["cells"]
    assert missing is None and (cell["text"], cell["n"], cell["evaluation"]) == ("25.0%", "n 9", 0)
    assert cell["marks"] == ["few faces", "1 run with other labels left out"] and not cell["inDomain"]


@pytest.mark.parametrize(
    ("trained_on", "unknown", "in_file"),
    [
        pytest.param(("D",), False, True, id="the same data"),
        pytest.param(("CK+",), False, False, id="other data"),
        pytest.param((), True, None, id="data that are not known"),
    ],
)
@pytest.mark.parametrize("seeds", [1, 2])
def test_data_that_are_not_known_are_not_called_others(trained_on, unknown, in_file, seeds):
    views = [evaluated(run, 0.5, dataset="D", trained_on=trained_on, seed=run) for run in range(seeds)]
    found = Results("test", "accuracy", ("D",), tuple(table_rows(views, "test")))
    [row] = table_data(found)["rows"]
    assert {each["cells"][0]["unknownData"] for each in [row, *row["open"]]} == {unknown}
    [line] = results.frame(found).to_dict("records")
    assert line["in_domain"] is in_file


def test_papers_figures_stand_in_their_own_columns(tables, monkeypatch):
    printed, here = (0.1, 0.2, 0.3), (0.4, None, 0.6)
    row = SimpleNamespace(backbone="VGG16", trained_on=("FER2013", "CK+"), printed=printed, here=here)
    monkeypatch.setattr("fercore.services.comparison.table.paper_table", lambda actual, stale: [row])
    table.paper_table([], set())
    assert tables[2].to_dict("records") == [
        {
            **{"Backbone": "VGG16", "Trained on": "FER2013 + CK+"},
            **{"FER2013, paper": 0.1, "KFE, paper": 0.2, "JAFFE, paper": 0.3},
            **{"FER2013, here": 0.4, "KFE, here": None, "JAFFE, here": 0.6},
        }
    ]


@pytest.mark.parametrize(
    ("split", "stale", "marks"),
    [("test", False, ""), ("train", False, " · training accuracy"), ("test", True, " · stale")],
)
def test_an_evaluation_in_a_line(split, stale, marks):
    view = evaluated(7, 0.256, split=split)
    assert table.title(view, stale) == f"Run 7 · MobileNetV2 · CK+ → CK+ {split} · 25.6%{marks}"


def test_every_evaluation_is_a_row_of_the_file(tables):
    table.evaluations_file([evaluated(1, 0.5), evaluated(2, 0.25, trained_on=("A", "B"))], {2})
    first, second = tables[0].decode("utf-8-sig").splitlines()[1:]
    assert first.startswith("1,MobileNetV2,modern,") and first.endswith(",now,,,False")
    assert ",A + B,CK+,test,100,0.25,False,now,,,True" in second


def matrix(**cells):
    names = list(ALL)
    counts = [[0] * 7 for _ in range(7)]
    for cell, count in cells.items():
        true, guess = cell.split("_")
        counts[names.index(true)][names.index(guess)] = count
    return counts


@pytest.mark.parametrize(
    ("accuracy", "split", "stale", "learned", "answers"),
    [
        pytest.param(0.76, "test", False, ALL, [], id="nothing to be said"),
        pytest.param(0.75, "test", False, ALL, ["No better than always"], id="as good as always one emotion"),
        pytest.param(0.76, "train", False, ALL, ["These are faces that"], id="learned"),
        pytest.param(0.76, "test", True, ALL, ["Stale"], id="stale"),
        pytest.param(
            0.76, "test", False, ALL | {"Sad": 0}, ["The training had no Sad"], id="an emotion was not learned"
        ),
        pytest.param(0.76, "test", False, ALL | {"Fear": 0}, [], id="an emotion that nobody shows"),
        pytest.param(
            0.1, "train", True, ALL | {"Sad": 0}, ["These", "Stale", "No better", "The training"], id="all of it"
        ),
    ],
)
def test_warnings_of_an_evaluation(monkeypatch, accuracy, split, stale, learned, answers):
    nothing = TrainingOverlap(0, None, 0, None, 0)
    monkeypatch.setattr("fercore.services.comparison.training_overlap.learned", lambda store, item: nothing)
    monkeypatch.setattr(evaluation, "store", lambda: None)
    counts = matrix(Happy_Happy=70, Happy_Sad=5, Sad_Sad=5, Sad_Happy=20)
    result = evaluation.cautions(evaluated(1, accuracy, split=split, confusion=counts, learned=learned), stale)
    assert [text.startswith(word) for text, word in zip(result, answers, strict=True)] == [True] * len(answers)


@pytest.mark.parametrize(
    ("n", "answer"),
    [
        pytest.param(2, "Few faces (2): with fewer than 30, this says little.", id="two faces"),
        pytest.param(29, "Few faces (29): with fewer than 30, this says little.", id="just too few"),
        pytest.param(30, "No better than always answering Happy: 100.0%.", id="enough"),
    ],
)
def test_few_faces_are_called_so_and_judge_no_run(monkeypatch, n, answer):
    nothing = TrainingOverlap(0, None, 0, None, 0)
    monkeypatch.setattr("fercore.services.comparison.training_overlap.learned", lambda store, item: nothing)
    monkeypatch.setattr(evaluation, "store", lambda: None)
    view = evaluated(1, 1.0, n=n, confusion=matrix(Happy_Happy=n))
    assert evaluation.cautions(view, False) == [answer]


@pytest.mark.parametrize(("n", "few"), [(2, True), (29, True), (30, False), (3589, False)])
@pytest.mark.parametrize("seeds", [1, 2])
def test_cells_of_few_faces_are_marked(n, few, seeds):
    views = [evaluated(run, 0.5, dataset="D", n=n, seed=run) for run in range(seeds)]
    found = Results("test", "accuracy", ("D",), tuple(table_rows(views, "test")))
    [row] = table_data(found)["rows"]
    cells = [each["cells"][0] for each in [row, *row["open"]]]
    assert {(cell["few"], "few faces" in cell["marks"]) for cell in cells} == {(few, few)}
    assert results.frame(found)["few_faces"].tolist() == [few]


def test_the_baseline_is_sorted_among_differences_by_its_own():
    views = [evaluated(1, 0.5, dataset="D"), evaluated(2, 0.25, other(epochs=2), dataset="D")]
    rows = tuple(table_rows(views, "test"))
    pinned = Results("test", "accuracy", ("D",), rows, baseline=1)
    both = (replace(pinned, baseline=None), pinned)
    values = [[row["cells"][0]["value"] for row in table_data(each)["rows"]] for each in both]
    assert values == [[0.5, 0.25], [0.0, 0.25]]
    assert table_data(pinned)["rows"][0]["cells"][0]["text"] == "50.0%"


PIXELS, PEOPLE = "also in the training split, pixel by pixel.", "of the training split."


@pytest.mark.parametrize(
    ("count", "people", "accuracy", "others", "answers"),
    [
        pytest.param(0, 0, 0.5, 4, [], id="nothing in common"),
        pytest.param(1, 0, 0.5, 4, [f"1 of these faces is {PIXELS}", "50.0% of 4 faces."], id="a face"),
        pytest.param(2, 0, 0.5, 1, [f"2 of these faces are {PIXELS}", "50.0% of 1 face."], id="faces"),
        pytest.param(
            0, 2, 0.25, 1234, [f"2 of these faces show people {PEOPLE}", "25.0% of 1,234 faces."], id="people"
        ),
        pytest.param(
            3,
            1,
            None,
            0,
            [f"3 of these faces are {PIXELS} 1 of these faces shows a person {PEOPLE}", "– of 0 faces."],
            id="nothing else is left",
        ),
    ],
)
def test_what_was_learned_is_told(monkeypatch, count, people, accuracy, others, answers):
    known = TrainingOverlap(count, None, people, accuracy, others)
    monkeypatch.setattr("fercore.services.comparison.training_overlap.learned", lambda store, item: known)
    expected = [f"{answers[0]} The accuracy may be inflated. Without them: {answers[1]}"] if answers else []
    assert training_overlap.overlap(None, evaluated(1, 0.5)) == expected


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        pytest.param("Happy", {"Precision": 0.75, "Recall": 0.6, "n": 5}, id="named and shown"),
        pytest.param("Sad", {"Precision": 0.0, "Recall": 0.0, "n": 1}, id="never right"),
        pytest.param("Fear", {"Precision": None, "Recall": 0.0, "n": 1}, id="never named"),
        pytest.param("Angry", {"Precision": None, "Recall": None, "n": 0}, id="named, never shown"),
        pytest.param("Disgust", {"Precision": None, "Recall": None, "n": 0}, id="neither"),
    ],
)
def test_scores_of_an_emotion(name, cells):
    counts = matrix(Happy_Happy=3, Happy_Sad=1, Happy_Angry=1, Sad_Happy=1, Fear_Sad=1)
    view = evaluated(1, 0.5, confusion=counts)
    row = evaluation._score_row(name, view.per_emotion[name], evaluation._predicted(view, name))
    assert {key: row[key] for key in cells} == cells and row["Emotion"] == name


@pytest.mark.parametrize(
    ("shown", "predicted", "expected"),
    [
        (4, 3, {"precision": 0.1, "recall": 0.2, "f1": 0.3, "n": 4}),
        (4, 0, {"precision": None, "recall": 0.2, "f1": 0.3, "n": 4}),
        (0, 3, {"precision": None, "recall": None, "f1": None, "n": 0}),
    ],
)
def test_scores_as_a_file_gives_them(shown, predicted, expected):
    assert evaluation._plain(Scores(0.1, 0.2, 0.3, shown), predicted) == expected
