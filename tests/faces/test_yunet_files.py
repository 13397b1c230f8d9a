"""YuNet's file: a network of the same answers is run by OpenCV itself; another one is refused, and Haar is left."""

import numpy as np
import pytest

from fercore.errors import InputError
from fercore.faces.decoding import DecodedPhoto
from fercore.faces.detection import detector
from fercore.services.datasets import detectors

onnx = pytest.importorskip("onnx")
ANSWERS = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}


def model(place, missing=None):
    """A network with YuNet's answers: a cell is as sure of a face as it is bright."""
    nodes, constants = [], []
    for stride in (8, 16, 32):
        pooled = f"pooled_{stride}"
        sides = {"kernel_shape": [stride, stride], "strides": [stride, stride]}
        nodes.append(onnx.helper.make_node("AveragePool", ["input"], [pooled], **sides))
        for kind, count in ANSWERS.items():
            name = f"{kind}_{stride}"
            weights = np.full((count, 3, 1, 1), 1 / 765 if kind in ("cls", "obj") else 0, np.float32)
            constants.append(onnx.numpy_helper.from_array(weights, f"weights_{name}"))
            constants.append(onnx.numpy_helper.from_array(np.array([1, -1, count], np.int64), f"shape_{name}"))
            nodes += [
                onnx.helper.make_node("Conv", [pooled, f"weights_{name}"], [f"conv_{name}"], kernel_shape=[1, 1]),
                onnx.helper.make_node("Transpose", [f"conv_{name}"], [f"turned_{name}"], perm=[0, 2, 3, 1]),
                onnx.helper.make_node("Reshape", [f"turned_{name}", f"shape_{name}"], [name]),
            ]
    shapes = {f"{kind}_{s}": [1, (64 // s) ** 2, count] for kind, count in ANSWERS.items() for s in (8, 16, 32)}
    floats = onnx.TensorProto.FLOAT
    graph = onnx.helper.make_graph(
        [node for node in nodes if missing not in node.output],
        "yunet",
        [onnx.helper.make_tensor_value_info("input", floats, [1, 3, 64, 64])],
        [onnx.helper.make_tensor_value_info(name, floats, shape) for name, shape in shapes.items() if name != missing],
        constants,
    )
    made = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 13)], ir_version=8)
    place.write_bytes(made.SerializeToString())
    return place


def photo():
    """200 x 120 black pixels with a bright square of 32 x 32."""
    colour = np.zeros((120, 200, 3), np.uint8)
    colour[64:96, 96:128] = 255
    return DecodedPhoto(colour[..., 0].copy(), colour, (200, 120), 1, "", b"")


def test_a_network_of_its_form_finds_what_it_says_at_any_size(tmp_path):
    finder = detector("yunet", model(tmp_path / "y.onnx"))
    faces = finder.detect(photo())
    assert faces and all(face.score == pytest.approx(1, abs=0.01) for face in faces)
    middles = [(face.box[0] + face.box[2] / 2, face.box[1] + face.box[3] / 2) for face in faces]
    assert all(96 <= x <= 128 and 64 <= y <= 96 for x, y in middles)
    assert finder.version.startswith("yunet-") and len(finder.version) == 14


def foreign(place):
    """A network of other answers."""
    floats = onnx.TensorProto.FLOAT
    values = [onnx.helper.make_tensor_value_info(name, floats, [1, 3, 64, 64]) for name in ("input", "output")]
    node = onnx.helper.make_node("Relu", ["input"], ["output"])
    made = onnx.helper.make_model(onnx.helper.make_graph([node], "other", values[:1], values[1:]), ir_version=8)
    place.write_bytes(made.SerializeToString())


BAD = {
    "an answer is missing": lambda place: model(place, missing="bbox_16"),
    "another network": foreign,
    "cut off": lambda place: place.write_bytes(model(place).read_bytes()[:2000]),
    "empty": lambda place: place.write_bytes(b""),
    "a pointer to it": lambda place: place.write_text("version https://git-lfs.github.com/spec/v1\n"),
    "too big": lambda place: place.write_bytes(bytes(17 * 2**20)),
}


@pytest.mark.parametrize("name", BAD)
def test_another_file_is_refused_in_a_sentence_and_haar_is_left(lite, tmp_path, name):
    place = tmp_path / "y.onnx"
    BAD[name](place)
    with pytest.raises(InputError, match=r"^'y\.onnx' is not a YuNet model\. Get face_detection"):
        detector("yunet", place)
    settings = lite.settings.model_copy(update={"yunet": place})
    found = detectors.choice(settings)
    assert found.name == "haar" and found.problem.endswith("Until then, Haar finds the faces.")
    assert detectors.choice(settings, "haar") == detectors.DetectorChoice("haar")
    model(place)
    assert detectors.choice(settings) == detectors.DetectorChoice("yunet"), "a better file is taken at once"


def test_it_is_chosen_by_itself_and_by_name_alone(lite, tmp_path):
    settings = lite.settings.model_copy(update={"yunet": model(tmp_path / "y.onnx")})
    assert detectors.choice(lite.settings).name == "haar"
    assert detectors.choice(settings).name == "yunet"
    assert detectors.choice(settings, "haar").name == "haar"
    assert detectors.choice(settings.model_copy(update={"detector": "haar"})).name == "haar"
