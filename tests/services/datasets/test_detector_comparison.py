"""Detectors compared on photos whose faces are known."""

import pytest
from PIL import Image

from fercore.drawing.photos import portrait
from fercore.errors import UnreadableSourceError
from fercore.services.datasets import detector_comparison

HEADER = "photo,x,y,width,height\n"


@pytest.fixture
def album(tmp_path):
    """Six drawn portraits and a wall, with the boxes of their faces."""
    rows = []
    for number in range(6):
        picture, boxes = portrait([("east", 3)] * (1 + number % 2), number, (640, 480))
        picture.save(tmp_path / f"{number}.jpg")
        rows += [f"{number}.jpg,{','.join(map(str, box))}" for box in boxes]
    Image.new("RGB", (300, 200), "gray").save(tmp_path / "wall.png")
    (tmp_path / "boxes.csv").write_text(HEADER + "\n".join(rows) + "\n")
    return tmp_path


def test_haar_is_measured_and_yunet_says_what_it_lacks(lite, album):
    haar, yunet = detector_comparison.report(lite.settings, album)
    assert (haar.detector, haar.photos, haar.known) == ("haar", 7, 9)
    assert haar.recall >= 0.6 and haar.false <= 2 and haar.photos_per_second > 0
    assert "face_detection_yunet_2023mar.onnx" in yunet and "FERCORE_YUNET" in yunet


def test_a_model_file_that_is_none_is_refused(lite, album):
    broken = album / "yunet.onnx"
    broken.write_bytes(b"no network")
    _, yunet = detector_comparison.report(lite.settings.model_copy(update={"yunet": broken}), album)
    assert "'yunet.onnx' is not a YuNet model" in yunet


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(None, "contains no boxes.csv", id="missing"),
        pytest.param("photo,x\n", "lacks the columns y, width, height", id="columns"),
        pytest.param(HEADER + "0.jpg,1,2,3,4\n0.jpg,1,b,3,4\n", "line 3: x, y", id="no number"),
        pytest.param(HEADER + "0.jpg,1,2\n", "line 2: x, y", id="too few"),
        pytest.param(HEADER + "gone.jpg,1,2,3,4\n", "names 'gone.jpg'", id="no such photo"),
        pytest.param("photo,x,y,width,height\n\xff".encode("latin-1"), "not a UTF-8 CSV file", id="encoding"),
    ],
)
def test_a_wrong_list_of_boxes(lite, album, text, message):
    file = album / "boxes.csv"
    file.unlink()
    if text is not None:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UnreadableSourceError, match=message):
        detector_comparison.report(lite.settings, album)
