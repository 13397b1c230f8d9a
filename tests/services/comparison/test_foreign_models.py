"""Predictions of a model from elsewhere become a run that can be compared, and that can do nothing else."""

import csv
import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from fercore.cli import cli
from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.language import tr
from fercore.services.comparison import (
    best_run,
    calibration,
    evaluation,
    evaluation_details,
    foreign_models,
    foreign_notes,
    pair,
    results,
    stored_evaluations,
    table,
    training_overlap,
)
from fercore.services.datasets import exports
from fercore.services.datasets.exports import ExportKind, ExportRequest
from fercore.services.prediction import photos
from fercore.services.review import model_predictions
from fercore.services.system import backup, restore
from fercore.services.training import run_details, snapshots
from fercore.services.training import runs as run_service
from fercore.store.tables import Evaluation, Prediction, Run
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, evaluate, faces_of, run
from tests.store.review.test_decisions import decide

TRUE = [HAPPY, HAPPY, SAD, SAD]


def written(path, names, emotions, column="face"):
    """A CSV of words, as DeepFace would say them."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow((column, "dominant_emotion"))
        writer.writerows((name, EMOTIONS[emotion].lower()) for name, emotion in zip(names, emotions, strict=True))
    return path


def take(store, file, name="DeepFace", place=("D", "test")):
    return foreign_models.import_predictions(store, file, name, *place)


def counts(store):
    """The number of runs, evaluations and predictions that are stored."""
    with store.database.reading() as session:
        return [session.scalar(select(func.count()).select_from(kind)) for kind in (Run, Evaluation, Prediction)]


@pytest.fixture
def csv_file(judged, tmp_path):
    """A model that reads three of the four test faces of D rightly."""
    return written(tmp_path / "deepface.csv", faces_of(judged, "D", "test"), [HAPPY, HAPPY, SAD, HAPPY])


def test_a_file_becomes_a_run_in_the_same_table(judged, csv_file):
    report = take(judged, csv_file)
    view = report.evaluation
    assert (report.matched, report.unmatched, report.labelled) == (4, [], 4)
    assert (view.backbone, view.accuracy, view.trained_on, view.is_foreign) == ("DeepFace", 0.75, (), True)
    assert view.words_only and view.imported.file == "deepface.csv" and view.unlearned == []
    found = results.results(judged, stored_evaluations.listed(judged), results.TableChoice("test"))
    [row] = [row for row in found.rows if report.run in row.runs]
    assert (row.runs, row.cells["D"].value) == ((report.run,), 0.75), "never averaged with others"
    compared = pair.of_runs(judged, report.run, view.run - 1, "D", "test")
    assert (compared.faces.n, compared.accuracy) == (4, (0.75, 0.5))


def test_labels_are_those_of_now_and_never_the_files(judged, tmp_path):
    faces = faces_of(judged, "D", "test")
    frame = pd.DataFrame({"face": faces, "label": ["happy"] * 4, "prediction": ["happy", "happy", "sad", "happy"]})
    frame.to_csv(tmp_path / "p.csv", index=False)
    decide(judged, "a", faces[3], emotion=HAPPY)
    assert take(judged, tmp_path / "p.csv").evaluation.accuracy == 1.0
    decide(judged, "a", faces[0], emotion=SAD)
    [view] = [view for view in stored_evaluations.listed(judged) if view.is_foreign]
    assert stored_evaluations.stale(judged, [view]) == {view.id}
    evaluation.recount(judged, "D", "test", only=view.run)
    again = stored_evaluations.of_run(judged, view.run, "D", "test")
    assert (again.accuracy, again.recounts, again.imported) == (0.75, view.id, view.imported)


def test_the_same_name_is_the_same_model(judged, csv_file, tmp_path):
    first = take(judged, csv_file)
    before = counts(judged)
    assert take(judged, csv_file).evaluation.id == first.evaluation.id and counts(judged) == before
    changed = take(judged, written(tmp_path / "new.csv", faces_of(judged, "D", "test"), [SAD] * 4))
    assert changed.run == first.run and [first.replaces, changed.replaces] == [False, True]
    assert "had other predictions here" in foreign_notes.cautions(changed)[0]
    other = written(tmp_path / "more.csv", faces_of(judged, "D 2", "test"), [HAPPY, SAD])
    second = take(judged, other, " DeepFace ", ("D 2", "test"))
    assert second.run == first.run and second.evaluation.accuracy == 1.0
    third = take(judged, csv_file, "DeepFace 2")
    keys = {view.training for view in stored_evaluations.listed(judged)}
    assert third.run != first.run and len(keys) == 3, "one for both runs that were trained here, one for each model"
    assert [model.name for model in foreign_models.listed(judged)] == ["DeepFace 2", "DeepFace"]


def test_own_downloads_come_back(judged, tmp_path):
    [view] = [v for v in stored_evaluations.listed(judged) if (v.dataset, v.accuracy) == ("D", 0.75)]
    frame = evaluation_details.predictions(judged, [view])
    frame.to_csv(tmp_path / "own.csv", index=False, encoding="utf-8-sig")
    back = take(judged, tmp_path / "own.csv", "the same").evaluation
    assert (back.accuracy, back.confusion, back.words_only) == (0.75, view.confusion, False)
    before, after = (stored_evaluations.scored(judged, number) for number in (view.id, back.id))
    assert after.face_ids == before.face_ids and np.allclose(after.probabilities, before.probabilities)


def test_pictures_of_an_export_are_known_by_their_path(judged, tmp_path):
    exports.export(judged, ExportRequest(ExportKind.DATASET, "D", "folder", tmp_path / "out"))
    pictures = sorted((tmp_path / "out" / "test").rglob("*.png"))
    file = written(tmp_path / "p.csv", map(str, pictures), [HAPPY, HAPPY, SAD, SAD], "img_path")
    assert take(judged, file).evaluation.accuracy == 1.0
    wrong = [str(path).replace("happy", "fear") for path in pictures]
    report = take(judged, written(tmp_path / "q.csv", wrong, TRUE, "img_path"), "other")
    assert (report.matched, report.unmatched) == (2, wrong[:2]), "numbers of another installation are no names"


def test_faces_without_a_label_are_told_and_not_counted(judged, csv_file):
    faces = faces_of(judged, "D", "test")
    decide(judged, "a", faces[0], reason="blurred")
    report = take(judged, csv_file)
    assert (report.matched, report.unlabelled, report.labelled) == (3, 1, 3)


REFUSALS = {
    "predict": lambda store, number: photos.load(store, number),
    "evaluate": lambda store, number: evaluation.evaluate(store, number, "D", "test"),
    "resume": lambda store, number: run_service.resume(store, number),
    "pause": lambda store, number: run_service.pause(store, number),
    "cancel": lambda store, number: run_service.cancel(store, number),
    "clone": lambda store, number: run_service.clone(store, number),
    "opinion": lambda store, number: model_predictions.ask(store, number, "D"),
    "remove as a training": lambda store, number: run_service.remove(store, number),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_a_model_from_elsewhere_can_only_be_compared(judged, csv_file, what):
    number = take(judged, csv_file).run
    before = counts(judged)
    with pytest.raises(InputError, match=f"Run {number} is a model from elsewhere, 'DeepFace'"):
        REFUSALS[what](judged, number)
    assert counts(judged) == before


def test_it_stands_among_no_trainings(judged, csv_file, tmp_path):
    fill(judged, "V", TRUE, "validation", 200)
    own = run(judged, seed=2)
    evaluate(judged, own, "V", "validation", [HAPPY] * 4)
    perfect = written(tmp_path / "v.csv", faces_of(judged, "V", "validation"), TRUE)
    number = take(judged, perfect, place=("V", "validation")).run
    assert number not in [view.run.id for view in run_details.listed(judged)]
    assert number not in [each.run for each in model_predictions.advisors(judged)]
    best = best_run.best(judged)
    assert (best.evaluation.run, best.compared) == (own, 1), "it cannot be the model that predicts"
    assert all(row.here == (None, None, None) for row in table.paper_table(stored_evaluations.listed(judged)))
    assert snapshots.listed(judged)[0].name == "S"
    view = stored_evaluations.of_run(judged, number, "V", "validation")
    assert training_overlap.known_faces(judged, view) == [
        tr("The training data of this model are unknown: it may have learned these faces.")
    ]


def test_a_model_goes_with_its_predictions(judged, csv_file):
    before = counts(judged)
    number = take(judged, csv_file).run
    with pytest.raises(InputError, match="was trained here"):
        foreign_models.remove(judged, 1)
    foreign_models.remove(judged, number)
    assert counts(judged) == before and foreign_models.find(judged, number) is None


def test_a_backup_brings_it_back(judged, csv_file, tmp_path):
    number = take(judged, csv_file).run
    backup.backup(judged, tmp_path / "b.zip")
    foreign_models.remove(judged, number)
    restore.restore(judged, tmp_path / "b.zip", replace=True)
    assert foreign_models.find(judged, number).evaluations == 1


@pytest.fixture
def commanded(lite):
    fill(lite, "D", TRUE, "test")
    return lite


def test_the_command_prints_what_it_matched(commanded, tmp_path):
    file = written(tmp_path / "p.csv", [1, 2, 3, "gone.png"], [HAPPY, HAPPY, HAPPY, SAD])
    place = ("--name", "DeepFace", "--dataset", "D", "--split", "test")
    done = CliRunner().invoke(cli, ["compare", "--predictions", str(file), *place, "--json"])
    document = json.loads(done.stdout)
    assert (document["run"], document["matched"], document["unmatched"]) == (1, 3, ["gone.png"])
    assert "1 row names no face of this split" in done.stderr
    listed = json.loads(CliRunner().invoke(cli, ["runs", "--json"]).stdout)
    assert [(each["run"], each["backbone"], each["trained_on"]) for each in listed] == [(1, "DeepFace", [])]
    rows = json.loads(CliRunner().invoke(cli, ["compare", "--json"]).stdout)["rows"]
    assert [(row["run"], row["backbone"], row["trained_on"], row["n"]) for row in rows] == [(1, "DeepFace", [], 3)]
    assert "a model from elsewhere, with 1 evaluation" in CliRunner().invoke(cli, ["run", "1"]).stdout


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--predictions", "p.csv"], "--name, --dataset, --split is missing"),
        (["--name", "x"], "--predictions, --dataset, --split is missing"),
        (
            ["1", "2", "--predictions", "p.csv", "--name", "x", "--dataset", "D", "--split", "test"],
            "Import predictions",
        ),
    ],
)
def test_the_command_wants_all_four(commanded, options, why):
    done = CliRunner().invoke(cli, ["compare", *options])
    assert done.exit_code == 2 and why in done.output


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\nb"])
def test_names_that_cannot_be_used(commanded, tmp_path, name):
    with pytest.raises(InputError, match="cannot be a model's name"):
        take(commanded, written(tmp_path / "p.csv", [1], [HAPPY]), name)


def test_words_of_one_split_are_left_out_of_calibration(judged, csv_file, tmp_path):
    number = take(judged, csv_file).run
    with pytest.raises(InputError, match="calibration needs probabilities"):
        calibration.of_run(judged, number)
    shares = pd.DataFrame(np.full((2, 7), 0.1), columns=list(EMOTIONS)).assign(Happy=0.4)
    shares.insert(0, "face", faces_of(judged, "D 2", "test"))
    shares.to_csv(tmp_path / "shares.csv", index=False)
    take(judged, tmp_path / "shares.csv", place=("D 2", "test"))
    assert [place.view.dataset for place in calibration.of_run(judged, number).places] == ["D 2"]
