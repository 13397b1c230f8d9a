"""ONNX files: which are taken, what is made of faces, and why all others are refused."""

import json
import threading
from contextlib import suppress

import numpy as np
import pytest
from onnx import TensorProto

from fercore.errors import StoredDataError
from fercore.prediction import onnx_file
from fercore.prediction.onnx import OnnxPredictor
from tests.prediction import onnx_models as models


def noise(count, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, 48, 48), np.uint8)


def expected(pixels):
    """What the sound network says, by NumPy."""
    flat = pixels.reshape(-1, 48 * 48).astype(np.float64)
    logits = flat @ np.random.default_rng(0).normal(0, 0.02, (2304, 7)).astype(np.float32) / 255
    raised = np.exp(logits - logits.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)


@pytest.mark.parametrize("count", [0, 1, 64, 65, 200])
def test_any_number_of_faces_is_read(count):
    predictor = OnnxPredictor.of(models.sound(), "m.onnx")
    rows = predictor.probabilities(noise(count))
    assert rows.shape == (count, 7) and rows.dtype == np.float32
    np.testing.assert_allclose(rows, expected(noise(count)), atol=2e-6)
    assert count < 2 or rows.std(0).max() > 0.01, "a network that says the same of every face proves nothing"


def test_a_temperature_keeps_the_order_and_flattens():
    predictor = OnnxPredictor.of(models.sound(), "m.onnx")
    plain = predictor.probabilities(noise(20))
    predictor.temperature = 3.0
    flat = predictor.probabilities(noise(20))
    assert (flat.argmax(1) == plain.argmax(1)).all() and (flat.max(1) < plain.max(1)).all()


def test_many_threads_read_at_once():
    predictor = OnnxPredictor.of(models.sound(), "m.onnx")
    rows = {}
    threads = [
        threading.Thread(target=lambda n=n: rows.update({n: predictor.probabilities(noise(50, n))})) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rows) == 8
    for seed, result in rows.items():
        np.testing.assert_allclose(result, expected(noise(50, seed)), atol=2e-6)


REFUSED = {
    "empty": (lambda: b"", "broken or no ONNX file"),
    "text": (models.text, "broken or no ONNX file"),
    "keras": (lambda: b"PK\x03\x04" + bytes(3000), "broken or no ONNX file"),
    "cut off": (lambda: models.sound()[:-200], "broken or no ONNX file"),
    "half": (lambda: models.sound()[: len(models.sound()) // 2], "broken or no ONNX file"),
    "custom domain": (models.custom_domain, "uses 'org.example'"),
    "hidden domain": (models.hidden_domain, "uses 'com.microsoft'"),
    "graph in a graph": (models.loop, "uses 'If'"),
    "graph in an attribute": (models.subgraph_in_a_known_operation, "functions of its own"),
    "function": (models.function, "functions of its own"),
    "external": (models.external, "in other files"),
    "external, climbing": (lambda: models.external("../../../etc/passwd"), "in other files"),
    "external constant": (models.external_in_a_constant, "in other files"),
    "huge": (models.huge_claim, "more numbers than it holds"),
    "negative": (models.negative_claim, "more numbers than it holds"),
    "fills memory": (models.padded_to_death, "ONNX Runtime refuses it"),
    "fills memory at once": (models.spread_to_death, "ONNX Runtime refuses it"),
    "old": (lambda: models.model(opset=9).SerializeToString(), "opset 9"),
    "no probabilities": (models.nonsense, "no probabilities"),
    "other labels": (models.other_labels, "no probabilities"),
    "other input": (lambda: models.model(ends=(("x", ["N", 48, 48]), ("emotions", ["N", 7]))).SerializeToString(),
                    "refuses it|another model"),
    "fixed batch": (lambda: models.model(ends=(("faces", [1, 48, 48]), ("emotions", [1, 7]))).SerializeToString(),
                    "another model"),
    "colour": (lambda: models.model(ends=(("faces", ["N", 48, 48, 3]), ("emotions", ["N", 7]))).SerializeToString(),
               "another model"),
    "doubles": (lambda: models.model(kind=TensorProto.DOUBLE).SerializeToString(), "refuses it|another model"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "message"), REFUSED.values(), ids=REFUSED)
def test_what_fercore_does_not_write_is_refused_in_one_sentence(tmp_path, monkeypatch, capfd, make, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "weights.bin").write_bytes(bytes(2304 * 7 * 4))
    (tmp_path / "m.onnx").write_bytes(make())
    with pytest.raises(StoredDataError, match=message) as refusal:
        OnnxPredictor.load(tmp_path / "m.onnx")
    assert "m.onnx" in str(refusal.value) and "\n" not in str(refusal.value)
    assert capfd.readouterr().err == "", "ONNX Runtime says nothing beside it"


@pytest.mark.parametrize("seed", range(40))
def test_flipped_bytes_are_read_or_refused(seed):
    """A damaged file is never more than a sentence; damage to a weight alone may pass."""
    random = np.random.default_rng(seed)
    data = np.frombuffer(models.sound(), np.uint8).copy()
    places = random.integers(0, 400, 3) if seed % 2 else len(data) - 1 - random.integers(0, 400, 3)
    data[places] = random.integers(0, 256, 3)
    with suppress(StoredDataError):
        assert OnnxPredictor.of(data.tobytes(), "m.onnx").probabilities(noise(2)).shape == (2, 7)


def test_large_and_missing_files(tmp_path, monkeypatch):
    monkeypatch.setattr(onnx_file, "MAX_BYTES", 1000)
    (tmp_path / "m.onnx").write_bytes(models.sound())
    with pytest.raises(StoredDataError, match="are the most"):
        OnnxPredictor.load(tmp_path / "m.onnx")
    for path in (tmp_path / "gone.onnx", tmp_path):
        with pytest.raises(StoredDataError, match="cannot be read"):
            OnnxPredictor.load(path)


def test_notes_are_told():
    notes = {"card": json.dumps({"run": 3}), "licence": "{}"}
    assert OnnxPredictor.of(models.model(notes=notes).SerializeToString(), "m").card == {"run": 3}
    assert OnnxPredictor.of(models.model(notes={"card": "[1"}).SerializeToString(), "m").card == {}
