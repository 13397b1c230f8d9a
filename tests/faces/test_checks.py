"""Signs for and against a face, with values just below and just above every threshold."""

from types import SimpleNamespace

import numpy as np
import pytest

from fercore.faces import checks
from fercore.faces.checks import Checker, Checks, skin_share

SKIN, GRASS = (224, 172, 105), (40, 160, 40)
BOX = (50, 50, 48, 48)


def seen(monkeypatch, box=BOX, surer=(), unsure=False, **signs):
    """The checks of a face in a picture of 200 x 100 with these signs."""
    eyes, skin, sharp = (signs.get(name, good) for name, good in (("eyes", 2), ("skin", 0.5), ("sharp", 99.0)))
    monkeypatch.setattr(checks, "skin_share", lambda colour: skin)
    monkeypatch.setattr(checks, "sharpness", lambda pixels: np.full(len(pixels), sharp))
    monkeypatch.setattr(Checker, "_count_eyes", lambda self, face: eyes)
    picture = np.zeros((100, 200), np.uint8)
    corners = (box[0], box[1], box[0] + box[2], box[1] + box[3])
    photo = SimpleNamespace(gray=picture, colour=picture, size=(200, 100), corners=lambda box: corners)
    return Checker().check(photo, box, np.zeros((48, 48), np.uint8), surer, unsure)


@pytest.mark.parametrize(
    ("signs", "doubtful"),
    [
        pytest.param({}, False, id="nothing"),
        pytest.param({"unsure": True}, False, id="a low score alone"),
        pytest.param({"eyes": 0}, False, id="no eyes alone"),
        pytest.param({"skin": 0.0}, False, id="no skin alone"),
        pytest.param({"sharp": 0.0}, False, id="blur alone"),
        pytest.param({"box": (50, 50, 47, 47)}, False, id="few pixels alone"),
        pytest.param({"unsure": True, "eyes": 0}, True, id="a low score and no eyes"),
        pytest.param({"unsure": True, "eyes": 1}, False, id="a low score, one eye"),
        pytest.param({"unsure": True, "skin": 0.099}, True, id="a low score, too little skin"),
        pytest.param({"unsure": True, "skin": 0.1}, False, id="a low score, just enough skin"),
        pytest.param({"unsure": True, "skin": None}, False, id="a low score in a gray picture"),
        pytest.param({"unsure": True, "sharp": 29.9}, True, id="a low score, just blurred"),
        pytest.param({"unsure": True, "sharp": 30.0}, False, id="a low score, just sharp"),
        pytest.param({"unsure": True, "box": (50, 50, 47, 47)}, True, id="a low score, 47 pixels"),
        pytest.param({"unsure": True, "box": (50, 50, 48, 48)}, False, id="a low score, 48 pixels"),
        pytest.param({"eyes": 0, "skin": 0.0}, True, id="no eyes, no skin"),
        pytest.param({"eyes": 0, "sharp": 0.0}, True, id="no eyes, blur"),
        pytest.param({"skin": 0.0, "sharp": 0.0}, True, id="no skin, blur"),
        pytest.param({"sharp": 0.0, "box": (50, 50, 47, 47)}, True, id="blur, few pixels"),
        pytest.param({"surer": [(50, 50, 24, 48)]}, False, id="half of it is another face's"),
        pytest.param({"surer": [(50, 50, 25, 48)]}, True, id="more than half of it is another face's"),
        pytest.param({"surer": [(0, 0, 9, 9), (50, 50, 25, 48)]}, True, id="the second surer face hides it"),
        pytest.param({"surer": [(50, 50, 20, 48), (78, 50, 20, 48)]}, False, id="two surer faces, neither over half"),
        pytest.param({"box": (-24, 0, 48, 48)}, False, id="half of it inside the picture"),
        pytest.param({"box": (-25, 0, 48, 48)}, True, id="less than half of it inside the picture"),
        pytest.param({"box": (176, 0, 48, 48)}, False, id="half of it beyond the right edge"),
        pytest.param({"box": (50, 77, 48, 48)}, True, id="more than half of it below the picture"),
    ],
)
def test_signs_and_what_they_amount_to(monkeypatch, signs, doubtful):
    assert seen(monkeypatch, **signs).doubtful is doubtful


def test_every_sign_is_told_as_it_was_seen(monkeypatch):
    result = seen(monkeypatch, box=(-12, 0, 48, 48), surer=[(-12, 0, 12, 48), (24, 0, 6, 48)], eyes=1, skin=0.25)
    assert result == Checks(eyes=1, skin=0.25, inside=0.75, covered=0.25, doubtful=False)


@pytest.mark.parametrize(
    ("colours", "share"),
    [
        pytest.param([SKIN] * 4, 1.0, id="skin"),
        pytest.param([GRASS] * 4, 0.0, id="grass"),
        pytest.param([SKIN, GRASS, GRASS, GRASS], 0.25, id="a quarter"),
        pytest.param([(120, 120, 120)] * 4, None, id="gray"),
        pytest.param([(120, 120, 123)] * 4, None, id="nearly gray"),
        pytest.param([(120, 120, 124)] * 4, 0.0, id="just coloured"),
        pytest.param([(255, 255, 255), (255, 255, 255), (0, 0, 0), (0, 0, 0)], None, id="black and white"),
    ],
)
def test_share_of_skin(colours, share):
    assert skin_share(np.array(colours, np.uint8).reshape(2, 2, 3)) == share


@pytest.mark.parametrize(("actual", "message"), [(0, 0), (1, 1), (2, 2), (3, 2)])
def test_more_than_two_eyes_are_two_and_the_upper_part_is_searched(monkeypatch, actual, message):
    calls = []

    def detect(upper, scale, neighbours, minSize):
        calls.append((upper.shape, scale, neighbours, minSize))
        return [(0, 0, 9, 9)] * actual

    checker = Checker()
    checker._eyes = SimpleNamespace(detectMultiScale=detect)
    assert checker._count_eyes(np.zeros((60, 60), np.uint8)) == message
    assert calls == [((72, 120), 1.1, 4, (17, 17))]
