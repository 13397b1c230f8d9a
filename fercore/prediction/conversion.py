"""A trained model into another format, in a process of its own under TensorFlow, whatever backend trained it.

python -m fercore.prediction.conversion REQUEST.json

The request names the `.keras` file, the format, the target, the faces to compare on (an .npy file) and the notes that
go into the file. The last line that it prints is JSON: the opset, and the largest difference from Keras on any face.
"""

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fercore.prediction.formats import OPSET, ModelFormat
from fercore.training.models.backbones import FACE_PX

_BATCH = 64


@dataclass(frozen=True)
class Conversion:
    """The request of a process: `notes` are texts by name, which an ONNX file carries."""

    model: str
    format: str
    target: str
    faces: str
    notes: dict[str, str]


@dataclass(frozen=True)
class Converted:
    """The file's opset (None where the format has none), and the largest difference of any probability from Keras."""

    opset: int | None
    largest: float


def convert(request: Conversion) -> Converted:
    """Write the target and compare it with what it was made from; Keras must run on TensorFlow."""
    import keras

    from fercore.prediction.predictor import Predictor

    if keras.config.backend() != "tensorflow":
        raise RuntimeError(f"Keras runs on {keras.config.backend()}, and TensorFlow makes these files")
    source, target = Path(request.model), Path(request.target)
    predictor = Predictor.load(source, source.parent)
    faces = np.load(request.faces, allow_pickle=False)
    expected = predictor.probabilities(faces)
    writers = {ModelFormat.ONNX: _onnx, ModelFormat.LITERT: _litert}
    result, opset = writers[ModelFormat(request.format)](predictor.model, target, faces, request.notes)
    largest = float(np.abs(result - expected).max(initial=0.0))
    if opset is not None:
        _note(target, {**request.notes, "parity": json.dumps({"faces": len(faces), "largest": largest})})
    return Converted(opset, largest)


def _onnx(
    model: Any, target: Path, faces: npt.NDArray[np.uint8], notes: dict[str, str]
) -> tuple[npt.NDArray[np.float32], int]:
    import tensorflow as tf
    import tf2onnx

    from fercore.prediction.onnx import INPUT, OnnxPredictor

    signature = [tf.TensorSpec((None, FACE_PX, FACE_PX), tf.float32, name=INPUT)]
    # Keras 3.15's own export takes the first trace of a model, which may be that of a training: batch normalisation
    # would then follow each batch.
    reading = tf.function(lambda faces: model(faces, training=False), input_signature=signature)
    tf2onnx.convert.from_function(reading, signature, opset=OPSET, output_path=str(target))
    _name_ends(target)
    _note(target, notes)
    return OnnxPredictor.load(target).probabilities(faces), OPSET


def _name_ends(file: Path) -> None:
    """Call input and output `faces` and `emotions`, leave the number of faces open, and name ONNX' operations only."""
    import onnx
    from onnx.tools import update_model_dims

    from fercore.emotions import EMOTIONS
    from fercore.prediction.onnx import INPUT, OUTPUT

    model = onnx.load(file)
    ends = {model.graph.input[0].name: INPUT, model.graph.output[0].name: OUTPUT}
    for node in model.graph.node:
        node.input[:] = [ends.get(name, name) for name in node.input]
        node.output[:] = [ends.get(name, name) for name in node.output]
    for end in (*model.graph.input, *model.graph.output):
        end.name = ends[end.name]
    used = {node.domain for node in model.graph.node}
    kept = [each for each in model.opset_import if each.domain in used or not each.domain]
    del model.opset_import[:]
    model.opset_import.extend(kept)
    model = update_model_dims.update_inputs_outputs_dims(
        model, {INPUT: ["faces", FACE_PX, FACE_PX]}, {OUTPUT: ["faces", len(EMOTIONS)]}
    )
    onnx.checker.check_model(model)
    onnx.save(model, file)


def _note(file: Path, notes: dict[str, str]) -> None:
    """Write notes into an ONNX file, in place of those that it had."""
    import onnx

    model = onnx.load(file)
    model.producer_name, model.producer_version = "fercore", notes.get("version", "")
    model.doc_string = notes.get("about", "")
    del model.metadata_props[:]
    for name, text in notes.items():
        model.metadata_props.add(key=name, value=text)
    onnx.save(model, file)


def _litert(
    model: Any, target: Path, faces: npt.NDArray[np.uint8], notes: dict[str, str]
) -> tuple[npt.NDArray[np.float32], None]:
    import tensorflow as tf

    kinds = {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS]}  # what every interpreter knows
    model.export(target, format="litert", verbose=False, target_spec=kinds)
    interpreter = tf.lite.Interpreter(model_path=str(target))
    place = interpreter.get_input_details()[0]["index"]
    rows = []
    for start in range(0, len(faces), _BATCH):
        part = faces[start : start + _BATCH].astype(np.float32)
        interpreter.resize_tensor_input(place, part.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(place, part)
        interpreter.invoke()
        rows.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))
    said = np.concatenate(rows).astype(np.float64)
    return (said / said.sum(axis=1, keepdims=True)).astype(np.float32), None


def main() -> None:
    """Do what a request's file asks, behind all other work of the machine."""
    with suppress(AttributeError, OSError):
        os.nice(10)
    request = Conversion(**json.loads(Path(sys.argv[1]).read_text("utf-8")))
    print(json.dumps(asdict(convert(request))))


if __name__ == "__main__":
    main()
