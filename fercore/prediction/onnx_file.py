"""An ONNX file before anything computes with it: what it says of itself, and whether it is of the kind fercore writes.

A graph can ask a runtime to load other files, to run code of its own or to fill the memory. The networks of fercore
do none of it, so that whatever they have no need for is refused. Numbers of fields: onnx.proto of ONNX 1.23.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from fercore.errors import StoredDataError
from fercore.language.sentences import Sentence, sentence
from fercore.prediction.protobuf import WireError, fields, part, text, whole_numbers

MAX_BYTES: Final = 512 * 2**20
OPSETS: Final = range(13, 25)
_ONNX: Final = ("", "ai.onnx")  # both name the operations of ONNX itself
_GRAPH, _OPSETS, _METADATA, _TRAINING, _FUNCTIONS = 7, 8, 14, 20, 25
_NODE, _INITIALIZER, _SPARSE = 1, 5, 15
_OPERATION, _ATTRIBUTE, _DOMAIN = 4, 5, 7
_TENSOR, _SUBGRAPH, _TENSORS, _SUBGRAPHS = 5, 6, 10, 11
_SPARSE_ATTRIBUTES: Final = (22, 23)
_DIMENSIONS, _EXTERNAL, _LOCATION = 1, 13, 14

# Those that the backbones are made of, or that runtimes and converters put in their place.
OPERATIONS: Final = frozenset(
    (
        *("Add", "AveragePool", "BatchNormalization", "Cast", "Clip", "Concat", "Constant", "Conv", "Expand", "Gather"),
        *("Gemm", "GlobalAveragePool", "Identity", "MatMul", "MaxPool", "Mul", "Pad", "ReduceMean", "Relu", "Reshape"),
        *(
            "ReduceSum",
            "Resize",
            "ReverseSequence",
            "Shape",
            "Slice",
            "Softmax",
            "Squeeze",
            "Sub",
            "Transpose",
            "Unsqueeze",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class OnnxFacts:
    """The version of ONNX' operations that a file is written for, and its notes by their names."""

    opset: int
    notes: dict[str, str] = field(default_factory=dict)


def read(path: Path) -> bytes:
    """A file's bytes; raises StoredDataError for one that is gone, too large or no file."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise FileNotFoundError
        if size > MAX_BYTES:
            raise _refused(
                path.name,
                sentence("it has {size} MB, and {most} MB are the most", size=size >> 20, most=MAX_BYTES >> 20),
            )
        return path.read_bytes()
    except OSError as error:
        raise StoredDataError(sentence("The model file '{path}' cannot be read.", path=path)) from error


def check(data: bytes, name: str) -> OnnxFacts:
    """The facts of a file's bytes; raises StoredDataError for whatever fercore does not write, with the reason."""
    try:
        return _facts(memoryview(data), name)
    except WireError as error:
        raise _refused(name, sentence("it is broken or no ONNX file")) from error


def _facts(data: memoryview, name: str) -> OnnxFacts:
    graphs, opset, notes = [], 0, {}
    for number, value in fields(data):
        if number == _GRAPH:
            graphs.append(part(value))
        elif number == _OPSETS:
            opset = max(opset, _opset(part(value), name))
        elif number == _METADATA:
            entry = dict(fields(part(value)))
            notes[text(entry.get(1, memoryview(b"")))] = text(entry.get(2, memoryview(b"")))
        elif number in (_TRAINING, _FUNCTIONS):
            raise _refused(name, sentence("it holds functions of its own"))
    if len(graphs) != 1:
        raise WireError("no graph, or several")
    if opset not in OPSETS:
        raise _refused(
            name,
            sentence(
                "it is written for opset {opset}, and {first} to {last} are known",
                opset=opset,
                first=OPSETS[0],
                last=OPSETS[-1],
            ),
        )
    _check_graph(graphs[0], name)
    return OnnxFacts(opset, notes)


def _opset(data: memoryview, name: str) -> int:
    known = dict(fields(data))
    domain, version = text(known.get(1, memoryview(b""))), known.get(2, 0)
    if domain not in _ONNX:
        raise _custom(name, domain)
    return version if isinstance(version, int) else 0


def _check_graph(data: memoryview, name: str) -> None:
    checks: dict[int, Callable[[memoryview, str], None]] = {_NODE: _check_node, _INITIALIZER: _check_tensor}
    for number, value in fields(data):
        if number in checks:
            checks[number](part(value), name)
        elif number == _SPARSE:
            raise _refused(name, sentence("it holds functions of its own"))


def _check_node(data: memoryview, name: str) -> None:
    for number, value in fields(data):
        if number == _OPERATION and text(value) not in OPERATIONS:
            raise _custom(name, text(value))
        if number == _DOMAIN and text(value) not in _ONNX:
            raise _custom(name, text(value))
        if number == _ATTRIBUTE:
            for tensor in _tensors(part(value), name):
                _check_tensor(tensor, name)


def _tensors(data: memoryview, name: str) -> Iterator[memoryview]:
    """The tensors of an attribute; one that holds a graph is refused."""
    for number, value in fields(data):
        if number in (_SUBGRAPH, _SUBGRAPHS, *_SPARSE_ATTRIBUTES):
            raise _refused(name, sentence("it holds functions of its own"))
        if number in (_TENSOR, _TENSORS):
            yield part(value)


def _check_tensor(data: memoryview, name: str) -> None:
    """A tensor's values lie in the file, and are as many as it says: no value takes less than a byte."""
    sides: list[int] = []
    for number, value in fields(data):
        if number == _EXTERNAL or (number == _LOCATION and value != 0):
            raise _refused(name, sentence("it keeps its numbers in other files"))
        if number == _DIMENSIONS:
            sides.extend(whole_numbers(value))
    if any(side < 0 for side in sides) or math.prod(sides) > len(data):
        raise _refused(name, sentence("it claims more numbers than it holds"))


def _custom(name: str, operation: str) -> StoredDataError:
    return _refused(name, sentence("it uses '{operation}', which no network of fercore does", operation=operation[:60]))


def _refused(name: str, why: Sentence) -> StoredDataError:
    return StoredDataError(
        sentence("The ONNX file '{name}' cannot be used: {why}. Export the run again.", name=name, why=why)
    )
