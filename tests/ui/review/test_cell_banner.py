"""The confusion cell whose faces are reviewed, in words."""

import pytest

from fercore.ui.review import cell_banner
from tests.services.comparison.test_table import evaluated


@pytest.mark.parametrize(
    ("split", "shown", "words"),
    [
        ("validation", False, ": **labelled Happy, predicted Sad**"),
        ("train", False, ": **labelled Happy, predicted Sad**"),
        ("test", False, ": the faces of one confusion cell"),
        ("test", True, ": **labelled Happy, predicted Sad**"),
    ],
)
def test_a_cell_is_named_and_of_test_faces_only_on_demand(monkeypatch, split, shown, words):
    monkeypatch.setattr("streamlit.toggle", lambda *_, **__: shown)
    result = cell_banner._words(evaluated(7, 0.5, dataset="D*", split=split), 3, 5)
    assert result == rf"Run 7 (MobileNetV2) on D\*, {split}{words}"
