"""How sure a reading is, in words of both languages."""

import numpy as np
import pytest

from fercore.evaluation.calibration import SetCoverage
from fercore.language import use
from fercore.services.prediction.certainty import AnswerSets, Elsewhere
from fercore.ui.prediction import certainty

SETS = AnswerSets(0.1, "D *1*", "validation", 1200, (Elsewhere("KFE", "test", SetCoverage(0.8, 0.75, 0.84, 1.9, 300)),))
SURE = [0, 0, 0.02, 0.95, 0.01, 0.02, 0]
FEW = [0, 0, 0.5, 0.05, 0.05, 0, 0.4]
MANY = [0.2, 0.15, 0.3, 0.15, 0.1, 0.05, 0.05]


@pytest.mark.parametrize(
    ("code", "row", "sets", "expected"),
    [
        ("en", SURE, SETS, "**Happy** 95%"),
        ("en", FEW, SETS, "**Not sure**: Fear or Surprise"),
        ("en", MANY, SETS, "**Not sure**: most likely Fear, yet it may be Angry, Disgust, Happy, or Neutral."),
        ("en", [1 / 7] * 7, SETS, "**Not sure**: most likely Angry, yet it may be any."),
        ("en", FEW, None, "**Fear** 50%"),
        ("ko", FEW, SETS, "**확실하지 않음**: 공포 또는 놀람"),
    ],
)
def test_the_headline(code, row, sets, expected):
    use(code)
    assert certainty.headline(np.array(row), sets) == expected


def test_where_it_was_measured():
    assert certainty.measured(SETS) == (
        r"The emotions named here hold the answer 9 times in 10, measured on D \*1\* · validation (1,200 faces). "
        "On KFE · test: 80% (75% to 84%)."
    )
