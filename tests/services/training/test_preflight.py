"""What is said before a training starts: leaks between splits, rare emotions, missing pieces, time."""

from dataclasses import replace

import pytest

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.faces.pixels import pixel_hash
from fercore.jobs import queue
from fercore.services.training import preflight, snapshots, step_measurement
from fercore.services.training import runs as run_service
from fercore.services.training.runs import TrainRequest
from fercore.store.datasets import datasets, faces
from fercore.store.datasets.faces import NewFace
from fercore.store.tables import Epoch
from fercore.store.training import runs
from fercore.training.models.backbones import SMALL_RESNET
from fercore.training.recipes.recipe import MODERN, PAPER
from tests.conftest import noise


def snapshot(store, rows, name="S"):
    """A snapshot of faces (picture, emotion, split, person)."""
    new = [
        NewFace(
            identity=f"{n}",
            split=split,
            emotion=emotion,
            word="",
            pixel_hash=pixel_hash(noise(picture)),
            gray=noise(picture),
            subject=person,
        )
        for n, (picture, emotion, split, person) in enumerate(rows)
    ]
    with store.database.writing() as session:
        begun = datasets.begin_import(session, f"D-{name}", "folder", "x")
        faces.add(session, begun.dataset_id, begun.id, new)
    snapshots.freeze(store, name, [f"D-{name}"])
    return name


def request(name, recipe=MODERN, weights="none", **more):
    return TrainRequest(name, more.pop("backbone", "MobileNetV2"), recipe, weights, **more)


ENOUGH = [(n, n % 7, "train", f"p{n}") for n in range(140)]
SEEN = [(1000 + n, n % 7, "validation", f"q{n}") for n in range(7)]


@pytest.mark.parametrize(
    ("rows", "recipe", "expected"),
    [
        pytest.param([*ENOUGH, *SEEN], PAPER, {}, id="nothing to say"),
        pytest.param([*ENOUGH, (5, 5, "test", None)], MODERN, {"shared faces": "1 training face "}, id="same pixels"),
        pytest.param([*ENOUGH, (5, 5, "train", None)], MODERN, {}, id="same pixels in one split"),
        pytest.param([*ENOUGH, (999, 1, "test", "p3")], MODERN, {"shared people": "1 person "}, id="same person"),
        pytest.param([*ENOUGH, (998, 1, "test", None), (999, 1, "test", None)], MODERN, {}, id="nobody knows who"),
        pytest.param(ENOUGH[:133], MODERN, {"few faces": "Fewer than 20"}, id="rare emotions"),
        pytest.param([r for r in ENOUGH if r[1] != 1], MODERN, {"no faces": "shows Disgust"}, id="a missing emotion"),
        pytest.param(ENOUGH, PAPER, {"no validation": "without early stopping"}, id="nothing to watch"),
        pytest.param(ENOUGH, MODERN, {}, id="its own slice to watch"),
        pytest.param([(*r[:3], "p") for r in ENOUGH], MODERN, {"no validation": "show one person"}, id="one person"),
        pytest.param([*[(*r[:3], "p") for r in ENOUGH], (999, 1, "train", None)], MODERN, {}, id="and one unknown"),
    ],
)
def test_cautions(store, rows, recipe, expected):
    result = {
        caution.kind: caution.text for caution in preflight.cautions(store, request(snapshot(store, rows), recipe))
    }
    assert set(result) == set(expected)
    assert all(part in result[kind] for kind, part in expected.items())


def test_missing_imagenet_weights_are_named(lite, monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    result = preflight.cautions(lite, request(snapshot(lite, ENOUGH), weights="imagenet"))
    assert [row.kind for row in result] == ["no weights"]


def test_the_forecast_counts_and_learns_from_earlier_runs(lite):
    name = snapshot(lite, ENOUGH)
    first = preflight.forecast(lite, request(name, epochs=10))
    assert first.counts["train"] == dict.fromkeys(EMOTIONS, 20) and first.seconds is None
    run = run_service.create(lite, request(name))
    with lite.database.writing() as session:
        for number, seconds in ((1, 30.0), (2, 7.0), (3, 8.0)):
            item = Epoch(run_id=run, number=number, loss=1, accuracy=0, learning_rate=0, seconds=seconds)
            runs.add_epoch(session, item)
    twice = snapshot(lite, [*ENOUGH, *((n + 500, n % 7, "train", None) for n in range(140))], "T")
    seen = preflight.forecast(lite, request(twice, epochs=10))
    assert (seen.time.epoch, seen.seconds) == (16.0, 160.0), "the median, for twice as many faces"


def test_several_trainings_take_as_long_as_their_epochs_together(lite):
    name = snapshot(lite, ENOUGH)
    wanted = [request(name, epochs=10), request(name, epochs=5)]
    assert preflight.seconds(lite, wanted) is None
    run = run_service.create(lite, wanted[0])
    with lite.database.writing() as session:
        runs.add_epoch(session, Epoch(run_id=run, number=1, loss=1, accuracy=0, learning_rate=0, seconds=8.0))
    assert preflight.seconds(lite, wanted) == pytest.approx(120.0), "one after the other on this machine"
    assert preflight.seconds(lite, [*wanted, replace(wanted[0], backbone="VGG16")]) is None, "it was never seen"


def test_what_cannot_be_trained_has_no_forecast(lite):
    with pytest.raises(InputError, match="no training faces"):
        preflight.forecast(lite, request(snapshot(lite, SEEN)))


@pytest.mark.slow
def test_a_few_steps_are_measured_in_a_job(lite):
    few = MODERN.model_copy(update={"small_batch_size": 16})
    wanted = request(snapshot(lite, ENOUGH[:70]), few, epochs=4, backbone=SMALL_RESNET)
    job = queue.wait(lite, step_measurement.start(lite, wanted))
    assert job.status == "done", job.error
    result = preflight.forecast(lite, wanted)
    assert result.measured and result.memory_mb > 100
    assert result.time.epoch > 0 and result.time.start > 0
    assert result.seconds == pytest.approx(result.time.start + 4 * result.time.epoch)
    assert job.result["steps_per_epoch"] == 4, "63 of 70 faces, 16 at a time"
    assert job.result["first_seconds"] > job.result["step_seconds"]
    other = request(
        wanted.snapshot, wanted.recipe.model_copy(update={"small_batch_size": 8}), epochs=4, backbone=SMALL_RESNET
    )
    assert not preflight.forecast(lite, other).measured
    everywhere = request(wanted.snapshot, wanted.recipe, epochs=4, all_gpus=True, backbone=SMALL_RESNET)
    assert not preflight.forecast(lite, everywhere).measured, "several GPUs share a batch: another time, another memory"
    assert list(lite.settings.models_dir.iterdir()) == [], "nothing is kept"


@pytest.mark.parametrize(("all_gpus", "wanted"), [(False, 1), (True, queue.ALL_GPUS)])
def test_steps_are_measured_on_as_many_gpus_as_the_training_will_have(lite, monkeypatch, all_gpus, wanted):
    submitted = []
    monkeypatch.setattr(queue, "submit", lambda _, kind, request, gpus: submitted.append((request, gpus)))
    step_measurement.start(lite, request(snapshot(lite, ENOUGH), all_gpus=all_gpus))
    [(measured, gpus)] = submitted
    assert (measured.all_gpus, gpus) == (all_gpus, wanted)
