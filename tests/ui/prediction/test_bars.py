"""Seven bars as a table: as long as they say, and named where there are several."""

import re

import numpy as np
import pytest

from fercore.emotions import EMOTIONS
from fercore.language import use
from fercore.ui.prediction import bars
from fercore.ui.prediction.bars import Reading

ROW = np.array([0.004, 0.0, 0.2, 0.5, 0.29, 0.006, 0.0])


def cells(html):
    """The words of each row."""
    return [re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<tr>(.*?)</tr>", html.partition("<tbody>")[2])]


def widths(html):
    return [float(width) for width in re.findall(r"width:([\d.]+)%;background", html)]


@pytest.mark.parametrize(("language", "first"), [("en", "Angry"), ("ko", "분노")])
def test_one_reading(stage, language, first):
    use(language)
    drawn = stage()
    bars.draw([Reading("Run 1", ROW)])
    [html] = drawn.said("html")
    assert cells(html)[0] == [first, "0%"] and "<thead>" not in html
    assert [row[1] for row in cells(html)] == ["0%", "0%", "20%", "50%", "29%", "1%", "0%"]
    lengths = widths(html)
    assert len(lengths) == 4, "what says 0 % has no bar"
    assert lengths[0] / lengths[1] == pytest.approx(0.2 / 0.5, rel=0.01)


def test_several_readings_are_named_as_text(stage):
    drawn = stage()
    bars.draw([Reading("Run 1 · <b>VGG16", ROW), Reading("Mean", ROW[::-1])])
    [html] = drawn.said("html")
    assert "Run 1 · &lt;b&gt;VGG16" in html and html.count('scope="col"') == 2
    assert cells(html)[4] == ["Neutral", "29%", "20%"]
    assert re.findall(r'<td class="fc-most">.*?<b>(\d+%)', html) == ["50%", "50%"]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        pytest.param(dict.fromkeys(EMOTIONS, 0), [], id="no face"),
        pytest.param({**dict.fromkeys(EMOTIONS, 0), "Happy": 1200, "Sad": 300}, [4, 1], id="counts"),
    ],
)
def test_counts_are_compared_with_the_largest(stage, counts, expected):
    drawn = stage()
    bars.draw_counts(counts)
    [html] = drawn.said("html")
    lengths = widths(html)
    assert [length / lengths[-1] for length in lengths] == pytest.approx(expected, rel=0.01)
    assert ("1,200" in html) == bool(expected)
