"""Changes of a face that leave it the same picture: lighter, compressed, shifted, cropped, mirrored."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

Change = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def lighter(by: float) -> Change:
    """A face lighter by so many grays, or darker."""
    return lambda face, _: np.clip(face + by, 0, 255)


def contrasted(by: float) -> Change:
    """A face with so many times its contrast."""
    return lambda face, _: np.clip((face - face.mean()) * by + face.mean(), 0, 255)


def moved(down: int, right: int) -> Change:
    """A face moved by pixels, its border repeated."""
    matrix = np.float32([[1, 0, right], [0, 1, down]])
    return lambda face, _: cv2.warpAffine(face, matrix, (48, 48), borderMode=cv2.BORDER_REPLICATE)


def cropped(top: int, bottom: int, left: int, right: int) -> Change:
    """A face without so many pixels at its sides, enlarged again."""
    return lambda face, _: cv2.resize(face[top : 48 - bottom, left : 48 - right], (48, 48))


def compressed(quality: int) -> Change:
    """A face after JPEG."""

    def change(face: np.ndarray, _: np.random.Generator) -> np.ndarray:
        _, code = cv2.imencode(".jpg", face.astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])
        return cv2.imdecode(code, cv2.IMREAD_GRAYSCALE)

    return change


def noisy(deviation: float) -> Change:
    """A face with noise of so many grays."""
    return lambda face, random: np.clip(face + random.normal(0, deviation, face.shape), 0, 255)


def rescaled(side: int) -> Change:
    """A face made smaller and enlarged again."""
    return lambda face, _: np.clip(
        cv2.resize(
            cv2.resize(face, (side, side), interpolation=cv2.INTER_AREA), (48, 48), interpolation=cv2.INTER_CUBIC
        ),
        0,
        255,
    )


def mirrored(face: np.ndarray, _: np.random.Generator) -> np.ndarray:
    """A face seen in a mirror."""
    return face[:, ::-1]


def both(first: Change, second: Change) -> Change:
    """One change after another."""
    return lambda face, random: second(np.ascontiguousarray(first(face, random)), random)


CHANGES: Final[dict[str, tuple[str, Change]]] = {
    "brightness +20": ("brightness", lighter(20)),
    "brightness -60": ("brightness", lighter(-60)),
    "contrast x 0.5": ("brightness", contrasted(0.5)),
    "contrast x 1.5": ("brightness", contrasted(1.5)),
    "JPEG, quality 50": ("near", compressed(50)),
    "JPEG, quality 15": ("near", compressed(15)),
    "noise, deviation 4": ("near", noisy(4)),
    "noise, deviation 12": ("near", noisy(12)),
    "to 32 px and back": ("near", rescaled(32)),
    "to 24 px and back": ("near", rescaled(24)),
    "shift 1, 0 px": ("cropped", moved(1, 0)),
    "shift 1, -1 px": ("cropped", moved(1, -1)),
    "shift 2, 2 px": ("cropped", moved(2, 2)),
    "shift -2, 1 px": ("cropped", moved(-2, 1)),
    "shift -3, 3 px": ("cropped", moved(-3, 3)),
    "crop 1 px around": ("cropped", cropped(1, 1, 1, 1)),
    "crop 2 px around": ("cropped", cropped(2, 2, 2, 2)),
    "crop 3 px around": ("cropped", cropped(3, 3, 3, 3)),
    "crop 3 px at the left": ("cropped", cropped(0, 0, 3, 0)),
    "crop 2 px at the top, 1 right": ("cropped", cropped(2, 0, 0, 1)),
    "mirrored": ("mirrored", mirrored),
    "mirrored, brightness +20": ("mirrored", both(mirrored, lighter(20))),
    "mirrored, shift 1, 2 px": ("mirrored", both(mirrored, moved(1, 2))),
    "mirrored, crop 2 px around": ("mirrored", both(mirrored, cropped(2, 2, 2, 2))),
}
