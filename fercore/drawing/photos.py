"""Drawn photos: people in colour before a wall, for the demo's extraction and for tests."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from fercore.drawing.canvas import Canvas, Pose
from fercore.drawing.expressions import expression
from fercore.drawing.faces import draw_head
from fercore.drawing.person import person
from fercore.drawing.styles import Style
from fercore.faces.boxes import Box
from fercore.faces.opencv import opencv

_HEAD_SHARE: Final = 0.62  # of the height, or of the place that one person has
_FACE: Final = 0.85  # of the head


def portrait_photo(people: Sequence[tuple[Style, int]], seed: int, size: tuple[int, int] = (960, 640)) -> Image.Image:
    """An RGB picture of these people side by side, each a style and an emotion (0-6)."""
    return portrait(people, seed, size)[0]


def portrait(
    people: Sequence[tuple[Style, int]], seed: int, size: tuple[int, int] = (960, 640)
) -> tuple[Image.Image, list[Box]]:
    """The same with the box of each face: from the brows to the chin, as detectors and annotators draw it."""
    rng = np.random.default_rng([seed, len(people)])
    width, height = size
    picture = _wall(width, height, rng)
    place = width / len(people)
    boxes: list[Box] = []
    for number, (style, emotion) in enumerate(people):
        half = min(height, place) * _HEAD_SHARE / 2
        pose = Pose(
            x=place * (number + 0.5) + rng.normal(0, place * 0.02),
            y=height * 0.47 + rng.normal(0, height * 0.02),
            scale=half,
            roll=float(rng.normal(0, 0.03)),
            yaw=float(rng.normal(0, 0.08)),
        )
        reach = half * _FACE
        boxes.append((round(pose.x - reach), round(pose.y - reach), round(2 * reach), round(2 * reach)))
        draw_head(Canvas(picture, pose), person(style, rng), expression(style, emotion, rng))
    soft = opencv().GaussianBlur(picture, (0, 0), 1.0)
    grain = rng.normal(0, 3, picture.shape)
    return Image.fromarray(np.clip(soft + grain, 0, 255).astype(np.uint8)), boxes


def _wall(width: int, height: int, rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """(height, width, 3): a wall in one soft colour, lighter at the top."""
    colour = rng.uniform(120, 210, 3)
    fall = np.linspace(1.1, 0.8, height)[:, None, None]
    wall: npt.NDArray[np.uint8] = np.clip(np.broadcast_to(colour * fall, (height, width, 3)), 0, 255).astype(np.uint8)
    return wall
