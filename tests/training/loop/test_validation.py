"""Figures over the watched faces, and the mistakes that are shown."""

import numpy as np
import pytest

from fercore.training.data.faces import TrainingFaces, hold_out
from fercore.training.loop.events import EpochMetrics
from fercore.training.loop.validation import WRONG_FACES, WRONG_FILE, figures, read_wrong, worst


def faces(labels, ids=None):
    return TrainingFaces(np.zeros((len(labels), 48, 48), np.uint8), np.array(labels), ids=ids)


def sure(predicted, probability):
    """(N, 7) that give one emotion this probability and share the rest out."""
    result = np.full((len(predicted), 7), 0.0) + (1 - np.array(probability)[:, None]) / 6
    result[np.arange(len(predicted)), predicted] = probability
    return result.astype(np.float32)


def test_recall_is_none_where_there_is_no_face():
    result = figures(faces([0, 0, 3, 6]), sure([0, 3, 3, 0], [0.9] * 4), 0.0)
    assert result.recalls == [0.5, None, None, 1.0, None, None, 0.0]
    assert result.accuracy == 0.5


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_the_loss_is_keras_own(smoothing):
    import keras

    random = np.random.default_rng(0)
    probabilities = random.dirichlet(np.ones(7), 30).astype(np.float32)
    labels = random.integers(0, 7, 30)
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=smoothing)
    expected = float(keras.ops.convert_to_numpy(loss(np.eye(7, dtype=np.float32)[labels], probabilities)))
    assert figures(faces(labels), probabilities, smoothing).loss == pytest.approx(expected, rel=1e-5)


def test_the_surest_mistakes_come_first_and_name_their_faces():
    given = faces([0, 1, 2, 3], ids=np.array([70, 71, 72, 73]))
    result = worst(5, given, sure([1, 1, 0, 0], [0.6, 0.99, 0.9, 0.7]))
    assert [(face.row, face.face, face.label, face.predicted) for face in result.faces] == [
        (2, 72, 2, 0),
        (3, 73, 3, 0),
        (0, 70, 0, 1),
    ]
    assert result.epoch == 5 and result.faces[0].probability == pytest.approx(0.9)
    many = faces([0] * 60)
    assert len(worst(1, many, sure([1] * 60, [0.5] * 60)).faces) == WRONG_FACES
    assert worst(1, many, sure([1] * 60, [0.5] * 60)).faces[0].face is None


def test_a_slice_keeps_the_numbers_of_its_faces():
    random = np.random.default_rng(0)
    given = TrainingFaces(random.integers(0, 256, (70, 48, 48), np.uint8), np.arange(70) % 7, ids=np.arange(70) + 1000)
    learned, watched = hold_out(given, 0.3, seed=4)
    assert len(watched) and sorted([*learned.ids, *watched.ids]) == list(range(1000, 1070))
    np.testing.assert_array_equal(given.pixels[watched.ids - 1000], watched.pixels)


def test_a_folder_without_mistakes_or_with_a_broken_file_shows_none(tmp_path):
    assert read_wrong(tmp_path) is None
    (tmp_path / WRONG_FILE).write_text("{")
    assert read_wrong(tmp_path) is None


def test_epochs_of_older_runs_are_read():
    old = '{"number":1,"loss":1,"accuracy":0.5,"watch_loss":null,"watch_accuracy":0.25,"learning_rate":1,"seconds":1}'
    epoch = EpochMetrics.model_validate_json(old)
    assert (epoch.recalls, epoch.val_loss, epoch.val_accuracy) == (None, None, 0.25)
    assert EpochMetrics.model_validate_json(epoch.model_dump_json()) == epoch
    assert "watch" not in epoch.model_dump_json()
