"""Drawn faces as 48x48 gray pictures: one of an emotion, or a whole dataset."""

from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.drawing.canvas import Canvas, Pose
from fercore.drawing.expressions import Expression, expression
from fercore.drawing.features import draw_blush, draw_brows, draw_eyes, draw_mouth, draw_nose
from fercore.drawing.head import draw_back, draw_front, draw_skin
from fercore.drawing.person import Person, person
from fercore.drawing.styles import Style
from fercore.emotions import EMOTIONS
from fercore.faces.opencv import opencv
from fercore.faces.pixels import SIDE, Gray, shrink

_DRAWN_SIDE: Final = SIDE * 4  # drawn at four times the size and averaged down
_CLUTTER: Final = 0.04  # share of faces with something in front of them
_WEAKEST: Final = 0.9  # how strongly an emotion is shown at least


def draw(style: Style, emotion: int, seed: int) -> Gray:
    """(48, 48) uint8: an invented person showing an emotion (0-6); the same seed draws the same face."""
    return _face(style, emotion, np.random.default_rng([seed, emotion, style == Style.EAST]))


def dataset(style: Style, per_emotion: int, seed: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """(7n, 48, 48) uint8 faces in mixed order and their (7n,) int64 emotions, n of each."""
    rng = np.random.default_rng([seed, style == Style.EAST])
    labels = rng.permutation(np.repeat(np.arange(len(EMOTIONS)), per_emotion))
    pixels = np.empty((labels.size, SIDE, SIDE), np.uint8)
    for place, emotion in enumerate(labels):
        pixels[place] = _face(style, int(emotion), rng)
    return pixels, labels


def draw_head(canvas: Canvas, who: Person, shown: Expression, gaze: float = 0.0) -> None:
    """A whole head with its expression on a canvas."""
    draw_back(canvas, who)
    draw_skin(canvas, who)
    draw_blush(canvas, who, shown)
    draw_nose(canvas, who, shown)
    draw_eyes(canvas, who, shown, gaze)
    draw_brows(canvas, who, shown)
    draw_mouth(canvas, who, shown)
    draw_front(canvas, who)


def _face(style: Style, emotion: int, rng: np.random.Generator) -> Gray:
    who = person(style, rng)
    shown = expression(style, emotion, rng, strength=float(rng.uniform(_WEAKEST, 1.0)))
    middle, scale = _DRAWN_SIDE / 2, _DRAWN_SIDE / 2 * rng.normal(1.28, 0.04)
    pose = Pose(
        x=middle + rng.normal(0, 3),
        y=middle + rng.normal(0, 3),
        scale=float(scale),
        roll=float(rng.normal(0, 0.04)),
        yaw=float(rng.normal(0, 0.08)),
        pitch=float(rng.normal(0, 0.05)),
    )
    picture = np.full((_DRAWN_SIDE, _DRAWN_SIDE), int(rng.integers(40, 220)), np.uint8)
    draw_head(Canvas(picture, pose), who, shown, gaze=float(rng.normal(0, 0.02)))
    if rng.random() < _CLUTTER:
        _cover(picture, rng)
    return _photographed(shrink(picture), rng)


def _cover(picture: Gray, rng: np.random.Generator) -> None:
    """Something in front of the face: a bar at a random place and angle."""
    cv2 = opencv()
    start, end = rng.integers(0, _DRAWN_SIDE, (2, 2))
    shade, width = int(rng.integers(20, 200)), int(rng.integers(10, 34))
    cv2.line(picture, (0, int(start[0])), (int(end[0]), _DRAWN_SIDE), shade, width, cv2.LINE_AA)


def _photographed(face: Gray, rng: np.random.Generator) -> Gray:
    """Light from one side, contrast, blur and the sensor's noise."""
    cv2 = opencv()
    across, down = np.meshgrid(np.linspace(-1, 1, SIDE), np.linspace(-1, 1, SIDE))
    light = 1 + rng.normal(0, 0.1) * across + rng.normal(0, 0.06) * down
    values = (face.astype(np.float32) - 128) * rng.uniform(0.9, 1.15) + 128 + rng.normal(0, 8)
    values = cv2.GaussianBlur(values * light, (0, 0), float(rng.uniform(0.3, 0.5)))
    values += rng.normal(0, rng.uniform(1, 4), face.shape)
    result: Gray = np.clip(values, 0, 255).astype(np.uint8)
    return result
