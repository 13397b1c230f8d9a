"""Recorded filters in words."""

import pytest

from fercore.curation.quality_bands import QualityBand
from fercore.services.comparison.confusion_cell import CellFilter
from fercore.ui.comparison import filter_words


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (CellFilter(), ""),
        (CellFilter(lowest=0.2), "confidence 20% to 100%"),
        (CellFilter(highest=0.55, gender="female"), "confidence 0% to 55%, female"),
        (CellFilter(subjects=("p_1",), age=20), "Person p_1, Age 20–29"),
        (
            CellFilter(quality=QualityBand.POOR, apart_from=7),
            "Picture: poorest third, not in this cell of evaluation 7",
        ),
    ],
)
def test_a_filter_is_put_in_words(wanted, words):
    assert filter_words.of(wanted.as_json()) == words
