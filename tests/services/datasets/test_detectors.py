"""The detector of the settings finds the faces wherever none is named: in photos to predict and in crops to repair."""

from types import SimpleNamespace

import pytest

from fercore.errors import InputError
from fercore.faces import detection
from fercore.faces.extraction import Extractor
from fercore.services.datasets import detectors
from fercore.services.system import doctor


@pytest.fixture
def installation(lite):
    """An installation with these settings."""

    def made(**settings):
        return SimpleNamespace(settings=lite.settings.model_copy(update=settings))

    return made


class Half:
    """Finds one face: the left half of whatever it is shown."""

    weak, version = 0.0, "half-1"

    def __init__(self, model):
        self.model = model

    def detect(self, photo):
        width, height = photo.size
        return [detection.Detection((0, 0, width // 2, height), 1.0)]


def test_the_one_that_is_set_is_used(installation, monkeypatch, tmp_path):
    monkeypatch.setitem(detection._MADE_BY, "half", Half)
    finder = detectors.chosen(installation(detector="half", yunet=tmp_path / "model.onnx"))
    assert isinstance(finder, Extractor) and finder._finder.model == tmp_path / "model.onnx"
    assert detectors.chosen(installation(detector="half", yunet=tmp_path / "model.onnx")) is finder, "made once"


@pytest.mark.parametrize(
    ("settings", "answers"),
    [
        ({"detector": "best"}, "There is no detector 'best'. Choose one of haar, yunet."),
        ({"detector": "yunet"}, "FERCORE_YUNET names no file"),
    ],
)
def test_what_cannot_be_used_is_said(installation, settings, answers):
    with pytest.raises(InputError) as caught:
        detectors.chosen(installation(**settings))
    assert answers in str(caught.value)
    problems = []
    assert doctor._detector(installation(**settings).settings, problems) == "missing"
    assert answers in problems[0]


def test_haar_is_there_without_a_setting(installation):
    problems = []
    assert doctor._detector(installation().settings, problems) == "haar" and problems == []
