"""What a training decides while it runs, and the training itself (slow)."""

from unittest.mock import Mock

import numpy as np
import pytest

from fercore.errors import Cancelled, InputError, OutOfMemoryError, StoredDataError, TrainingError
from fercore.training.data.faces import TrainingFaces
from fercore.training.loop.events import EpochMetrics, Hooks, reported_epoch, should_stop
from fercore.training.models.backbones import BACKBONES, backbone
from fercore.training.recipes.recipe import MODERN, PAPER

TINY = MODERN.model_copy(update={"small_batch_size": 8, "validation_share": 0.25, "learning_rate_scratch": 1e-3})


def history(*accuracies):
    return [
        EpochMetrics(number=i, loss=1, accuracy=0.5, val_loss=None, val_accuracy=watched, learning_rate=1e-5, seconds=1)
        for i, watched in enumerate(accuracies, start=1)
    ]


@pytest.mark.parametrize(
    ("accuracies", "recipe", "expected"),
    [
        pytest.param((), MODERN, None, id="nothing trained"),
        pytest.param((0.3, 0.5, 0.4), PAPER, 3, id="the paper reports the last"),
        pytest.param((0.3, 0.5, 0.4), MODERN, 2, id="modern the best"),
        pytest.param((0.3, 0.5, 0.5), MODERN, 2, id="the first of equals"),
        pytest.param((None, None), MODERN, 2, id="nothing watched: the last"),
    ],
)
def test_reported_epoch(accuracies, recipe, expected):
    assert reported_epoch(history(*accuracies), recipe) == expected


@pytest.mark.parametrize(
    ("accuracies", "patience", "expected"),
    [
        pytest.param((0.5, 0.4), 2, False, id="one worse"),
        pytest.param((0.5, 0.4, 0.5), 2, True, id="equal is no rise"),
        pytest.param((0.5, 0.4, 0.6), 2, False, id="risen again"),
        pytest.param((0.5, 0.4, 0.4), None, False, id="no early stopping"),
        pytest.param((None, None, None), 1, False, id="nothing watched"),
        pytest.param((), 1, False, id="not begun"),
    ],
)
def test_early_stopping(accuracies, patience, expected):
    assert should_stop(history(*accuracies), patience) is expected


def faces(count, seed=0, emotions=7):
    random = np.random.default_rng(seed)
    labels = np.arange(count) % emotions
    pixels = random.integers(0, 60, (count, 48, 48)) + 25 * labels[:, None, None]
    return TrainingFaces(pixels.astype(np.uint8), labels)


def plan(recipe=TINY, epochs=2, seed=1, name="MobileNetV2", accumulate=1):
    from fercore.training.loop.config import TrainingConfig

    return TrainingConfig(backbone(name), recipe, "none", seed, epochs, accumulate)


def train(folder, given=None, **named):
    from fercore.training.loop import trainer

    validation, hooks, resume = (named.pop(key, None) for key in ("validation", "hooks", "resume"))
    return trainer.train(plan(**named), faces(56) if given is None else given, validation, folder, hooks, bool(resume))


def figures(trained):
    clocks = {"seconds": 0.0, "compile_seconds": None, "memory_mb": None, "device_use": None}
    return [epoch.model_copy(update=clocks) for epoch in trained.history]


def test_no_faces_is_one_sentence(tmp_path):
    nothing = TrainingFaces(np.zeros((0, 48, 48), dtype=np.uint8), np.zeros(0, dtype=np.int64))
    with pytest.raises(InputError, match="no faces to train on"):
        train(tmp_path, nothing)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(BACKBONES))
@pytest.mark.parametrize(
    "recipe", [pytest.param(PAPER, id="paper", marks=pytest.mark.long), pytest.param(MODERN, id="modern")]
)
def test_zero_epochs_counts_parameters_and_writes_nothing(tmp_path, name, recipe):
    trained = train(tmp_path, recipe=recipe, epochs=0, name=name)
    expected = BACKBONES[name]
    assert (trained.params_total, trained.params_trainable) == (expected.params_total, expected.params_trainable)
    assert (trained.history, trained.reported_epoch, trained.model_path) == ([], None, None)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small_network(monkeypatch):
    """Every backbone is a network that is traced in a moment."""
    from fercore.training.loop import trainer
    from tests.training import small

    monkeypatch.setattr(trainer, "build", small.build)


def test_a_run_is_repeatable_and_tells_its_progress(tmp_path, small_network):
    seen, batches = [], []
    whole = train(tmp_path / "whole", hooks=Hooks(seen.append, lambda *done: batches.append(done)))
    assert seen == whole.history and [epoch.number for epoch in seen] == [1, 2]
    assert batches == [(i, 6) for i in range(1, 7)] * 2
    assert figures(train(tmp_path / "again")) == figures(whole)
    assert figures(train(tmp_path / "other", seed=2)) != figures(whole)


@pytest.mark.parametrize(
    ("batch", "finished"), [pytest.param(2, 0, id="in the first epoch"), pytest.param(9, 1, id="in the second")]
)
def test_a_cancelled_run_goes_on_as_if_nothing_had_been(tmp_path, small_network, batch, finished):
    whole = train(tmp_path / "whole")
    request = iter(range(100))
    with pytest.raises(Cancelled):
        train(tmp_path / "cut", hooks=Hooks(stopped=lambda: next(request) >= batch))
    assert len(list((tmp_path / "cut").glob("checkpoint-*.keras"))) == finished
    messages = []
    assert figures(train(tmp_path / "cut", resume=True, hooks=Hooks(messages.append))) == figures(whole)
    assert [epoch.number for epoch in messages] == [1, 2][finished:]
    files = sorted(path.name for path in (tmp_path / "cut").iterdir())
    kept = ["checkpoint-0002.keras", "dynamics-faces.npy", "dynamics.npy", "model.keras", "training.json"]
    assert files == [*kept, "wrong-reported.json", "wrong.json"]
    assert figures(train(tmp_path / "cut", resume=True, hooks=Hooks(messages.append))) == figures(whole)
    assert len(messages) == 2 - finished


def test_a_full_disk_leaves_no_half_file(tmp_path, small_network, monkeypatch):
    import keras

    train(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())

    def full(_model, path):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keras.Model, "save", full)
    with pytest.raises(OSError, match="No space"):
        train(tmp_path, seed=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_run_does_not_go_on_by_another_plan_or_from_a_broken_checkpoint(tmp_path, small_network, monkeypatch):
    import keras

    train(tmp_path)
    with pytest.raises(InputError, match="cannot go on: seed"):
        train(tmp_path, resume=True, seed=2)
    (tmp_path / "checkpoint-0002.keras").write_bytes(b"PK broken")
    with pytest.raises(StoredDataError, match="cannot be read"):
        train(tmp_path, resume=True)
    for why in (MemoryError("no memory"), PermissionError(13, "not yours")):
        monkeypatch.setattr(keras.saving, "load_model", Mock(side_effect=why))
        with pytest.raises((OutOfMemoryError, PermissionError)):
            train(tmp_path, resume=True)  # nothing is wrong with the file
    (tmp_path / "training.json").write_text("{")
    with pytest.raises(StoredDataError, match="not a readable training state"):
        train(tmp_path, resume=True)


def test_the_best_watched_epoch_is_the_model_that_is_kept(tmp_path, small_network):
    from fercore.prediction.predictor import Predictor
    from fercore.training.data.faces import hold_out

    trained = train(tmp_path, epochs=6)
    watched = hold_out(faces(56), TINY.validation_share, seed=1)[1]
    result = Predictor.load(trained.model_path, tmp_path).probabilities(watched.pixels).argmax(axis=1)
    stored = trained.history[trained.reported_epoch - 1].val_accuracy
    assert stored == max(epoch.val_accuracy for epoch in trained.history)
    assert (result == watched.labels).mean() == pytest.approx(stored)


def test_early_stopping_ends_a_run(tmp_path, small_network):
    stuck = PAPER.model_copy(update={"learning_rate": 1e-12, "patience": 2})
    trained = train(tmp_path, recipe=stuck, epochs=9, validation=faces(14, seed=3))
    assert len(trained.history) == trained.reported_epoch < 9


@pytest.mark.parametrize(
    ("given", "recipe"),
    [
        pytest.param(faces(1), MODERN, id="one face"),
        pytest.param(faces(9, emotions=1), PAPER, id="one emotion, batch bigger than the data"),
    ],
)
def test_tiny_sets_train(tmp_path, small_network, given, recipe):
    trained = train(tmp_path, given, recipe=recipe, epochs=1)
    assert trained.reported_epoch == 1 and trained.history[0].val_accuracy is None
    assert trained.model_path == tmp_path / "model.keras" and trained.model_path.is_file()
    assert trained.class_weights == {"Angry": 1.0}


def test_a_run_away_loss_is_one_sentence(tmp_path, small_network):
    wild = PAPER.model_copy(update={"learning_rate": 1e38})
    with pytest.raises(TrainingError, match="Lower the learning rate"):
        train(tmp_path, recipe=wild, epochs=9)


@pytest.mark.long  # a journey in the browser trains it, too
def test_two_epochs_of_mobilenet_end_in_a_model_that_predicts(tmp_path):
    from fercore.prediction.predictor import Predictor

    trained = train(tmp_path)
    assert [epoch.number for epoch in trained.history] == [1, 2]
    result = Predictor.load(trained.model_path, tmp_path).probabilities(faces(10).pixels)
    np.testing.assert_allclose(result.sum(axis=1), 1, atol=1e-6)


@pytest.mark.slow
def test_weights_of_another_network_are_refused(tmp_path):
    from fercore.training.models.network import build

    path = tmp_path / "vgg.h5"
    build(backbone("VGG16"), PAPER, None).save_weights(tmp_path / "vgg.weights.h5")
    (tmp_path / "vgg.weights.h5").rename(path)
    with pytest.raises(InputError, match="do not fit MobileNetV2"):
        build(backbone("MobileNetV2"), PAPER, path)
