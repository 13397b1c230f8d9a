"""A place to draw on in face coordinates, gray or in colour, with the head's pose already applied."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.drawing.person import Rgb
from fercore.faces.opencv import opencv

Points = npt.NDArray[np.float64]  # (n, 2): x, y in face coordinates
_SHIFT: Final = 4  # OpenCV's sub-pixel bits


@dataclass(frozen=True, slots=True)
class Pose:
    """The place and the turn of the head: centre and half width in pixels, angles in radians."""

    x: float
    y: float
    scale: float
    roll: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0


class Canvas:
    """Draws anti-aliased shapes given in face coordinates onto a (h, w) or (h, w, 3) uint8 picture."""

    def __init__(self, pixels: npt.NDArray[np.uint8], pose: Pose) -> None:
        self.pixels = pixels
        self.pose = pose
        self._cosine, self._sine = math.cos(pose.roll), math.sin(pose.roll)

    def fill(self, points: Points, colour: Rgb, depth: float = 0.0) -> None:
        """A filled shape; `depth` is how far it stands out of the head (0 outline, 1 the nose's tip)."""
        cv2 = opencv()
        cv2.fillPoly(self.pixels, [self._place(points, depth)], self._ink(colour), cv2.LINE_AA, _SHIFT)

    def line(self, points: Points, colour: Rgb, width: float, depth: float = 0.0) -> None:
        """An open line of that width in face coordinates."""
        cv2 = opencv()
        thick = max(1, round(width * self.pose.scale))
        placed = self._place(points, depth)
        cv2.polylines(self.pixels, [placed], False, self._ink(colour), thick, cv2.LINE_AA, _SHIFT)

    def _place(self, points: Points, depth: float) -> npt.NDArray[np.int32]:
        """Face coordinates to pixels: what stands out moves further when the head turns."""
        x = points[:, 0] * (1 - 0.35 * abs(self.pose.yaw) * (depth > 0)) + self.pose.yaw * depth
        y = points[:, 1] + self.pose.pitch * depth
        turned_x = x * self._cosine - y * self._sine
        turned_y = x * self._sine + y * self._cosine
        placed = np.stack([turned_x, turned_y], axis=1) * self.pose.scale + (self.pose.x, self.pose.y)
        return (placed * (1 << _SHIFT)).astype(np.int32)

    def _ink(self, colour: Rgb) -> tuple[int, ...]:
        if self.pixels.ndim == 3:
            return colour
        red, green, blue = colour
        return (round(0.299 * red + 0.587 * green + 0.114 * blue),)


_TURN: Final = np.linspace(0, 2 * math.pi, 36, endpoint=False)
_COSINES: Final = np.cos(_TURN)
_SINES: Final = np.sin(_TURN)


def ellipse(x: float, y: float, width: float, height: float) -> Points:
    """(36, 2) points of an ellipse with these half axes."""
    return np.stack([x + width * _COSINES, y + height * _SINES], axis=1)


def curve(points: Sequence[tuple[float, float]], count: int = 10) -> Points:
    """(count, 2) points of the Bezier curve of degree 2 or 3 with these control points."""
    t = np.linspace(0, 1, count)[:, None]
    controls = np.array(points)
    while len(controls.shape) == 2 or controls.shape[0] > 1:
        if controls.ndim == 2:
            controls = np.repeat(controls[:, None, :], count, axis=1)  # (k, count, 2)
        controls = controls[:-1] * (1 - t) + controls[1:] * t
    result: Points = controls[0]
    return result


def tinted(colour: Rgb, factor: float) -> Rgb:
    """A colour made darker (below 1) or lighter (above 1)."""
    red, green, blue = (min(255, max(0, round(part * factor))) for part in colour)
    return red, green, blue
