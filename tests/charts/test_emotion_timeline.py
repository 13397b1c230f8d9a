"""Emotions over time: a band for each, broken where the face was away."""

import numpy as np
import pytest

from fercore.charts.emotion_timeline import timeline
from fercore.emotions import COLOURS, EMOTIONS


def drawn(seconds, rows):
    figure = timeline(np.array(seconds, float), np.array(rows, float).reshape(-1, 7), EMOTIONS, "Time")
    return figure, figure.data[1::2]


def test_each_emotion_has_a_band_in_its_colour_named_at_the_left():
    rows = np.eye(7)[:3]
    figure, bands = drawn([0, 0.2, 0.4], rows)
    assert [band.name for band in bands] == list(EMOTIONS)
    assert [band.line.color for band in bands] == list(COLOURS)
    assert list(figure.layout.yaxis.ticktext) == list(EMOTIONS)
    floors = [6, 5, 4, 3, 2, 1, 0]
    assert [band.y[place] for place, band in enumerate(bands[:3])] == pytest.approx(
        [floor + 0.92 for floor in floors[:3]]
    )
    assert all(min(band.y) == floor for band, floor in zip(bands, floors, strict=True))
    assert bands[1].text[1] == "Disgust 100%"


@pytest.mark.parametrize(
    ("seconds", "broken"),
    [
        ([], 0),
        ([3.0], 0),
        ([0, 0.2, 0.4], 0),
        ([0, 1.0, 2.0], 0),
        ([0, 0.2, 1.4, 1.6], 1),
        ([0, 2, 4, 6], 3),
    ],
)
def test_a_band_ends_where_the_face_is_away(seconds, broken):
    _, bands = drawn(seconds, np.full((len(seconds), 7), 1 / 7))
    assert {int(np.isnan(np.asarray(band.y, float)).sum()) for band in bands} == {broken}
    assert {len(band.x) for band in bands} == {len(seconds) + broken}
