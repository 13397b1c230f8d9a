"""The files in which a trained model can be taken away."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ModelFormat(StrEnum):
    """The words that people type."""

    ONNX = "onnx"
    KERAS = "keras"
    LITERT = "litert"


@dataclass(frozen=True, slots=True)
class FormatFacts:
    """A format's file in a run's folder, and the packages that make it beside TensorFlow."""

    file: str
    title: str
    packages: tuple[str, ...] = ()


FORMATS: Final[dict[ModelFormat, FormatFacts]] = {
    ModelFormat.ONNX: FormatFacts("model.onnx", "ONNX", ("tensorflow", "tf2onnx", "onnx", "onnxruntime")),
    ModelFormat.KERAS: FormatFacts("model.keras", "Keras"),
    ModelFormat.LITERT: FormatFacts("model.tflite", "LiteRT", ("tensorflow",)),
}
OPSET: Final = 18
LARGEST: Final = 1e-4  # difference of any probability that a checked file may show
