"""Training dynamics: what each epoch's own steps thought of each face, whatever the training does besides."""

import numpy as np
import pytest

from fercore.errors import Cancelled, StoredDataError
from fercore.training.data.faces import TrainingFaces
from fercore.training.loop import dynamics
from fercore.training.loop.dynamics import TrainingDynamics
from fercore.training.loop.events import Hooks
from fercore.training.recipes.recipe import MODERN
from tests.training.loop.test_trainer import TINY, faces, train


def halves(*rows):
    return np.array(rows, np.float16)


def test_figures_of_a_face_over_epochs():
    """Toneva's example: right, wrong, right, wrong is two forgetting events; a face never learned has none."""
    confidence = halves([0.9, 0.1, 0.5], [0.3, 0.1, 0.5], [0.8, 0.1, 0.5], [0.2, 0.1, 0.5])
    margin = halves([0.8, -0.7, 0.2], [-0.1, -0.7, 0.2], [0.7, -0.7, 0.2], [-0.3, -0.7, 0.2])
    made = dynamics.summary(TrainingDynamics(np.arange(3), confidence, margin))
    assert made.forgetting.tolist() == [2, 0, 0]
    assert made.confidence == pytest.approx([0.55, 0.1, 0.5], abs=1e-3)
    assert made.variability == pytest.approx([np.std([0.9, 0.3, 0.8, 0.2]), 0, 0], abs=1e-3)
    assert made.margin == pytest.approx([0.275, -0.7, 0.2], abs=1e-3)
    assert made.loss[1:] == pytest.approx([-np.log(0.1), -np.log(0.5)], abs=1e-3)


def test_a_probability_of_nothing_has_a_finite_loss():
    made = dynamics.summary(TrainingDynamics(np.arange(1), halves([0.0]), halves([-1.0])))
    assert np.isfinite(made.loss).all()


def test_an_epochs_outputs_are_put_where_their_faces_are():
    """A face that fills up the last batch counts as it was seen first."""
    given = np.eye(7, dtype=np.float32)[[3, 5, 5, 0]] * 0.5 + 0.5 / 7
    kept = dynamics.of_epoch(given, np.array([2, 0, 1, 2]), np.array([5, 0, 3]))
    high, low = 0.5 + 0.5 / 7, 0.5 / 7
    assert kept == pytest.approx(np.array([[high, 0.5], [low, -0.5], [high, 0.5]]), abs=1e-3)


@pytest.fixture
def small(monkeypatch):
    """A network that is traced in a moment."""
    from tests.training.small import build

    monkeypatch.setattr("fercore.training.loop.trainer.build", build)


KINDS = {
    "plain": {},
    "mixup": {"mixup": 0.4},
    "average": {"average": "fit"},
    "several steps at once": {"steps_per_execution": 3},
    "the paper's": {"validate_on": "validation", "class_weights": True},
}


def recipe(kind):
    return TINY.model_copy(update=KINDS[kind])


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[] if kind in ("plain", "mixup") else pytest.mark.long) for kind in KINDS]
)
def test_a_training_keeps_them_and_going_on_changes_nothing(small, tmp_path, kind):
    given = faces(70)
    given = TrainingFaces(given.pixels, given.labels, ids=np.arange(70) * 3 + 5)
    train(tmp_path / "whole", given, recipe=recipe(kind), epochs=3)
    ended = []
    with pytest.raises(Cancelled):
        train(
            tmp_path / "cut",
            given,
            recipe=recipe(kind),
            epochs=3,
            hooks=Hooks(ended.append, stopped=lambda: bool(ended)),
        )
    train(tmp_path / "cut", given, recipe=recipe(kind), epochs=3, resume=True)
    whole, cut = dynamics.read(tmp_path / "whole"), dynamics.read(tmp_path / "cut")
    assert (
        whole.confidence.shape == whole.margin.shape == (3, len(whole.faces)) and whole.confidence.dtype == np.float16
    )
    assert set(whole.faces) <= set(given.ids.tolist()) and (np.diff(whole.faces) > 0).all()
    assert (len(whole.faces) == 70) == (recipe(kind).validate_on == "validation")
    assert np.array_equal(cut.faces, whole.faces)
    assert np.array_equal(cut.confidence, whole.confidence) and np.array_equal(cut.margin, whole.margin)
    assert ((whole.confidence > 0) & (whole.confidence <= 1)).all() and len(np.unique(whole.confidence)) > 20


@pytest.mark.slow
def test_they_are_what_the_steps_said(small, tmp_path, monkeypatch):
    """With nothing random and a rate of nothing, an epoch's outputs are the untrained model's predictions."""
    from fercore.training.loop import trainer
    from tests.training.small import build

    models = []
    monkeypatch.setattr(trainer, "build", lambda *given: models.append(build(*given)) or models[-1])
    still = {
        "dropout": 0.0,
        "augmentation": MODERN.augmentation.model_copy(update=dict.fromkeys(NOTHING, 0) | {"flip": False}),
    }
    still |= {
        "learning_rate_scratch": 1e-12,
        "batch_norm_momentum": 0.0,
        "small_batch_size": 70,
        "validate_on": "validation",
        "mixup": 0.0,
    }
    given = faces(70)
    train(tmp_path, given, recipe=TINY.model_copy(update=still), epochs=1)
    said = models[0](given.pixels, training=True)
    import keras

    expected = keras.ops.convert_to_numpy(said)[np.arange(70), given.labels]
    assert dynamics.read(tmp_path).confidence[0] == pytest.approx(expected, abs=2e-3)


NOTHING = ("rotation_degrees", "shear_degrees", "shift", "zoom")


@pytest.mark.slow
def test_a_checkpoint_of_an_earlier_version_goes_on_without_them(small, tmp_path):
    from fercore.training.loop.config import TrainingConfig

    ended = []
    monkey = TrainingConfig.__dataclass_fields__["dynamics"]
    assert monkey.default is True
    from fercore.training.loop import trainer
    from tests.training.loop.test_trainer import plan

    config = plan(recipe=TINY, epochs=2)
    before = TrainingConfig(config.backbone, config.recipe, config.weights, config.seed, config.epochs, dynamics=False)
    with pytest.raises(Cancelled):
        trainer.train(before, faces(70), None, tmp_path, Hooks(ended.append, stopped=lambda: bool(ended)))
    trained = trainer.train(config, faces(70), None, tmp_path, resume=True)
    assert len(trained.history) == 2 and dynamics.read(tmp_path) is None


@pytest.mark.parametrize("spoil", ["text", "other faces", "pickled"])
def test_what_cannot_be_read_is_said(tmp_path, spoil):
    dynamics.write(tmp_path, [halves([0.5, 0.1])], np.arange(1))
    file = tmp_path / dynamics.DYNAMICS_FILE
    if spoil == "text":
        file.write_text("nothing")
    elif spoil == "pickled":
        np.save(file, np.array([object()]), allow_pickle=True)
    else:
        np.save(tmp_path / dynamics.FACES_FILE, np.arange(9))
    with pytest.raises(StoredDataError, match="training dynamics"):
        dynamics.read(tmp_path)
    assert dynamics.epochs_before(tmp_path, 1, np.arange(1)) is None


def test_faces_that_are_gone_leave(tmp_path):
    dynamics.write(tmp_path, [halves([0.5, 0.1], [0.6, 0.2], [0.7, 0.3])], np.array([4, 7, 9]))
    left = dynamics.read(tmp_path).without(np.array([7]))
    assert left.faces.tolist() == [4, 9] and left.margin[0] == pytest.approx([0.1, 0.3], abs=1e-3)
