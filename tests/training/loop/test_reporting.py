"""Averages, mirrors, other precisions and batches in parts: what is reported, and what a resumed run makes of them."""

import numpy as np
import pytest

from fercore.errors import Cancelled, OutOfMemoryError, TrainingError
from fercore.training.loop.events import Hooks
from fercore.training.loop.validation import read_wrong
from tests.training.loop.test_trainer import TINY, faces, figures, train
from tests.training.loop.test_trainer import small_network as small_network

ALL = {"average": 0.9, "flip_at_test": True, "mixup": 0.2, "class_weights": True, "class_weight_clip": 2.0}


def weights(path):
    import keras

    return keras.saving.load_model(path, compile=False).get_weights()


def cut(folder, **named):
    """Stop after the first epoch, then go on in another model."""
    ended = []
    with pytest.raises(Cancelled):
        train(folder, hooks=Hooks(ended.append, stopped=lambda: bool(ended)), **named)
    return train(folder, resume=True, **named)


@pytest.mark.parametrize(
    "knobs",
    [
        pytest.param({"average": 0.9}, id="averaged"),
        pytest.param({"optimizer": "sgd", "average": "fit"}, id="SGD, averaged"),
        pytest.param(ALL, id="averaged, mirrored, mixed up"),
        pytest.param({"precision": "bfloat16"}, id="bfloat16"),
        pytest.param({"precision": "float16", "average": 0.9}, id="float16 with its loss scaled, averaged"),
    ],
)
def test_a_resumed_run_reaches_the_same_weights(tmp_path, small_network, knobs):
    recipe = TINY.model_copy(update=knobs)
    whole, resumed = train(tmp_path / "whole", recipe=recipe), cut(tmp_path / "cut", recipe=recipe)
    assert figures(whole) == figures(resumed)
    for name in ("model.keras", "checkpoint-0002.keras"):
        for item, other in zip(weights(tmp_path / "whole" / name), weights(tmp_path / "cut" / name), strict=True):
            np.testing.assert_array_equal(item, other)


def test_the_reported_model_holds_the_averages_and_the_checkpoint_both(tmp_path, small_network):
    import keras

    recipe = TINY.model_copy(update={"average": 0.9, "reported": "last"})
    train(tmp_path, recipe=recipe)
    checkpoint = keras.saving.load_model(tmp_path / "checkpoint-0002.keras")
    reported = keras.saving.load_model(tmp_path / "model.keras")
    averages = [v.numpy() for v in checkpoint.optimizer.variables if v.path.endswith("average")]
    for average, learning, message in zip(
        averages, checkpoint.trainable_variables, reported.trainable_variables, strict=True
    ):
        np.testing.assert_array_equal(message.numpy(), average)
        assert (learning.numpy() != average).any()


def test_a_mirrored_model_reads_a_face_and_its_mirror_image_alike(tmp_path, small_network):
    from fercore.prediction.predictor import Predictor

    recipe = TINY.model_copy(update={"flip_at_test": True, "reported": "last"})
    trained = train(tmp_path, recipe=recipe)
    pixels = faces(20, seed=9).pixels
    predictor = Predictor.load(trained.model_path, tmp_path)
    result, mirrored = predictor.probabilities(pixels), predictor.probabilities(pixels[:, :, ::-1].copy())
    np.testing.assert_allclose(result, mirrored, atol=1e-6)
    assert (tmp_path / "model.keras").stat().st_size < (tmp_path / "checkpoint-0002.keras").stat().st_size


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_another_precision_learns_and_is_reported_in_float32(tmp_path, small_network, precision):
    import keras

    trained = train(tmp_path, recipe=TINY.model_copy(update={"precision": precision}))
    checkpoint, reported = (
        keras.saving.load_model(tmp_path / name, compile=False) for name in ("checkpoint-0002.keras", "model.keras")
    )
    kinds = [{layer.compute_dtype for layer in model.layers} for model in (checkpoint, reported)]
    assert precision in kinds[0] and kinds[1] == {"float32"}
    assert all(np.isfinite(epoch.loss) for epoch in trained.history)


def test_what_is_told_of_the_watched_faces(tmp_path, small_network):
    trained = train(tmp_path, recipe=TINY)
    first, second = trained.history
    assert len(first.recalls) == 7 and first.compile_seconds >= 0 and second.compile_seconds is None
    assert first.memory_mb is None or first.memory_mb > 10
    result = read_wrong(tmp_path)
    wrong = round((1 - second.val_accuracy) * 14)
    assert (result.epoch, len(result.faces)) == (2, wrong)


@pytest.mark.parametrize("parts", [2, 3])
def test_batches_in_parts_learn_the_same(tmp_path, small_network, parts):
    recipe = TINY.model_copy(update={"dropout": 0.0, "batch_norm_momentum": 0.0, "optimizer": "sgd"})
    whole, cut_up = train(tmp_path / "whole", recipe=recipe), train(tmp_path / "parts", recipe=recipe, accumulate=parts)
    # Each part has its own batch normalisation, so that the runs are close and not equal.
    assert cut_up.history[0].loss == pytest.approx(whole.history[0].loss, rel=0.15)
    assert [epoch.learning_rate for epoch in cut_up.history] == pytest.approx(
        [epoch.learning_rate for epoch in whole.history], abs=1e-5
    )


def test_a_run_that_lacked_memory_goes_on_with_half_the_batch(tmp_path, small_network, monkeypatch):
    recipe = TINY.model_copy(update={"average": 0.9})
    ended = []
    with pytest.raises(Cancelled):
        train(tmp_path, recipe=recipe, hooks=Hooks(ended.append, stopped=lambda: bool(ended)))

    def full(_done, _steps):
        raise MemoryError("Unable to allocate 2 GiB")

    with pytest.raises(OutOfMemoryError, match="Try 3 at a time") as message:
        train(tmp_path, recipe=recipe, hooks=Hooks(on_batch=full), resume=True)
    assert isinstance(message.value, TrainingError) and (message.value.faces, message.value.parts) == (7, 2)
    batches = []
    hooks = Hooks(on_batch=lambda *done: batches.append(done))
    trained = train(tmp_path, recipe=recipe, resume=True, accumulate=message.value.parts, hooks=hooks)
    assert [epoch.number for epoch in trained.history] == [1, 2]
    assert len(batches) == 12 and trained.history[1].learning_rate == pytest.approx(0, abs=1e-6)


def test_steps_in_one_go_learn_the_same(tmp_path, small_network):
    messages = []
    recipe = TINY.model_copy(update={"steps_per_execution": 4})
    together = train(tmp_path / "together", recipe=recipe, hooks=Hooks(on_batch=lambda *done: messages.append(done)))
    alone = train(tmp_path / "alone", recipe=TINY)
    assert together.history[1].loss == pytest.approx(alone.history[1].loss, rel=1e-4)
    assert messages[-1] == (6, 6)


def test_a_recipe_from_before_a_knob_existed_goes_on(tmp_path, small_network):
    import json

    from fercore.training.loop.checkpoints import TrainingState

    train(tmp_path)
    state = TrainingState.model_validate_json((tmp_path / "training.json").read_text())
    old = json.loads(state.plan["recipe"])
    for knob in ("average", "mixup", "momentum", "flip_at_test", "steps_per_execution"):
        del old[knob]
    plan = {name: value for name, value in state.plan.items() if name != "parts"} | {"recipe": json.dumps(old)}
    (tmp_path / "training.json").write_text(state.model_copy(update={"plan": plan}).model_dump_json())
    assert len(train(tmp_path, resume=True).history) == 2
