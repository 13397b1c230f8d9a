"""The command that prints a confusion matrix, the faces of a cell, and sends these to review."""

import csv
import json

import pytest
from click.testing import CliRunner

from fercore.cli import cli
from fercore.services.comparison import confusion_cell
from fercore.services.comparison.confusion_cell import CellFilter
from fercore.services.training import snapshots
from fercore.store.tables import Face
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, evaluate, faces_of, run
from tests.services.comparison.test_selections import FEAR
from tests.services.comparison.test_selections import confused as confused
from tests.store.review.test_decisions import decide


def printed(*words):
    done = CliRunner().invoke(cli, [*map(str, words), "--json"])
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_commands_send_a_cell_and_print_the_mark(confused_lite, tmp_path):
    store, number, _ = confused_lite
    words = ("confusion", number, "--dataset", "D", "--split", "test", "--cell", "Happy", "Sad")
    shown = printed(*words)
    assert [len(shown["cell"]["faces"]), shown["cell"]["selections"]] == [6, []]
    sent = printed(*words, "--send", "Second look", "--seed", 3)["sent"]
    assert (sent["faces"], sent["control"], sent["label"], sent["prediction"]) == (6, 6, "Happy", "Sad")
    decide(store, "Kim", faces_of(store, "D", "test")[0], emotion=SAD)
    printed("evaluate", number, "--dataset", "D", "--split", "test", "--recount")
    mark = f"labels changed after selection by run {number}"
    rows = {row["split"]: row for row in printed("compare", "--csv", tmp_path / "all.csv")["rows"]}
    assert (rows["test"]["mark"], rows["test"]["selected_by"], rows["train"]["mark"]) == (mark, [number], "")
    with (tmp_path / "all.csv").open(newline="", encoding="utf-8") as stream:
        assert {row["split"]: row["mark"] for row in csv.DictReader(stream)} == {"test": mark, "train": ""}
    done = CliRunner().invoke(cli, ["compare"])
    assert mark in done.stdout
    second = run(store, seed=1)
    evaluate(store, second, "D", "test", [SAD] + [HAPPY] * 9 + [SAD] * 10 + [FEAR] * 10)
    after = printed("confusion", number, second, "--dataset", "D", "--split", "test", "--cell", "Happy", "Sad", "--now")
    assert after["labels_of_now"] and after["cell"]["chosen_before"]
    assert after["cell"]["claim"].startswith(f"Of 9 faces labelled Happy, run {number} says Sad to 55.6%")
    assert after["cell"]["claim"].endswith(f"Less often in run {second} (p = 0.031).")
    assert after["mark"] == [mark, mark]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(["1", "2", "3"], "one run, or two", id="three runs"),
        pytest.param(["1", "1"], "one run, or two", id="twice the same"),
        pytest.param(["1", "--dataset", "D", "--split", "test", "--send", "X"], "--cell", id="nothing to send"),
        pytest.param(["9", "--dataset", "D", "--split", "test"], "Run 9", id="unknown run"),
        pytest.param(["1"], "--dataset and --split", id="several places"),
    ],
)
def test_the_command_refuses_in_a_sentence(confused_lite, words, message):
    done = CliRunner().invoke(cli, ["confusion", *words])
    assert done.exit_code != 0 and message in str(done.stderr) + str(done.exception)


@pytest.fixture
def confused_lite(lite):
    fill(lite, "D", [HAPPY, SAD, FEAR])
    fill(lite, "D", [HAPPY] * 10 + [SAD] * 10 + [FEAR] * 10, "test", 50)
    snapshots.freeze(lite, "S", ["D"])
    number = run(lite)
    made = evaluate(lite, number, "D", "test", [SAD] * 6 + [HAPPY] * 4 + [SAD] * 10 + [FEAR] * 10)
    evaluate(lite, number, "D", "train", [SAD, SAD, FEAR])
    return lite, number, made


def test_filters_of_a_cell(confused):
    store, _, made = confused
    faces = faces_of(store, "D", "test")
    about = [("p1", "female", 20), ("p1", "female", 30), ("p2", "male", 20), (None, None, None)]
    with store.database.writing() as session:
        for face, (subject, gender, age) in zip(faces, about, strict=False):
            row = session.get_one(Face, face)
            row.subject, row.gender, row.age = subject, gender, age

    def kept(**wanted):
        fitting = confusion_cell.filtered(store, made, HAPPY, SAD, CellFilter(**wanted))
        return sorted(faces.index(face.face_id) for face in fitting)

    assert kept(subjects=("p1",)) == [0, 1] and kept(gender="male") == [2] and kept(age=20) == [0, 2]
    assert kept(lowest=0.6, highest=0.8) == [0, 1, 2, 3, 4, 5] and kept(lowest=0.8) == []
    bands = [
        confusion_cell.filtered(store, made, HAPPY, SAD, CellFilter(quality=band))
        for band in ("poor", "middle", "good")
    ]
    assert sum(map(len, bands)) == 6
    second = evaluate(store, run(store, seed=1), "D", "test", [SAD] * 2 + [HAPPY] * 8 + [SAD] * 10 + [FEAR] * 10)
    assert kept(apart_from=second) == [2, 3, 4, 5]
