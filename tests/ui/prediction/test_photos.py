"""A photo on the page Predict: advice where no face was found."""

from types import SimpleNamespace

import pytest

from fercore.settings import Settings
from fercore.ui.prediction import photos


class Upload:
    """A photo as the browser gives it."""

    def __init__(self, name):
        self.name = self.file_id = name


@pytest.mark.parametrize(
    ("uploads", "shots", "advice"),
    [
        pytest.param(["a.jpg"], [], [False], id="a file"),
        pytest.param([], ["shot.jpg"], [True], id="the camera"),
        pytest.param(["a.jpg", "b.jpg"], ["shot.jpg"], [False, False, True], id="both"),
    ],
)
def test_advice_for_the_camera_is_given_before_the_camera_alone(stage, monkeypatch, uploads, shots, advice):
    drawn = stage()
    nothing = photos.MarkedPhoto(SimpleNamespace(faces=[]), "data:,", None, None)
    monkeypatch.setattr(photos, "store", lambda: SimpleNamespace(settings=Settings()))
    monkeypatch.setattr(photos.photos, "changed", lambda *_: 0.0)
    monkeypatch.setattr(photos, "_read", lambda *_: nothing)
    monkeypatch.setattr(photos, "fragment", lambda part, *given: part(*given))
    photos.show(1, [Upload(name) for name in uploads], [Upload(name) for name in shots])
    assert ["frontal" in text for text in drawn.said("info")] == advice
