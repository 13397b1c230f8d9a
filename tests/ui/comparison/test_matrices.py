"""Confusion matrices as they are drawn and written as SVG."""

from xml.etree import ElementTree

import numpy as np
import pytest

from fercore.emotions import EMOTIONS
from fercore.evaluation.confusion_shares import Shares
from fercore.services.comparison import matrices
from tests.ui.test_figures import matrix

COUNTS = np.array(matrix(Happy_Happy=1500, Happy_Sad=500, Sad_Sad=5))
HAPPY, SAD = EMOTIONS.index("Happy"), EMOTIONS.index("Sad")


@pytest.mark.parametrize(
    ("base", "figure", "small", "tone", "spoken"),
    [
        ("counts", "500", "25.0%", 0.25, "true Happy, predicted Sad: 500 faces, 25.0% of those labelled Happy"),
        ("rows", "25.0%", "500", 0.25, "true Happy, predicted Sad: 500 faces, 25.0% of those labelled Happy"),
        ("columns", "99.0%", "500", 500 / 505, "true Happy, predicted Sad: 500 faces, 99.0% of those predicted Sad"),
    ],
)
def test_a_cell_of_one_run(base, figure, small, tone, spoken):
    drawn = matrices.of_run(COUNTS, Shares(base), range(7), "C")
    cell = drawn.cells[HAPPY][SAD]
    assert (cell.figure, cell.small, cell.spoken, cell.faces) == (figure, small, spoken, 500)
    assert cell.tone == pytest.approx(tone) and drawn.totals[HAPPY] == 2000 and not drawn.cells[0][0].faces


@pytest.mark.parametrize(
    ("value", "base", "words"),
    [
        (1234, "counts", "+1,234"),
        (-2, "counts", "−2"),
        (0, "counts", "0"),
        (0.0123, "rows", "+1.2"),
        (-0.5, "rows", "−50.0"),
        (0.0004, "columns", "0"),
    ],
)
def test_a_difference_has_its_sign(value, base, words):
    assert matrices.signed(value, Shares(base)) == words


def test_the_picture_reads_itself_out():
    order = [SAD, HAPPY, *(index for index in range(7) if index not in (SAD, HAPPY))]
    drawn = matrices.of_run(COUNTS, Shares.COUNTS, order, "C")
    words = matrices.in_words(COUNTS)
    assert words == "Most frequent confusions: Happy → Sad: 500 (25.0%)."
    root = ElementTree.fromstring(matrices.svg(drawn, "Run 1 · <b>D & E</b>", words))
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title").text == "Run 1 · <b>D & E</b>" and root.find(f"{space}desc").text == words
    texts = [node.text for node in root.iter(f"{space}text")]
    assert texts.count("500") == 1 and texts.index("Sad") < texts.index("Happy") < texts.index("Angry")
    assert root.get("role") == "img"


def test_nothing_confused_is_said():
    assert matrices.in_words(np.array(matrix(Happy_Happy=3))) == "No face is confused."
