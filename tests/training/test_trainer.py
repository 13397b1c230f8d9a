"""What a training decides while it runs, and the training itself (slow)."""

import json

import numpy as np
import pytest

from fercore.errors import Cancelled, InputError, StoredDataError, TrainingError
from fercore.training.backbones import BACKBONES, backbone
from fercore.training.data import Faces
from fercore.training.progress import Epoch, Hooks, reported_epoch, should_stop
from fercore.training.recipe import MODERN, PAPER

TINY = MODERN.model_copy(update={"small_batch_size": 8, "watch_share": 0.25, "learning_rate_scratch": 1e-3})


def history(*accuracies):
    return [
        Epoch(number=i, loss=1, accuracy=0.5, watch_loss=None, watch_accuracy=watched, learning_rate=1e-5, seconds=1)
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
    return Faces(pixels.astype(np.uint8), labels)


def plan(recipe=TINY, epochs=2, seed=1, name="MobileNetV2"):
    from fercore.training.trainer import Plan

    return Plan(backbone(name), recipe, "none", seed, epochs)


def train(folder, given=None, **named):
    from fercore.training import trainer

    watch, hooks, resume = (named.pop(key, None) for key in ("watch", "hooks", "resume"))
    return trainer.train(plan(**named), given or faces(56), watch, folder, hooks, bool(resume))


def figures(trained):
    return [epoch.model_copy(update={"seconds": 0.0}) for epoch in trained.history]


def test_no_faces_is_one_sentence(tmp_path):
    nothing = Faces(np.zeros((0, 48, 48), dtype=np.uint8), np.zeros(0, dtype=np.int64))
    with pytest.raises(InputError, match="no faces to train on"):
        train(tmp_path, nothing)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(BACKBONES))
@pytest.mark.parametrize("recipe", [pytest.param(PAPER, id="paper"), pytest.param(MODERN, id="modern")])
def test_zero_epochs_counts_parameters_and_writes_nothing(tmp_path, name, recipe):
    trained = train(tmp_path, recipe=recipe, epochs=0, name=name)
    expected = BACKBONES[name]
    assert (trained.params_total, trained.params_trainable) == (expected.params_total, expected.params_trainable)
    assert (trained.history, trained.reported_epoch, trained.model_path) == ([], None, None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_cancel_resume_and_repeat_give_the_same_figures(tmp_path):
    seen, batches = [], []
    whole = train(tmp_path / "whole", hooks=Hooks(seen.append, lambda *done: batches.append(done)))
    assert seen == whole.history and [epoch.number for epoch in seen] == [1, 2]
    assert batches == [(i, 6) for i in range(1, 7)] * 2
    assert figures(train(tmp_path / "again")) == figures(whole)

    asked = iter(range(100))
    with pytest.raises(Cancelled):
        train(tmp_path / "cut", hooks=Hooks(stopped=lambda: next(asked) >= 9))
    assert json.loads((tmp_path / "cut" / "training.json").read_text())["checkpoint"] == "checkpoint-0001.keras"
    resumed = train(tmp_path / "cut", resume=True)
    assert figures(resumed) == figures(whole)
    assert sorted(path.name for path in (tmp_path / "cut").iterdir()) == [
        "checkpoint-0002.keras",
        "model.keras",
        "training.json",
    ]
    with pytest.raises(InputError, match="seed changed"):
        train(tmp_path / "cut", resume=True, seed=2)
    assert figures(train(tmp_path / "cut", resume=True)) == figures(whole)
    (tmp_path / "cut" / "checkpoint-0002.keras").write_bytes(b"PK broken")
    with pytest.raises(StoredDataError, match="cannot be read"):
        train(tmp_path / "cut", resume=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "recipe"),
    [
        pytest.param(faces(1), MODERN, id="one face"),
        pytest.param(faces(9, emotions=1), PAPER, id="one emotion, batch bigger than the data"),
    ],
)
def test_tiny_sets_train(tmp_path, given, recipe):
    trained = train(tmp_path, given, recipe=recipe, epochs=1)
    assert trained.reported_epoch == 1 and trained.history[0].watch_accuracy is None
    assert trained.model_path == tmp_path / "model.keras" and trained.model_path.is_file()
    assert trained.class_weights == {"Angry": 1.0}


@pytest.mark.slow
def test_a_run_away_loss_is_one_sentence(tmp_path):
    wild = PAPER.model_copy(update={"learning_rate": 1e30})
    with pytest.raises(TrainingError, match="Lower the learning rate"):
        train(tmp_path, recipe=wild, epochs=3)


@pytest.mark.slow
def test_weights_of_another_network_are_refused(tmp_path):
    from fercore.training.network import build

    path = tmp_path / "vgg.h5"
    build(backbone("VGG16"), PAPER, None).save_weights(tmp_path / "vgg.weights.h5")
    (tmp_path / "vgg.weights.h5").rename(path)
    with pytest.raises(InputError, match="do not fit MobileNetV2"):
        build(backbone("MobileNetV2"), PAPER, path)
