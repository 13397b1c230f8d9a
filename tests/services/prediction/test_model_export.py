"""Model files to take away: made, checked, kept with the run, shown with their reason, and read in place of Keras."""

import hashlib
import json
import os
import re
from contextlib import suppress

import pytest

from fercore.errors import Cancelled, FercoreError, InputError
from fercore.jobs import queue
from fercore.prediction.conversion import Converted
from fercore.prediction.formats import ModelFormat
from fercore.prediction.onnx import OnnxPredictor
from fercore.services import jobs
from fercore.services.prediction import conversion, model_card, model_export, model_files, photos
from fercore.services.prediction.model_export import ModelExportJob
from fercore.services.prediction.model_files import FileState
from fercore.services.training import runs as run_service
from fercore.services.training import snapshots, train_job, worker
from fercore.services.training.runs import TrainRequest
from fercore.services.training.train_job import TrainJob
from fercore.statuses import Status
from fercore.store.jobs import queue as table
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill
from tests.finished_run import finished
from tests.prediction import onnx_models as models

ONNX = ModelFormat.ONNX


@pytest.fixture
def trained(store, monkeypatch):
    """A finished run with a model file and held-out faces; jobs wait for ever."""
    monkeypatch.setattr(queue, "advance", lambda *_: None)
    finished(store)
    return store


@pytest.fixture
def converts(monkeypatch):
    """In place of TensorFlow's process: a sound ONNX file; tells what it was asked."""
    asked = []

    def converted(model, form, faces, notes, progress):
        asked.append((model.name, form, faces.compared.shape, notes))
        return models.sound(), Converted(18, 3e-6)

    monkeypatch.setattr(conversion, "converted", converted)
    return asked


def make(store, form=ONNX):
    return model_export.make(store, ModelExportJob(run=1, format=form))


def state(store, form=ONNX):
    return model_files.of_run(store, 1, form)


def test_a_file_is_made_once_and_told_of(trained, converts):
    assert state(trained).state == FileState.NONE
    made = make(trained)
    assert (made.state, made.opset, made.bytes) == (FileState.DONE, 18, len(models.sound()))
    assert (made.parity.faces, made.parity.largest, made.parity.generated) == (3, 3e-6, False)
    assert state(trained) == made == make(trained)
    [(name, form, shape, notes)] = converts
    assert (name, form, shape) == ("model.keras", ONNX, (3, 48, 48))
    card = json.loads(notes["card"])
    assert card["run"] == 1 and card["backbone"] == "VGG16" and len(card["snapshot"]["hash"]) == 64
    assert json.loads(notes["licence"]) == {"D": model_card.licence("folder")}


def test_without_faces_that_were_held_out_some_are_generated(trained, converts):
    fill(trained, "E", [0, 1])
    snapshots.freeze(trained, "train only", ["E"])
    other = run_service.create(trained, TrainRequest("train only", "VGG16", MODERN, "none"))
    with trained.database.writing() as session:
        runs.set_values(session, other, status=Status.DONE, reported_epoch=1)
    (trained.run_folder(other) / "model.keras").touch()
    made = model_export.make(trained, ModelExportJob(run=other))
    assert made.parity.generated and made.parity.faces == converts[0][2][0] > 200


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (FercoreError("The conversion failed: no <b>room</b>"), "The conversion failed: no <b>room</b>"),
        (OSError(28, "No space left on device", "/somewhere/model.onnx"), "No space left on device"),
    ],
    ids=["its own", "a full disk"],
)
def test_a_failure_leaves_the_run_as_it_is_and_can_be_tried_again(trained, converts, monkeypatch, error, reason):
    def fails(*_):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(conversion, "converted", fails)
        with pytest.raises(type(error), match=re.escape(str(error))):
            make(trained)
    failed = state(trained)
    assert (failed.state, failed.error) == (FileState.FAILED, reason)
    with trained.database.reading() as session:
        assert runs.get(session, 1).status == Status.DONE
    job = model_export.start(trained, 1, ONNX)
    assert state(trained).state == FileState.WAITS
    with pytest.raises(InputError, match="is being made"):
        model_export.start(trained, 1, ONNX)
    with trained.database.writing() as session:
        row = table.get(session, job)
        arguments, row.status = row.arguments, Status.DONE
    jobs.KINDS["export model"].work(trained, arguments, lambda *_: None)
    assert state(trained).state == FileState.DONE


def test_a_file_that_differs_is_not_kept(trained, monkeypatch):
    def said(asked, *_):
        asked.with_name("model.onnx").write_bytes(models.sound())
        return Converted(18, 2e-4)

    monkeypatch.setattr(conversion, "_listened", said)
    with pytest.raises(FercoreError, match=r"file differ by 0\.0002, and 0\.0001 is the most"):
        make(trained)
    assert state(trained).state == FileState.FAILED and not model_files.place(trained, 1, ONNX).exists()


@pytest.mark.parametrize("largest", [float("nan"), 1e-4])
def test_no_number_and_the_limit_itself_are_refused(trained, monkeypatch, largest):
    monkeypatch.setattr(
        conversion, "_listened", lambda asked, *_: asked.with_name("model.onnx").touch() or Converted(18, largest)
    )
    with pytest.raises(FercoreError, match="is the most"):
        make(trained)


def test_missing_packages_are_named(trained, monkeypatch):
    monkeypatch.setattr(model_files, "lacking", lambda form: ("tf2onnx", "onnx"))
    with pytest.raises(InputError, match="pip install tf2onnx onnx"):
        make(trained)


def test_a_cancelled_job_ends_the_process_and_leaves_no_reason(trained, monkeypatch):
    monkeypatch.setattr(conversion, "_MODULE", "http.server")
    monkeypatch.setattr(model_files, "lacking", lambda form: ())
    started = []
    begin = conversion.subprocess.Popen
    monkeypatch.setattr(conversion.subprocess, "Popen", lambda *a, **k: started.append(begin(*a, **k)) or started[-1])

    def stop(*_):
        raise Cancelled

    with pytest.raises(Cancelled):
        model_export.make(trained, ModelExportJob(run=1), stop)
    assert started[0].poll() is not None and state(trained).state == FileState.NONE


def test_a_process_that_crashes_is_a_reason(trained, monkeypatch):
    monkeypatch.setattr(conversion, "_MODULE", "fercore.no_such_module")
    monkeypatch.setattr(model_files, "lacking", lambda form: ())
    with pytest.raises(FercoreError, match=r"conversion failed: .*No module named fercore\.no_such_module"):
        make(trained)
    assert "no_such_module" in state(trained).error


def test_the_file_is_what_predicts_while_it_is_the_one_that_was_checked(trained, converts, monkeypatch):
    by_keras = object()
    monkeypatch.setattr(photos, "_by_keras", lambda *_: by_keras)
    assert photos.load(trained, 1) is by_keras
    before = photos.changed(trained, 1)
    make(trained)
    path = model_files.place(trained, 1, ONNX)
    os.utime(path, (before + 9, before + 9))
    assert isinstance(photos.load(trained, 1), OnnxPredictor) and photos.changed(trained, 1) != before
    with monkeypatch.context() as patch:
        patch.setattr("fercore.prediction.onnx.RUNTIME", "no_such_runtime")
        assert photos.load(trained, 1) is by_keras
    path.write_bytes(models.model([], []).SerializeToString())
    assert photos.load(trained, 1) is by_keras
    path.unlink()
    assert photos.load(trained, 1) is by_keras and "gone" in state(trained).error


def test_a_deleted_run_takes_its_files_along(trained, converts):
    make(trained)
    folder = model_files.place(trained, 1, ONNX).parent
    run_service.remove(trained, 1)
    assert not folder.exists()


def test_a_run_that_is_deleted_meanwhile_leaves_nothing(trained, monkeypatch):
    def converted(*_):
        run_service.remove(trained, 1)
        return models.sound(), Converted(18, 0.0)

    monkeypatch.setattr(conversion, "converted", converted)
    with pytest.raises(FercoreError):
        make(trained)
    assert not (trained.settings.models_dir / "run-1").exists()


@pytest.mark.parametrize(("form", "name"), [(ONNX, "run-1.onnx"), (ModelFormat.KERAS, "run-1.keras")])
def test_it_is_written_to_a_place_and_over_nothing(trained, converts, tmp_path, form, name):
    (tmp_path / "out").mkdir()
    report = model_export.write(trained, ModelExportJob(run=1, format=form), tmp_path / "out")
    written = tmp_path / "out" / name
    assert (
        report.file == str(written)
        and hashlib.sha256(written.read_bytes()).digest()
        == hashlib.sha256(model_export.content(trained, 1, form)).digest()
    )
    assert report.parity == ({"faces": 3, "largest": 3e-6} if form == ONNX else {"faces": 0, "largest": 0})
    with pytest.raises(InputError, match="exists already"):
        model_export.write(trained, ModelExportJob(run=1, format=form), written)


@pytest.mark.parametrize("exports", [True, False])
@pytest.mark.parametrize("fails", [True, False])
def test_a_training_is_followed_by_its_file_whatever_became_of_its_evaluations(trained, monkeypatch, exports, fails):
    wanted = model_export.Store(trained.settings.model_copy(update={"export_runs": exports}), trained.database)

    def evaluate(*_):
        if fails:
            raise InputError("no such dataset")

    monkeypatch.setattr(worker, "train", lambda *_: None)
    monkeypatch.setattr(worker, "evaluate", evaluate)
    monkeypatch.setattr(model_files, "lacking", lambda form: ())
    with suppress(InputError):
        train_job.KIND.run(wanted, TrainJob(run=1), lambda *_: None)
    with trained.database.reading() as session:
        waiting = table.active_arguments(session, "export model")
    assert waiting == ([{"run": 1, "format": "onnx"}] if exports else [])
