"""Files that TensorFlow's process really makes of a network that was really trained."""

import json

import numpy as np
import pytest

from fercore.prediction import novelty
from fercore.prediction.formats import ModelFormat
from fercore.prediction.onnx import OnnxPredictor
from fercore.prediction.penultimate import PenultimateLayer
from fercore.services.prediction import conversion
from fercore.services.prediction.conversion import SampleFaces
from fercore.training.recipes.recipe import MODERN

ONNX = ModelFormat.ONNX


@pytest.mark.slow
@pytest.mark.parametrize("mirrored", [True, pytest.param(False, marks=pytest.mark.long)])
def test_a_trained_network_says_the_same_in_every_format(tmp_path, monkeypatch, mirrored):
    """Trained a little, so that faces differ; in the batches of a training its normalisation would say other things."""
    import keras

    from fercore.drawing.faces import dataset
    from fercore.training.models.backbones import backbone
    from fercore.training.models.network import build, with_mirror

    pixels, labels = dataset("west", 15, seed=1)
    held, _ = dataset("west", 15, seed=2)
    network = build(backbone("SmallResNet"), MODERN, None, momentum=0.5)
    network.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    network.fit(pixels, labels, batch_size=16, epochs=2, verbose=0)
    whole = with_mirror(network) if mirrored else network
    whole.save(tmp_path / "model.keras")
    monkeypatch.setenv("KERAS_BACKEND", "jax")  # of whoever asks: TensorFlow makes the files all the same
    expected = np.asarray(whole(held.astype(np.float32), training=False))
    assert expected.std(0).max() > 0.005, "a network that says the same of every face proves nothing"
    for form in (ONNX, ModelFormat.LITERT):
        sample = SampleFaces(held, pixels, held)
        data, done = conversion.converted(tmp_path / "model.keras", form, sample, {"about": "a"}, lambda *_: None)
        assert done.largest < 1e-5 and done.opset == (18 if form == ONNX else None)
        if form == ONNX:
            predictor = OnnxPredictor.of(data, "m.onnx")
            np.testing.assert_allclose(predictor.probabilities(held), expected, atol=1e-5)
            assert json.loads(predictor.notes["parity"])["faces"] == len(held)
            features = PenultimateLayer(whole).features
            scale = novelty.fitted(features(pixels), features(held))
            told = scale.of(features(held), lambda values: values.sum(-1))
            np.testing.assert_allclose(predictor.novelty(held), told, rtol=1e-3)
            strange = np.random.default_rng(0).integers(0, 256, (20, 48, 48)).astype(np.uint8)
            assert np.median(predictor.novelty(strange)) > 1, "noise is none of the faces that it learned"


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("name", ["MobileNetV2", "VGG16", "ResNet50V2", "Xception", "DenseNet121"])
def test_every_backbone_of_the_study_says_the_same_of_a_thousand_real_faces(tmp_path, shared_data, name):
    from fercore.training.models.backbones import backbone
    from fercore.training.models.network import build

    with np.load(shared_data / "fer2013" / "train.npz") as held:
        faces = held["images"][:1300]
    network = build(backbone(name), MODERN, None, momentum=0.9)
    _tell_faces_apart(network, faces[:200])
    network.save(tmp_path / "model.keras")
    sample = SampleFaces(faces[:1000], faces[1000:1150], faces[1150:])
    data, done = conversion.converted(tmp_path / "model.keras", ONNX, sample, {}, lambda *_: None)
    predictor = OnnxPredictor.of(data, "m.onnx")
    assert predictor.probabilities(faces[:200]).std(0).min() > 0.02, "what says the same of every face proves nothing"
    assert done.largest < 1e-4 and predictor.novelty(faces[:8]).shape == (8,)
    print(f"{name}: largest difference {done.largest:.2g} on 1,000 real faces")


def _tell_faces_apart(network, faces):
    """Scale the last layer of a network with random weights so that its answers differ as those of a trained one."""
    import keras

    [dense] = [layer for layer in network.layers if isinstance(layer, keras.layers.Dense)][-1:]
    features = PenultimateLayer(network).features(faces)
    kernel = np.asarray(dense.kernel)
    kernel = kernel / (features @ kernel).std(0)
    dense.set_weights([kernel, -(features @ kernel).mean(0)])
