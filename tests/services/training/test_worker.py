"""What a training leaves in the store and in its folder, without a network of real size."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy.exc import OperationalError

from fercore.errors import Cancelled, NotFoundError
from fercore.jobs import heartbeat, queue
from fercore.progress import silent
from fercore.services.comparison import stored_evaluations
from fercore.services.prediction import model_files
from fercore.services.training import run_details, snapshots, train_job, worker
from fercore.services.training import runs as run_service
from fercore.services.training.runs import TrainRequest
from fercore.store.datasets import faces as stored_faces
from fercore.store.training import runs
from fercore.training.loop.validation import read_wrong
from fercore.training.recipes.recipe import MODERN, PAPER
from tests.conftest import fill
from tests.training.loop.test_trainer import small_network as small_network


@pytest.mark.parametrize(
    ("recipe", "watched"),
    [
        pytest.param(PAPER, "validation", id="the validation split is watched"),
        pytest.param(
            MODERN.model_copy(update={"validation_share": 0.3}), "train", id="a slice of the training faces is"
        ),
    ],
)
def test_mistakes_name_faces_of_the_store_and_epochs_have_their_facts(lite, small_network, recipe, watched):
    ids = {
        split: fill(lite, "D", [n % 7 for n in range(70)], split, start)
        for split, start in (("test", 0), ("train", 70), ("validation", 140))
    }
    name = snapshots.freeze(lite, "S", ["D"]).name
    run_id = run_service.create(lite, TrainRequest(name, "MobileNetV2", recipe, weights="none", epochs=1))
    train_job.KIND.work(lite, {"run": run_id, "accumulate": 2}, silent)
    result = read_wrong(lite.run_folder(run_id))
    assert result.faces and {wrong.face for wrong in result.faces} <= set(ids[watched])
    with lite.database.reading() as session:
        epoch = runs.epochs(session, run_id)[0]
        labels = dict(zip(ids[watched], [n % 7 for n in range(70)], strict=True))
        pixels = stored_faces.pixels(session, [wrong.face for wrong in result.faces])
    assert [wrong.label for wrong in result.faces] == [labels[wrong.face] for wrong in result.faces]
    assert len(epoch.recalls) == 7 and epoch.compile_seconds > 0 and epoch.memory_mb > 10 and 0 < epoch.device_use <= 1

    from fercore.prediction.predictor import Predictor
    from fercore.services.prediction.model_files import model_path

    message = Predictor.load(model_path(lite, run_id), lite.settings.models_dir).probabilities(pixels)
    np.testing.assert_array_equal(message.argmax(axis=1), [wrong.predicted for wrong in result.faces])
    np.testing.assert_allclose(message.max(axis=1), [wrong.probability for wrong in result.faces], atol=1e-5)


@pytest.fixture
def begun(lite, small_network):
    """A run of two epochs on a snapshot, not started."""
    fill(lite, "D", [n % 7 for n in range(70)], "train", 70)
    name = snapshots.freeze(lite, "S", ["D"]).name
    recipe = MODERN.model_copy(update={"validation_share": 0.3})
    return run_service.create(lite, TrainRequest(name, "MobileNetV2", recipe, weights="none", epochs=2))


def killed(done, total, _message):
    """A progress that ends the process in its second epoch."""
    if total and done > total / 2:
        raise Cancelled("killed")


def numbers(store, run_id):
    with store.database.reading() as session:
        return [epoch.number for epoch in runs.epochs(session, run_id)]


def test_an_epoch_that_was_saved_but_not_told_is_told_by_the_resumed_run(lite, begun):
    with pytest.raises(Cancelled):
        worker.train(lite, begun, killed)
    assert numbers(lite, begun) == [1]
    with lite.database.writing() as session:
        runs.replace_epochs(session, begun, [])
    messages = []
    worker.train(lite, begun, lambda *said_now: messages.append(said_now), resumed=True)
    assert numbers(lite, begun) == [1, 2]
    assert {message for _, total, message in messages if total} == {"Epoch 2 of 2"}


def test_a_resumed_run_whose_folder_is_gone_begins_anew_and_says_so(lite, begun):
    with pytest.raises(Cancelled):
        worker.train(lite, begun, killed)
    shutil.rmtree(lite.run_folder(begun))
    messages = []
    worker.train(lite, begun, lambda *said_now: messages.append(said_now), resumed=True)
    assert numbers(lite, begun) == [1, 2]
    assert "Epoch 1 of 2" in {message for _, total, message in messages if total}


@pytest.mark.parametrize("which", ["run", "models"])
def test_a_models_folder_that_is_deleted_meanwhile_is_said(lite, begun, which):
    def delete(done, total, _message):
        if total and done > total / 2:
            shutil.rmtree(lite.run_folder(begun) if which == "run" else lite.settings.models_dir, ignore_errors=True)

    with pytest.raises(FileNotFoundError):
        worker.train(lite, begun, delete)
    view = run_details.view(lite, begun)
    assert view.status == "failed" and "was removed or changed while the job wrote to it" in view.error
    assert worker.train(lite, begun, silent, resumed=True).status == "done"
    assert numbers(lite, begun) == [1, 2]


def test_one_place_where_nothing_can_be_evaluated_leaves_the_others(lite, begun):
    places = [["gone", "train"], ["D", "test"], ["D", "train"]]
    with pytest.raises(NotFoundError, match="gone"):
        train_job.KIND.work(lite, {"run": begun, "evaluate": places}, silent)
    assert run_details.view(lite, begun).status == "done"
    assert [(item.dataset, item.split) for item in stored_evaluations.listed(lite)] == [("D", "train")]


def test_places_that_were_asked_for_meanwhile_are_evaluated_too(lite, begun, monkeypatch):
    monkeypatch.setattr(queue, "advance", lambda store: None)
    run = run_service.start(lite, run_service.clone(lite, begun))
    request = run_details.view(lite, run).job.arguments
    assert run_service.also_evaluate(lite, run, [("D", "train")])
    train_job.KIND.work(lite, request, silent)
    assert [(item.run, item.split) for item in stored_evaluations.listed(lite)] == [(run, "train")]


def test_a_training_waits_for_a_database_that_is_away_for_a_moment(lite, begun, monkeypatch):
    add, away = runs.add_epoch, [OperationalError("insert", {}, Exception("gone"))] * 2

    def add_epoch(session, epoch):
        if away:
            raise away.pop()
        add(session, epoch)

    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0)
    monkeypatch.setattr(runs, "add_epoch", add_epoch)
    assert worker.train(lite, begun, silent).status == "done"
    assert numbers(lite, begun) == [1, 2]


@pytest.mark.parametrize(
    ("backend", "expected"),
    [
        pytest.param("tensorflow", "Loading TensorFlow and the faces", id="TensorFlow"),
        pytest.param("jax", "Loading JAX and the faces", id="JAX"),
        pytest.param("torch", "Loading PyTorch and the faces", id="PyTorch"),
    ],
)
def test_the_start_names_the_backend(lite, backend, expected):
    fill(lite, "D", [n % 7 for n in range(7)])
    name = snapshots.freeze(lite, "S", ["D"]).name
    run_id = run_service.create(lite, TrainRequest(name, "MobileNetV2", PAPER, weights="none", epochs=1))
    messages = []

    def stop(_done, _total, message):
        messages.append(message)
        raise Cancelled("heard enough")

    installation = replace(lite, settings=lite.settings.model_copy(update={"keras_backend": backend}))
    with pytest.raises(Cancelled):
        worker.train(installation, run_id, stop)
    assert messages == [expected]


def test_a_run_goes_on_on_a_machine_that_shares_no_disk(lite, begun, tmp_path):
    pytest.importorskip("fsspec")
    run_id = begun
    first, two = (
        replace(lite, settings=lite.settings.model_copy(update={"models_dir": tmp_path / name, "runs_url": address}))
        for address in [f"file://{tmp_path}/depot"]
        for name in ("one", "two")
    )
    with pytest.raises(Cancelled):
        worker.train(first, run_id, killed)
    assert worker.train(two, run_id, silent, resumed=True).status == "done"
    with lite.database.reading() as session:
        assert [epoch.number for epoch in runs.epochs(session, run_id)] == [1, 2]
    sent = model_files.model_path(two, run_id)
    left = {path.name for path in (tmp_path / "depot" / f"run-{run_id}").iterdir()}
    kept = {"model.keras", "wrong.json", "wrong-reported.json", "dynamics.npy", "dynamics-faces.npy"}
    assert left == kept, "the checkpoint goes when a run is done"
    assert model_files.model_path(first, run_id).read_bytes() == sent.read_bytes()
    result = run_details.with_epochs(first, [run_id])[0]
    assert run_details.wrong(first, result).epoch == result.run.reported_epoch
    run_service.remove(first, run_id)
    assert not list((tmp_path / "depot").iterdir())
