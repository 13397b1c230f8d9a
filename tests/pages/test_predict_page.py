"""Predict: remarks under a face, the sentence about a file that is not YuNet's; and the detector of an extraction."""

import pytest

from fercore.drawing.photos import portrait_photo
from fercore.drawing.styles import Style
from fercore.language import tr, use
from tests.cli.test_contents import exported as exported
from tests.faces.pictures import encoded
from tests.pages.conftest import opened, shown, shown_photos, texts

NOT_YUNET = {"en": "Until then, Haar finds the faces.", "ko": "그때까지는 Haar가 얼굴을 찾습니다."}
SMALL = {"en": "The face is small:", "ko": "얼굴이 작습니다:"}


def with_photo(language, size=(640, 480)):
    picture = portrait_photo([(Style.EAST, 3)], 1, (640, 480)).resize(size)
    app = opened("demo/predict.py", language)
    app.file_uploader(key="photos").set_value(("kim.png", encoded(picture), "image/png")).run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(("size", "noted"), [((640, 480), False), ((100, 75), True)])
def test_a_small_face_is_said_under_the_face(exported, language, size, noted):
    assert (SMALL[language] in texts(with_photo(language, size))) == noted


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_file_that_is_not_yunets_is_named_as_text(exported, tmp_path, monkeypatch, language):
    file = tmp_path / "**y**.onnx"
    file.write_bytes(b"no network")
    monkeypatch.setenv("FERCORE_YUNET", str(file))
    app = with_photo(language)
    [warning] = app.warning
    assert r"\*\*y\*\*" in warning.value
    assert shown(warning.value).endswith(NOT_YUNET[language]) and "**y**.onnx" in shown(warning.value)
    [photo] = shown_photos(app)
    assert [bool(face["name"]) for face in photo["faces"]] == [True], "the photo is read"


def test_without_such_a_file_nothing_is_said(exported):
    assert not with_photo("en").warning


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_detector_of_an_extraction_is_chosen_by_itself(lite, language):
    app = opened("curate/datasets.py", language)
    use(language)
    word, label = tr("by itself"), tr("Detector")
    use("en")
    [box] = [box for box in app.selectbox if box.label == label]
    assert box.options == [word, "haar", "yunet"] and box.value == "auto"
