"""Remarks on faces: how often each is made of changed and of unchanged faces, drawn ones and real ones."""

import cv2
import numpy as np
import pytest

from fercore.drawing.faces import dataset
from fercore.drawing.photos import portrait
from fercore.drawing.styles import Style
from fercore.faces import quality, remarks
from fercore.faces.extraction import extractor
from fercore.faces.remarks import QualityRemark
from tests.faces.pictures import encoded

BOX = (10, 20, 90, 90)
HALF_VISIBLE = np.deg2rad(70)  # the outermost part of a head that a crop shows


def blurred(sigma):
    return lambda face: cv2.GaussianBlur(face, (0, 0), sigma)


def lit(factor):
    return lambda face: np.clip(face * float(factor), 0, 255).astype(np.uint8)


def turned(degrees):
    """A head is a cylinder with the face on it, turned; what comes into sight repeats the edge."""
    across = np.linspace(-1, 1, 48)
    angles = np.clip(np.arcsin(across * np.sin(HALF_VISIBLE)) - np.deg2rad(degrees), -HALF_VISIBLE, HALF_VISIBLE)
    columns = np.tile((np.sin(angles) / np.sin(HALF_VISIBLE) + 1) / 2 * 47, (48, 1)).astype(np.float32)
    rows = np.tile(np.arange(48, dtype=np.float32)[:, None], (1, 48))
    return lambda face: cv2.remap(face, columns, rows, cv2.INTER_LINEAR)


def squeezed(share):
    """A flat picture seen from the side: one edge is shorter, and all of it is narrower."""
    end, rise = 47 * (1 - share), 47 * share / 2
    corners = np.array([[0, 0], [47, 0], [47, 47], [0, 47]], np.float32)
    seen = np.array([[0, 0], [end, rise], [end, 47 - rise], [0, 47]], np.float32)
    change = cv2.getPerspectiveTransform(corners, seen)
    return lambda face: cv2.warpPerspective(face, change, (48, 48), borderMode=cv2.BORDER_REPLICATE)


# Change: its remark, and the least and the greatest share of drawn and of real faces of which the remark is made.
# Of real turned faces only some are told: their bounds say how few. Drawn faces are more like their mirror images.
TABLE = {
    "blur of 0.5 pixels": (blurred(0.5), QualityRemark.BLURRED, (0, 0.02), (0, 0.05)),
    "blur of 1 pixel": (blurred(1), QualityRemark.BLURRED, (0.7, 1), (0.8, 1)),
    "blur of 1.5 pixels": (blurred(1.5), QualityRemark.BLURRED, (0.98, 1), (0.98, 1)),
    "blur of 3 pixels": (blurred(3), QualityRemark.BLURRED, (1, 1), (0.99, 1)),
    "light of 50 %": (lit(0.5), QualityRemark.DARK, (0.7, 1), (0.5, 0.8)),
    "light of 35 %": (lit(0.35), QualityRemark.DARK, (1, 1), (0.98, 1)),
    "light of 25 %": (lit(0.25), QualityRemark.DARK, (1, 1), (1, 1)),
    "light of 160 %": (lit(1.6), QualityRemark.BRIGHT, (0.6, 1), (0.5, 0.8)),
    "light of 200 %": (lit(2), QualityRemark.BRIGHT, (0.9, 1), (0.8, 1)),
    "turned by 15 degrees": (turned(15), QualityRemark.TURNED, (0, 0.02), (0.02, 0.06)),
    "turned by 30 degrees": (turned(30), QualityRemark.TURNED, (0, 0.1), (0.06, 0.2)),
    "turned by 45 degrees": (turned(45), QualityRemark.TURNED, (0.2, 0.5), (0.15, 0.35)),
    "seen 30 % from the side": (squeezed(0.3), QualityRemark.TURNED, (0.02, 0.1), (0.03, 0.1)),
}


@pytest.fixture(scope="module")
def drawn():
    return np.concatenate([dataset(style, 20, 5)[0] for style in Style])


@pytest.fixture(scope="module")
def held_out(shared_data):
    """All faces of FER2013's PublicTest: the thresholds were chosen on others."""
    return np.load(shared_data / "fer2013" / "public_test.npz")["images"]


@pytest.fixture(scope="module")
def real(held_out):
    return held_out[::7]


def made(faces):
    """The share of faces with each remark, and of those with any."""
    found = remarks.of_faces([BOX] * len(faces), faces)
    shares = {remark: np.mean([remark in each for each in found]) for remark in QualityRemark}
    return shares, np.mean([bool(each) for each in found])


def check(faces, name, low, high):
    change, remark = TABLE[name][:2]
    share = made(np.stack([change(face) for face in faces]))[0][remark]
    assert low <= share <= high


@pytest.mark.parametrize("name", TABLE)
def test_changed_drawn_faces(drawn, name):
    check(drawn, name, *TABLE[name][2])


@pytest.mark.parametrize("name", TABLE)
def test_changed_real_faces(real, name):
    check(real, name, *TABLE[name][3])


def test_few_unchanged_drawn_faces_have_a_remark(drawn):
    assert made(drawn)[1] <= 0.01


def test_few_unchanged_real_faces_have_a_remark(held_out):
    """All of them: a sample of 500 is two percent off by chance."""
    assert made(held_out)[1] <= 0.05


@pytest.mark.parametrize("change", [blurred(1.5), blurred(3), lit(0.35)])
def test_a_change_brings_no_remark_on_something_else(real, change):
    shares = made(np.stack([change(face) for face in real]))[0]
    assert sum(share > 0.06 for share in shares.values()) == 1


def test_turned_faces_are_less_like_their_mirror_image(real):
    """Far from surely, but not by chance: the share of pairs in which the turned face is less symmetric."""
    before = quality.asymmetry(real)
    for change, least in ((turned(15), 0.6), (turned(30), 0.75), (turned(45), 0.8), (squeezed(0.3), 0.65)):
        after = quality.asymmetry(np.stack([change(face) for face in real]))
        area = (after[:, None] > before).mean()
        assert area > least


def test_portraits_have_no_remark(shared_data):
    finder = extractor()
    for file in sorted((shared_data / "photos").iterdir()):
        for face in finder.extract(file.read_bytes()).faces:
            assert remarks.of_faces([face.box], face.pixels[None]) == [()], file.name


@pytest.mark.parametrize(
    ("side", "found"), [(31, (QualityRemark.SMALL,)), (47, (QualityRemark.SMALL,)), (48, (QualityRemark.BLURRED,))]
)
def test_a_small_face_is_not_called_blurred(drawn, side, found):
    soft = cv2.GaussianBlur(drawn[0], (0, 0), 2)
    assert remarks.of_faces([(0, 0, 200, side)], soft[None]) == [found]


def test_a_small_face_in_a_photo():
    picture = portrait([(Style.EAST, 3)], 1, (640, 480))[0].resize((100, 75))
    faces = extractor().extract(encoded(picture, "PNG")).faces
    assert len(faces) == 1 and min(faces[0].box[2:]) < 48
    assert QualityRemark.SMALL in remarks.of_faces([faces[0].box], faces[0].pixels[None])[0]


@pytest.mark.parametrize("gray", [0, 128, 255])
def test_a_picture_of_one_gray(gray):
    [found] = remarks.of_faces([BOX], np.full((1, 48, 48), gray, np.uint8))
    expected = {
        0: (QualityRemark.BLURRED, QualityRemark.DARK),
        128: (QualityRemark.BLURRED,),
        255: (QualityRemark.BLURRED, QualityRemark.BRIGHT),
    }
    assert found == expected[gray]


def test_no_faces():
    assert remarks.of_faces([], np.empty((0, 48, 48), np.uint8)) == []
