"""The predictor: which files it takes, and what it makes of faces."""

import subprocess
import sys
import threading
import zipfile

import numpy as np
import pytest

from fercore.errors import InputError, StoredDataError
from fercore.prediction.predictor import Predictor
from fercore.settings import ROOT


class Counting:
    """Stands in for a model: tells the batch sizes it met."""

    def __init__(self):
        self.sizes = []

    def predict_on_batch(self, pixels):
        self.sizes.append(len(pixels))
        shares = np.ones((len(pixels), 7))
        shares[:, 0] = 1 + pixels[:, 0, 0]
        return shares


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        pytest.param(0, [], id="none"),
        pytest.param(1, [8], id="one"),
        pytest.param(9, [256], id="nine"),
        pytest.param(300, [256, 256], id="two batches"),
        pytest.param(257, [256, 8], id="a short rest"),
    ],
)
def test_batches_have_two_sizes_only_and_rows_keep_their_order(count, sizes):
    model, pixels = Counting(), np.zeros((count, 48, 48), dtype=np.uint8)
    pixels[:, 0, 0] = np.arange(count) % 200
    result = Predictor(model).probabilities(pixels)
    assert model.sizes == sizes
    assert result.shape == (count, 7) and result.dtype == np.float32
    np.testing.assert_allclose(result.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(result[:, 0], (1 + pixels[:, 0, 0].astype(float)) / (7.0 + pixels[:, 0, 0]), rtol=1e-6)


@pytest.mark.parametrize(
    "pixels",
    [
        pytest.param(np.zeros((1, 48, 48)), id="floats"),
        pytest.param(np.zeros((48, 48), np.uint8), id="one face without its axis"),
        pytest.param(np.zeros((1, 32, 32), np.uint8), id="other size"),
    ],
)
def test_other_pixels_are_refused(pixels):
    with pytest.raises(InputError, match="expected uint8"):
        Predictor(Counting()).probabilities(pixels)


def outside(models):
    path = models.parent / "model.keras"
    path.touch()
    return path


def linked_out(models):
    path = models / "model.keras"
    path.symlink_to(outside(models))
    return path


def pickled(models):
    path = models / "model.pkl"
    path.touch()
    return path


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(outside, "in the models folder", id="outside"),
        pytest.param(lambda models: models / ".." / "model.keras", "in the models folder", id="climbing"),
        pytest.param(linked_out, "in the models folder", id="link out"),
        pytest.param(pickled, "in the models folder", id="pickle"),
        pytest.param(lambda models: models / "gone.keras", "is gone", id="gone"),
    ],
)
def test_files_of_the_wrong_place_or_kind(tmp_path, make, message):
    models = tmp_path / "models"
    models.mkdir()
    with pytest.raises(StoredDataError, match=message):
        Predictor.load(make(models), models)


def not_a_zip(path):
    path.write_bytes(b"no zip")


def forged(path):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("config.json", '{"module": "os", "class_name": "system", "config": {}}')
        file.writestr("metadata.json", "{}")
        file.writestr("model.weights.h5", b"")


def with_code(path):
    import keras

    faces = keras.Input((48, 48))
    code = keras.layers.Lambda(lambda x: x[:, 0, :7], output_shape=(7,))(faces)
    keras.Model(faces, code).save(path)


def other_shapes(path):
    import keras

    faces = keras.Input((48, 48))
    keras.Model(faces, keras.layers.Dense(3)(keras.layers.Flatten()(faces))).save(path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(not_a_zip, "is broken", id="no zip"),
        pytest.param(forged, "is broken", id="forged"),
        pytest.param(with_code, "is broken", id="code inside"),
        pytest.param(other_shapes, "expected .*48, 48", id="other shapes"),
    ],
)
def test_broken_and_forged_files(tmp_path, make, message):
    make(tmp_path / "model.keras")
    with pytest.raises(StoredDataError, match=message):
        Predictor.load(tmp_path / "model.keras", tmp_path)


@pytest.mark.slow
def test_a_saved_network_predicts_the_same_from_many_threads(tmp_path):
    from fercore.training.models.backbones import backbone
    from fercore.training.models.network import build
    from fercore.training.recipes.recipe import MODERN

    build(backbone("Xception"), MODERN, None).save(tmp_path / "model.keras")
    predictor = Predictor.load(tmp_path / "model.keras", tmp_path)
    pixels = np.random.default_rng(0).integers(0, 256, (5, 48, 48), dtype=np.uint8)
    alone = [predictor.probabilities(pixels[i : i + 1])[0] for i in range(5)]
    result = {}
    threads = [
        threading.Thread(target=lambda n=n: result.update({n: predictor.probabilities(pixels[:n])}))
        for n in range(1, 6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for count, rows in result.items():
        np.testing.assert_allclose(rows, alone[:count], atol=1e-5)
    assert len(result) == 5


TRACKED = """
import gc, sys
from pathlib import Path
from fercore.errors import StoredDataError
from fercore.prediction.predictor import Predictor
from fercore.settings import ROOT
gc.collect()
before = len(gc.get_objects())
file = Path(sys.argv[1])
try:
    Predictor.load(file, file.parent)
except StoredDataError:
    pass
gc.collect()
print("keras" in sys.modules, len(gc.get_objects()) - before)
"""


@pytest.mark.slow
def test_what_keras_brings_along_is_not_looked_through_after_each_run_of_a_page(tmp_path):
    (tmp_path / "model.keras").write_bytes(b"no model")
    command = [sys.executable, "-c", TRACKED, str(tmp_path / "model.keras")]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    loaded, more = done.stdout.split()[-2:]
    assert loaded == "True" and int(more) < 10_000, "Keras and TensorFlow bring hundreds of thousands"
