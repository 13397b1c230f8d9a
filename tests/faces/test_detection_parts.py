"""How photos are looked at: part by part, from the reduced picture back to full pixels, and by a stand-in for YuNet."""

import numpy as np
import pytest

from fercore.errors import InputError
from fercore.faces import looks, yunet
from fercore.faces.decoding import LONG_SIDE, DecodedPhoto
from fercore.faces.detection import Detection, detector
from fercore.faces.opencv import opencv
from fercore.faces.yunet import YuNet


@pytest.mark.parametrize(
    ("width", "height", "parts"),
    [
        pytest.param(600, 400, [(0, 0, 600, 400)], id="an ordinary picture"),
        pytest.param(400, 600, [(0, 0, 400, 600)], id="upright"),
        pytest.param(600, 10, [(0, 0, 600, 10)], id="narrow and not longer than a look"),
        pytest.param(1600, 400, [(0, 0, 1600, 400)], id="as long as may be"),
        pytest.param(1601, 400, [(0, 0, 1600, 400), (1200, 0, 1601, 400)], id="longer"),
        pytest.param(400, 1601, [(0, 0, 400, 1600), (0, 1200, 400, 1601)], id="longer, upright"),
        pytest.param(1200, 100, [(0, 0, 600, 100), (500, 0, 1100, 100), (1000, 0, 1200, 100)], id="three"),
        pytest.param(1100, 100, [(0, 0, 600, 100), (500, 0, 1100, 100)], id="two that end with it"),
    ],
)
def test_parts_of_a_picture(width, height, parts):
    assert LONG_SIDE == 600 and list(looks.parts(width, height)) == parts


@pytest.mark.parametrize(("width", "height"), [(5000, 300), (300, 5000), (7777, 61), (1601, 400)])
def test_every_square_of_a_long_picture_is_whole_in_a_part(width, height):
    short = min(width, height)
    parts = list(looks.parts(width, height))
    for at in range(0, max(width, height) - short + 1, 7):
        left, top = (at, 0) if width > height else (0, at)
        assert any(
            x <= left and y <= top and left + short <= right and top + short <= bottom for x, y, right, bottom in parts
        )


@pytest.mark.parametrize(
    ("box", "shrunk", "size", "full"),
    [
        ((10, 20, 30, 40), 1.0, (300, 200), (10, 20, 30, 40)),
        ((10, 20, 30, 40), 2.5, (300, 200), (25, 50, 75, 100)),
        ((90, 20, 30, 40), 2.5, (300, 200), (225, 50, 75, 100)),
        ((91, 50, 30, 40), 2.5, (300, 200), (228, 125, 72, 75)),
    ],
)
def test_a_box_in_full_pixels(box, shrunk, size, full):
    assert looks.full_box(box, shrunk, size) == full


BIG, SHIFTED, FAR = (0, 0, 100, 100), (10, 0, 100, 100), (300, 0, 100, 100)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        pytest.param([], [], id="none"),
        pytest.param([Detection(BIG, 5.0), Detection(FAR, 9.0)], [FAR, BIG], id="two faces, the surer first"),
        pytest.param([Detection(BIG, 5.0), Detection(SHIFTED, 6.0)], [SHIFTED], id="one face, the surer box"),
        pytest.param([Detection(SHIFTED, 5.0), Detection(BIG, 5.0)], [BIG], id="as sure: the first on the left"),
        pytest.param([Detection(BIG, None), Detection(SHIFTED, 0.1)], [SHIFTED], id="without a score"),
    ],
)
def test_each_face_once(actual, expected):
    assert [face.box for face in looks.each_once(actual)] == expected


class Network:
    """YuNet's network: finds what it is told to in each part, in the part's own pixels."""

    def __init__(self, *answers):
        self.answers, self.sizes, self.parts = list(answers), [], []

    def setInputSize(self, size):
        self.sizes.append(size)

    def detect(self, part):
        self.parts.append(part)
        rows = self.answers.pop(0) if self.answers else None
        return 1, None if rows is None else np.array([[*box, *[0] * 10, score] for *box, score in rows], np.float32)


@pytest.fixture
def network(monkeypatch, tmp_path):
    """A YuNet whose network answers as a test says."""
    model = tmp_path / "yunet.onnx"
    model.write_bytes(b"model")
    made = []

    def create(*given):
        made.append(given)
        return Network()

    monkeypatch.setattr(opencv().FaceDetectorYN, "create", create)
    monkeypatch.setattr(yunet, "_checked", lambda file: "0123456789abcdef")
    result = YuNet(model)
    assert made == [(str(model), "", (600, 600), 0.6)] and result.version == "yunet-01234567"
    return result


def photo(columns, rows, scale=1):
    colour = np.zeros((rows, columns, 3), np.uint8)
    colour[..., 0] = 250
    return DecodedPhoto(colour[..., 0], colour, (columns * scale, rows * scale), scale, "", b"")


@pytest.mark.parametrize(
    ("size", "scale", "answers", "sizes", "faces"),
    [
        pytest.param((600, 400), 1, [None], [(600, 400)], [], id="no face"),
        pytest.param(
            (600, 400), 1, [[(10, 20, 40, 60, 0.75)]], [(600, 400)], [((0, 20, 60, 60), 0.75)], id="made square"
        ),
        pytest.param(
            (1300, 900), 2, [[(10, 20, 40, 40, 0.9)]], [(1300, 900)], [((20, 40, 80, 80), 0.9)], id="in full pixels"
        ),
        pytest.param(
            (600, 400), 1, [[(10, 20, 40, 40, 0.7), (100, 100, 80, 80, 0.65)]], [(600, 400)],
            [((100, 100, 80, 80), 0.65), ((10, 20, 40, 40), 0.7)], id="the biggest first",
        ),
        pytest.param(
            (1100, 100), 1, [[(520, 20, 40, 40, 0.7)], [(20, 20, 40, 40, 0.8), (300, 0, 90, 90, 0.9)]],
            [(600, 100), (600, 100)], [((800, 0, 90, 90), 0.9), ((520, 20, 40, 40), 0.8)], id="once in two parts",
        ),
    ],
)  # fmt: skip
def test_what_yunet_finds(monkeypatch, network, size, scale, answers, sizes, faces):
    monkeypatch.setattr(yunet, "decode_finer", lambda photo, side: photo if side == 1200 else None)
    network._network = Network(*answers)
    detections = network.detect(photo(*size, scale))
    assert network._network.sizes == sizes
    assert [face.box for face in detections] == [box for box, _ in faces]
    assert [face.score for face in detections] == pytest.approx([score for _, score in faces])
    assert all(part.shape == (h, w, 3) for part, (w, h) in zip(network._network.parts, sizes, strict=True))
    assert network._network.parts[0][0, 0].tolist() == [0, 0, 250], "OpenCV's order of colours"


def test_what_yunet_lacks_is_named(monkeypatch, tmp_path):
    with pytest.raises(InputError, match="needs its model: FERCORE_YUNET names no file"):
        detector("yunet")
    with pytest.raises(InputError, match=r"needs its model: '.*gone.onnx' does not exist"):
        detector("yunet", tmp_path / "gone.onnx")
    (tmp_path / "bad.onnx").write_bytes(b"no model")
    with pytest.raises(InputError, match=r"'bad.onnx' is not a YuNet model"):
        detector("yunet", tmp_path / "bad.onnx")


@pytest.mark.parametrize(
    ("box", "scale", "corners"),
    [
        ((10, 20, 30, 40), 1, (10, 20, 40, 60)),
        ((10, 20, 30, 40), 4, (2, 5, 10, 15)),
        ((-5, -5, 30, 40), 1, (0, 0, 25, 35)),
        ((90, 70, 30, 40), 1, (90, 70, 100, 80)),
        ((500, 500, 30, 40), 1, (99, 79, 100, 80)),
        ((10, 20, 0, 0), 1, (10, 20, 11, 21)),
        ((10, 20, 3, 3), 8, (1, 2, 2, 3)),
    ],
)
def test_a_box_in_the_pixels_that_were_decoded(box, scale, corners):
    assert photo(100, 80, scale).corners(box) == corners
