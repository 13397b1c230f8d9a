"""Drawn faces: shapes, seeds, and that each style shows its emotions differently."""

import io

import numpy as np
import pytest

from fercore.drawing.canvas import Canvas, Pose, curve, ellipse
from fercore.drawing.expressions import DISPLAYS, expression
from fercore.drawing.faces import dataset, draw, draw_head
from fercore.drawing.person import person
from fercore.drawing.photos import portrait_photo
from fercore.drawing.styles import STYLES
from fercore.emotions import EMOTIONS
from fercore.faces.extraction import extractor


@pytest.mark.parametrize("style", STYLES)
def test_the_same_seed_draws_the_same_face(style):
    first, again, other = draw(style, 3, 1), draw(style, 3, 1), draw(style, 3, 2)
    assert (first.shape, first.dtype) == ((48, 48), np.uint8)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("style", STYLES)
def test_a_dataset_is_balanced_mixed_and_repeatable(style):
    pixels, labels = dataset(style, 4, seed=5)
    assert pixels.shape == (28, 48, 48)
    assert np.bincount(labels).tolist() == [4] * len(EMOTIONS)
    assert not np.array_equal(labels, np.sort(labels))
    assert np.array_equal(pixels, dataset(style, 4, seed=5)[0])
    assert len(np.unique(pixels.reshape(28, -1), axis=0)) == 28


@pytest.mark.parametrize("style", STYLES)
def test_faces_are_lit_and_not_flat(style):
    pixels, _ = dataset(style, 10, seed=0)
    assert pixels.std(axis=(1, 2)).min() > 8
    assert 60 < pixels.mean() < 190


def clean(style, emotion):
    """A face without light, noise or its own variation, (192, 192) uint8."""
    rng = np.random.default_rng(4)
    who = person(style, rng)
    picture = np.full((192, 192), 128, np.uint8)
    shown = DISPLAYS[style][emotion]
    draw_head(Canvas(picture, Pose(96, 96, 96)), who, shown)
    return picture


@pytest.mark.parametrize("style", STYLES)
def test_every_emotion_looks_different_on_the_same_person(style):
    faces = [clean(style, emotion).astype(int) for emotion in range(len(EMOTIONS))]
    for item in range(len(faces)):
        for other in range(item):
            assert (np.abs(faces[item] - faces[other]) > 20).mean() > 0.005


def test_styles_move_different_parts_of_the_face():
    """West opens the mouth where east narrows or widens the eyes."""
    for emotion in (EMOTIONS.index("Happy"), EMOTIONS.index("Surprise"), EMOTIONS.index("Angry")):
        west, east = DISPLAYS["west"][emotion], DISPLAYS["east"][emotion]
        assert west.jaw > east.jaw
        assert abs(east.upper_lid) + abs(east.lower_lid) > abs(west.upper_lid) + abs(west.lower_lid)


def test_strength_scales_an_expression():
    weak = expression("west", 6, np.random.default_rng(0), strength=0.2)
    strong = expression("west", 6, np.random.default_rng(0), strength=1.0)
    assert strong.jaw - weak.jaw > 0.4


@pytest.mark.parametrize(
    ("points", "first", "last"),
    [
        pytest.param(curve([(0, 0), (1, 2), (2, 0)]), (0, 0), (2, 0), id="degree 2"),
        pytest.param(curve([(0, 0), (1, 2), (2, 2), (3, 1)]), (0, 0), (3, 1), id="degree 3"),
    ],
)
def test_curves_begin_and_end_at_their_ends(points, first, last):
    assert points.shape == (10, 2)
    assert np.allclose(points[[0, -1]], [first, last])


def test_a_turned_head_moves_what_stands_out():
    plain, turned = (np.zeros((100, 100), np.uint8) for _ in range(2))
    Canvas(plain, Pose(50, 50, 50)).fill(ellipse(0, 0, 0.2, 0.2), (255, 255, 255), depth=1.0)
    Canvas(turned, Pose(50, 50, 50, yaw=0.4)).fill(ellipse(0, 0, 0.2, 0.2), (255, 255, 255), depth=1.0)
    assert np.argwhere(turned)[:, 1].mean() - np.argwhere(plain)[:, 1].mean() == pytest.approx(20, abs=1)


@pytest.mark.parametrize(
    "people",
    [
        pytest.param([("west", 3)], id="one in the west"),
        pytest.param([("east", 3)], id="one in the east"),
        pytest.param([("west", 0), ("east", 4)], id="two"),
        pytest.param([("east", 6), ("west", 5), ("east", 3), ("west", 3)], id="four"),
    ],
)
def test_the_cascade_finds_drawn_people(people):
    buffer = io.BytesIO()
    portrait_photo(people, seed=1, size=(480 * len(people), 560)).save(buffer, "JPEG", quality=92)
    assert len(extractor().extract(buffer.getvalue()).faces) == len(people)
