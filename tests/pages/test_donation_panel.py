"""Donating a photo on Predict: only after agreement, under a code that takes it back."""

import pytest

from fercore.drawing.photos import portrait_photo
from fercore.drawing.styles import Style
from fercore.services.datasets import catalogue
from fercore.ui.shell.session import store
from tests.cli.test_contents import exported as exported
from tests.faces.pictures import encoded
from tests.pages.conftest import opened, press

DONATE = {"en": "Donate 1 photo", "ko": "사진 1장 기부하기"}
BACK = {"en": "Take it back", "ko": "기부 취소"}


def kept():
    return {summary.name: summary.faces for summary in catalogue.summaries(store())}.get("visitors", 0)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_photo_is_donated_by_choice_and_taken_back_by_its_code(exported, language):
    app = opened("demo/predict.py", language)
    assert DONATE[language] not in [button.label for button in app.button], "nothing to donate yet"
    picture = encoded(portrait_photo([(Style.EAST, 3)], 1, (640, 480)))
    app.file_uploader(key="photos").set_value(("kim.png", picture, "image/png")).run()
    assert app.button(key="donate").label == DONATE[language]
    assert app.button(key="donate").disabled and kept() == 0
    app.checkbox(key="donation-agreed").check().run()
    app.button(key="donate").click().run()
    [code] = [block.value for block in app.code]
    assert kept() == 1
    app.text_input[0].set_value(code)
    press(app, BACK[language])
    assert kept() == 0 and not app.code
    app.text_input[0].set_value(code)
    press(app, BACK[language])
    assert app.warning, "a code works once"
