"""A trained model into another format, in a process of its own under TensorFlow, whatever backend trained it.

python -m fercore.prediction.conversion REQUEST.json

The request names the `.keras` file, the format, the target, .npy files of the faces to compare on and of those that
tell what is new to the model, and the notes that go into the file. The last line that it prints is JSON: the opset,
and the largest difference from Keras on any face.
"""

import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.prediction import novelty
from fercore.prediction.formats import OPSET, ModelFormat
from fercore.prediction.novelty import NoveltyScale
from fercore.prediction.onnx import INPUT, NOVELTY, OUTPUT
from fercore.prediction.penultimate import PenultimateLayer, before_answer, unmirrored
from fercore.training.models.backbones import FACE_PX

Probabilities = npt.NDArray[np.float32]

_BATCH = 64


@dataclass(frozen=True)
class Conversion:
    """The request of a process: `notes` are texts by name, which an ONNX file carries.

    `compared`, `learned` and `validation` are .npy files of faces (N, 48, 48) uint8.
    """

    model: str
    format: str
    target: str
    compared: str
    learned: str
    validation: str
    notes: dict[str, str]


@dataclass(frozen=True)
class Converted:
    """The file's opset (None where the format has none), and the largest difference of any probability from Keras."""

    opset: int | None
    largest: float


def convert(request: Conversion) -> Converted:
    """Write the target and compare it with what it was made from; Keras must run on TensorFlow."""
    import keras
    import tensorflow as tf

    from fercore.prediction.predictor import Predictor

    if keras.config.backend() != "tensorflow":
        raise RuntimeError(f"Keras runs on {keras.config.backend()}, and TensorFlow makes these files")
    source, target = Path(request.model), Path(request.target)
    predictor = Predictor.load(source, source.parent)
    faces = np.load(request.compared, allow_pickle=False)
    expected = predictor.probabilities(faces)
    if ModelFormat(request.format) == ModelFormat.ONNX:
        features = PenultimateLayer(predictor.model).features
        scale = novelty.fitted(*(features(np.load(file)) for file in (request.learned, request.validation)))
        return _write_onnx(_onnx(predictor.model, scale), target, faces, expected, request.notes)
    kinds = {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS]}  # what every interpreter knows
    predictor.model.export(target, format="litert", verbose=False, target_spec=kinds)
    return Converted(None, _largest_difference(_read_by_litert(target, faces), expected))


def _largest_difference(probabilities: Probabilities, expected: Probabilities) -> float:
    return float(np.abs(probabilities - expected).max(initial=0.0))


def _write_onnx(
    graph: Any, target: Path, faces: npt.NDArray[np.uint8], expected: Probabilities, notes: dict[str, str]
) -> Converted:
    from fercore.prediction.onnx import OnnxPredictor

    probabilities = OnnxPredictor.of(graph.SerializeToString(), target.name).probabilities(faces)
    largest = _largest_difference(probabilities, expected)
    _note(graph, {**notes, "parity": json.dumps({"faces": len(faces), "largest": largest})})
    target.write_bytes(graph.SerializeToString())
    return Converted(OPSET, largest)


def _onnx(model: Any, scale: NoveltyScale | None) -> Any:
    """The model as an onnx.ModelProto that names ONNX' operations only, of `faces` to `emotions` and, where there is a
    scale, `novelty`, for any number of faces.
    """
    import onnx
    import tensorflow as tf
    import tf2onnx
    from onnx.tools import update_model_dims

    signature = [tf.TensorSpec((None, FACE_PX, FACE_PX), tf.float32, name=INPUT)]
    # Keras 3.15's own export takes the first trace of a model, which may be that of a training: batch normalisation
    # would then follow each batch.
    read = _read(model, scale)
    reading = tf.function(lambda faces: read(faces), input_signature=signature)
    graph, _ = tf2onnx.convert.from_function(reading, signature, opset=OPSET)
    said = dict(zip((OUTPUT, NOVELTY), graph.graph.output, strict=False))
    ends = {graph.graph.input[0].name: INPUT, **{end.name: name for name, end in said.items()}}
    for node in graph.graph.node:
        node.input[:] = [ends.get(name, name) for name in node.input]
        node.output[:] = [ends.get(name, name) for name in node.output]
    for end in (*graph.graph.input, *graph.graph.output):
        end.name = ends[end.name]
    used = {node.domain for node in graph.graph.node}
    kept = [each for each in graph.opset_import if each.domain in used or not each.domain]
    del graph.opset_import[:]
    graph.opset_import.extend(kept)
    sides: dict[str, list[Any]] = {OUTPUT: ["faces", len(EMOTIONS)], NOVELTY: ["faces"]}
    graph = update_model_dims.update_inputs_outputs_dims(
        graph, {INPUT: ["faces", FACE_PX, FACE_PX]}, {name: sides[name] for name in said}
    )
    onnx.checker.check_model(graph)
    return graph


def _read(model: Any, scale: NoveltyScale | None) -> Callable[[Any], Any]:
    """The function of faces that a file holds: emotions, and novelty where there is a scale for it."""
    import keras

    if scale is None:
        return lambda faces: model(faces, training=False)
    inner = unmirrored(model)
    described = keras.Model(inner.inputs, [before_answer(inner), inner.outputs[0]])

    def read(faces: Any) -> tuple[Any, Any]:
        features, emotions = described(faces, training=False)
        if inner is not model:
            _, mirrored = described(keras.ops.flip(faces, axis=2), training=False)
            emotions = (emotions + mirrored) / 2
        flat = keras.ops.reshape(features, (-1, len(scale.middle)))
        return emotions, scale.of(flat, lambda values: keras.ops.sum(values, axis=-1))

    return read


def _note(graph: Any, notes: dict[str, str]) -> None:
    """Notes for whoever gets the file, in place of those that it had."""
    graph.producer_name, graph.producer_version = "fercore", notes.get("version", "")
    graph.doc_string = notes.get("about", "")
    del graph.metadata_props[:]
    for name, text in notes.items():
        graph.metadata_props.add(key=name, value=text)


def _read_by_litert(file: Path, faces: npt.NDArray[np.uint8]) -> Probabilities:
    import tensorflow as tf

    interpreter = tf.lite.Interpreter(model_path=str(file))
    place = interpreter.get_input_details()[0]["index"]
    rows = []
    for start in range(0, len(faces), _BATCH):
        part = faces[start : start + _BATCH].astype(np.float32)
        interpreter.resize_tensor_input(place, part.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(place, part)
        interpreter.invoke()
        rows.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))
    shares = np.concatenate(rows).astype(np.float64)
    probabilities: Probabilities = (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)
    return probabilities


def main() -> None:
    """Do what a request's file asks, behind all other work of the machine."""
    with suppress(AttributeError, OSError):
        os.nice(10)
    request = Conversion(**json.loads(Path(sys.argv[1]).read_text("utf-8")))
    print(json.dumps(asdict(convert(request))))


if __name__ == "__main__":
    main()
