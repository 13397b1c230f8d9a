"""Numbers and names of nothing, and steps out of turn: each is refused with a sentence that names it."""

from types import SimpleNamespace

import pytest

from fercore.errors import InputError, InUseError, NotFoundError, StoredDataError
from fercore.jobs import queue
from fercore.progress import silent
from fercore.services.comparison import evaluation, evaluation_details, stored_evaluations
from fercore.services.datasets import catalogue
from fercore.services.prediction import model_files
from fercore.services.review import recrop
from fercore.services.system import queue as queue_service
from fercore.services.training import paper_sweep, run_details, snapshots, sweeps
from fercore.services.training import runs as run_service
from fercore.services.training.runs import TrainRequest
from fercore.services.training.sweep_cells import Grid, SweepCell
from fercore.store.training import sweeps as stored_sweeps
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill

CELL = SweepCell("VGG17", "modern", "S", 0)


@pytest.fixture(autouse=True)
def nothing_starts(monkeypatch):
    monkeypatch.setattr(queue, "advance", lambda store: None)


@pytest.fixture
def run(lite):
    """A run that waits, on a snapshot of all of a dataset."""
    fill(lite, "D", [n % 7 for n in range(7)])
    snapshots.freeze(lite, "S", ["D"])
    return run_service.start(lite, TrainRequest("S", "VGG16", MODERN, "none"))


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        pytest.param(lambda store: stored_evaluations.get(store, 7), "There is no evaluation '7'.", id="evaluation"),
        pytest.param(lambda store: stored_evaluations.history(store, 7), "There is no evaluation '7'.", id="history"),
        pytest.param(lambda store: catalogue.undo_import(store, 7), "There is no import '7'.", id="import"),
        pytest.param(lambda store: queue_service.get(store, 7), "There is no job '7'.", id="job"),
        pytest.param(lambda store: run_details.view(store, 7), "There is no run '7'.", id="run"),
        pytest.param(lambda store: sweeps.view(store, 7), "There is no sweep '7'.", id="sweep"),
        pytest.param(lambda store: snapshots.difference(store, "T", "U"), "There is no snapshot 'T'.", id="snapshot"),
        pytest.param(lambda store: catalogue.contents(store, "E"), "There is no dataset 'E'.", id="dataset"),
    ],
)
def test_what_does_not_exist_is_named(lite, wanted, sentence):
    with pytest.raises(NotFoundError) as message:
        wanted(lite)
    assert str(message.value).startswith(sentence)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        pytest.param(
            lambda store, run: evaluation.predictor_of(store, run_details.view(store, run).run, silent),
            "Run 1 has no trained model: its status is queued.",
            id="a model that is not trained yet",
        ),
        pytest.param(
            lambda store, run: evaluation.recount(store, "D", "train"),
            "No run was evaluated on 'D', train.",
            id="a recount of nothing",
        ),
        pytest.param(
            lambda store, run: evaluation.recount(store, "D", "test"),
            "'D' has no labelled faces in its test split.",
            id="a recount without faces",
        ),
        pytest.param(
            lambda store, run: snapshots.freeze(store, "T", ["D"], only_reviewed=True),
            "There is nothing to freeze in D: no face has a label and is not rejected and was reviewed.",
            id="a snapshot of nothing",
        ),
        pytest.param(
            lambda store, run: paper_sweep.grid(store),
            "Import the study's datasets under the names ",
            id="the study without its datasets",
        ),
        pytest.param(lambda store, run: recrop.cut(store, 999, None), "This face is gone.", id="a crop of no face"),
        pytest.param(
            lambda store, run: run_service.resume(store, run),
            "Run 1 is queued: only a stopped run can be resumed.",
            id="a run that waits is resumed",
        ),
    ],
)
def test_what_cannot_be_done_is_said(lite, run, wanted, sentence):
    with pytest.raises(InputError) as message:
        wanted(lite, run)
    assert str(message.value).startswith(sentence)


def test_a_model_whose_file_is_gone_is_named(lite, run):
    with pytest.raises(StoredDataError, match=r"The model of run 1 is gone: .*model.keras does not exist"):
        model_files.model_path(lite, run)
    file = lite.run_folder(run) / "model.keras"
    file.write_bytes(b"model")
    assert model_files.model_path(lite, run) == file


def test_a_snapshot_that_was_trained_on_stays(lite, run):
    other = run_service.create(lite, TrainRequest("S", "VGG16", MODERN, "none"))
    with pytest.raises(InUseError, match=rf"Runs {run}, {other} were trained on snapshot 'S'"):
        snapshots.remove(lite, "S")
    snapshots.freeze(lite, "T", ["D"])
    snapshots.remove(lite, "T")
    assert [snapshot.name for snapshot in snapshots.listed(lite)] == ["S"]


def test_a_run_that_has_ended_is_not_cancelled(lite, run):
    assert run_service.cancel(lite, run) == "cancelled"
    with pytest.raises(InputError, match="Run 1 is cancelled: there is nothing to cancel"):
        run_service.cancel(lite, run)


def test_a_run_that_still_stops_is_not_resumed(lite, monkeypatch):
    result = SimpleNamespace(status="paused", is_active=True)
    monkeypatch.setattr(run_details, "view", lambda store, run: result)
    with pytest.raises(InputError, match="Run 3 is still stopping: wait a moment"):
        run_service.resume(lite, 3)


def test_a_cell_of_another_sweep_is_named(lite, run):
    made = sweeps.start(lite, "grid", Grid(["S"], ["VGG16"], ["modern"], weights="none"))
    with pytest.raises(NotFoundError, match=r"There is no cell of the sweep 'VGG17 · modern · S · 0'"):
        sweeps.retry(lite, made, CELL)
    with lite.database.reading() as session:
        assert stored_sweeps.get(session, made).id == made


@pytest.mark.parametrize(
    ("right", "n", "bounds"), [(1.0, 4, (0.51, 1.0)), (0.5, 100, (0.404, 0.596)), (0.0, 0, (0, 1))]
)
def test_the_interval_of_an_evaluation_whose_faces_are_gone(lite, monkeypatch, right, n, bounds):
    monkeypatch.setattr(evaluation_details.evaluations, "origins", lambda session, number: [])
    scored = SimpleNamespace(face_ids=[1])
    monkeypatch.setattr(evaluation_details.evaluations, "scored", lambda session, number: scored)
    result = evaluation_details.interval(lite, SimpleNamespace(id=1, accuracy=right, n=n))
    assert (result.low, result.high) == pytest.approx(bounds, abs=0.001) and result.people is None
