"""`fercore.Predictor`: a model file and a photo, and nothing else of fercore's installation."""

import json
import subprocess
import sys
from dataclasses import FrozenInstanceError

import pytest

import fercore
from fercore.drawing.photos import portrait_photo
from fercore.drawing.styles import Style
from fercore.emotions import EMOTIONS
from fercore.errors import StoredDataError, UnreadableImageError
from fercore.settings import ROOT
from tests.faces.pictures import encoded
from tests.prediction import onnx_models as models


@pytest.fixture
def files(tmp_path):
    (tmp_path / "model.onnx").write_bytes(models.sound())
    (tmp_path / "photo.jpg").write_bytes(photo())
    return tmp_path


def photo():
    return encoded(portrait_photo([(Style.WEST, 3)], seed=2), "JPEG")


@pytest.mark.parametrize("form", ["path", "text", "bytes"])
def test_a_photo_is_read(files, form):
    path = files / "photo.jpg"
    given = {"path": path, "text": str(path), "bytes": path.read_bytes()}[form]
    read = fercore.Predictor(files / "model.onnx").read(given)
    [face] = read.faces
    assert tuple(face.probabilities) == EMOTIONS and abs(sum(face.probabilities.values()) - 1) < 1e-6
    assert face.confidence == max(face.probabilities.values()) == face.probabilities[face.emotion]
    left, top, width, height = face.box
    assert left >= 0 and top >= 0 and left + width <= read.size[0] and top + height <= read.size[1]
    with pytest.raises(FrozenInstanceError):
        face.box = (0, 0, 1, 1)


def test_what_cannot_be_read_is_one_sentence(files):
    predictor = fercore.Predictor(files / "model.onnx")
    for given in (b"no picture", b"", files / "gone.jpg", files):
        with pytest.raises(UnreadableImageError):
            predictor.read(given)
    (files / "model.pkl").touch()
    for name in ("model.pkl", "gone.onnx", "gone.keras"):
        with pytest.raises(StoredDataError):
            fercore.Predictor(files / name)


# Three lines, and before them a wall around everything but ONNX Runtime, OpenCV, NumPy and Pillow with what these need.
ALONE = """
import json, sys
from importlib.abc import MetaPathFinder
KNOWN = {"fercore", "onnxruntime", "cv2", "numpy", "PIL"} | set(sys.stdlib_module_names)
refused = []
class Wall(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        first = name.partition(".")[0]
        if first not in KNOWN and not first.startswith("_"):
            refused.append(first)
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
sys.meta_path.insert(0, Wall())
import fercore
predictor = fercore.Predictor(sys.argv[1])
for face in predictor.read(sys.argv[2]).faces: print("read", face.emotion)
print(json.dumps(sorted(set(refused))))
"""


def test_three_lines_need_four_packages(files):
    command = [sys.executable, "-c", ALONE, files / "model.onnx", files / "photo.jpg"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    said, refused = answer.stdout.strip().splitlines()
    assert said.split()[1] in EMOTIONS
    assert not set(json.loads(refused)) & {
        "pydantic",
        "sqlalchemy",
        "babel",
        "psutil",
        "tensorflow",
        "keras",
        "streamlit",
    }
