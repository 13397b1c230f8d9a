"""The reasons for a reading: in words, and where the page shows them."""

import numpy as np
import pytest

from fercore.charts import explanation as charts
from fercore.language import use
from fercore.prediction.face_parts import FacePart, area
from fercore.ui.prediction import explanation

FACE = np.random.default_rng(0).integers(0, 256, (48, 48)).astype(np.uint8)


def by_the_mouth(faces):
    """Happy, as far as the mouth has contrast; it counts how often it was asked."""
    by_the_mouth.asked += 1
    contrast = np.array([face[area(FacePart.MOUTH)].std() for face in faces]) / 128
    shares = np.repeat((1 - contrast)[:, None] / 6, 7, axis=1)
    shares[:, 3] = contrast
    return shares.astype(np.float32)


@pytest.mark.parametrize(
    ("code", "parts", "expected"),
    [
        ("en", (FacePart.MOUTH,), "The strongest sign of Happy: the mouth."),
        ("en", (FacePart.MOUTH, FacePart.BROWS), "The strongest signs of Happy: the mouth and the brows."),
        ("en", (), "No part of the face speaks for Happy."),
        ("ko", (FacePart.MOUTH, FacePart.BROWS), "행복의 가장 큰 근거: 입, 눈썹."),
    ],
)
def test_the_reasons_in_one_sentence(code, parts, expected):
    use(code)
    assert explanation.said(3, parts) == expected


@pytest.mark.parametrize("part", FacePart)
def test_every_part_has_a_name(part):
    assert explanation.said(3, (part,)).startswith("The strongest sign of Happy: the ")


def test_nothing_is_asked_before_somebody_wants_to_know(stage):
    by_the_mouth.asked = 0
    stage()
    explanation.show(by_the_mouth, FACE, "a")
    assert by_the_mouth.asked == 0


def test_the_map_is_made_once_for_all_emotions_and_the_curves_for_each(stage):
    by_the_mouth.asked = 0
    drawn = stage(**{"Why?": True})
    explanation.show(by_the_mouth, FACE, "a")
    assert by_the_mouth.asked == 2 and drawn.said("markdown") == ["The strongest sign of Happy: the mouth."]
    assert 'alt="The face, orange where it speaks for Happy' in drawn.said("html")[0]
    drawn.answers["What speaks for"] = 4
    explanation.show(by_the_mouth, FACE, "a")
    assert by_the_mouth.asked == 3 and "mouth" not in drawn.said("markdown")[1]
    explanation.show(by_the_mouth, FACE[::-1].copy(), "a")
    assert by_the_mouth.asked == 5, "another face"


def test_the_overlay_shows_where_and_leaves_the_rest_gray():
    importance = np.zeros((48, 48), np.float32)
    importance[:16], importance[32:] = 0.2, -0.1
    red, _, blue = np.moveaxis(charts.overlay(FACE, importance).astype(int), 2, 0)
    top, middle, bottom = slice(0, 60), slice(100, 140), slice(180, 240)
    assert (red[top] - blue[top]).mean() > 100
    assert np.array_equal(red[middle], blue[middle])
    assert (blue[bottom] - red[bottom]).mean() > 30
