"""An invented person: geometry and colours, by style."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from fercore.drawing.styles import Style

Rgb = tuple[int, int, int]

_SKINS: Final[tuple[Rgb, ...]] = (
    (241, 208, 178),
    (226, 184, 148),
    (204, 158, 122),
    (182, 134, 100),
)
_HAIRS: Final[dict[Style, tuple[Rgb, ...]]] = {
    Style.WEST: ((58, 40, 30), (110, 74, 42), (190, 148, 88), (140, 62, 34), (150, 146, 142)),
    Style.EAST: ((28, 26, 30), (44, 36, 36), (70, 52, 44), (120, 116, 116)),
}

_CLOSE: Final = 170  # difference of summed channels below which hair and skin look alike


@dataclass(frozen=True, slots=True)
class Person:
    """Lengths are in half widths of the picture; the face's middle is (0, 0), y points down."""

    style: Style
    skin: Rgb
    hair: Rgb
    width: float  # half width of the head
    height: float  # half height of the head
    jaw: float  # 0 round to 1 narrow chin
    eye_y: float
    eye_x: float
    eye_width: float
    eye_height: float
    brow_gap: float
    brow_weight: float
    nose_length: float
    nose_width: float
    mouth_y: float
    mouth_width: float
    lip: float
    fringe: float  # how far the hair comes down the forehead, 0 to 1
    long_hair: bool
    glasses: bool


def person(style: Style, rng: np.random.Generator) -> Person:
    """An invented person: *west* long-faced with a strong nose, *east* round with finely drawn features."""
    west = style == Style.WEST

    def around(west_mean: float, east_mean: float, spread: float) -> float:
        return float(rng.normal(west_mean if west else east_mean, spread))

    skin = _mixed(_SKINS, rng)
    return Person(
        style=style,
        skin=skin,
        hair=_distinct(_mixed(_HAIRS[style], rng), skin),
        width=around(0.66, 0.74, 0.035),
        height=around(0.92, 0.84, 0.03),
        jaw=float(np.clip(around(0.35, 0.55, 0.2), 0, 1)),
        eye_y=around(-0.16, -0.09, 0.03),
        eye_x=around(0.29, 0.33, 0.02),
        eye_width=around(0.145, 0.175, 0.012),
        eye_height=around(0.075, 0.095, 0.01),
        brow_gap=around(0.16, 0.21, 0.02),
        brow_weight=around(0.06, 0.042, 0.008),
        nose_length=around(0.40, 0.22, 0.03),
        nose_width=around(0.13, 0.08, 0.015),
        mouth_y=around(0.48, 0.44, 0.03),
        mouth_width=around(0.25, 0.17, 0.02),
        lip=around(0.045, 0.03, 0.008),
        fringe=float(np.clip(around(0.25, 0.55, 0.25), 0, 1)),
        long_hair=bool(rng.random() < 0.45),
        glasses=bool(rng.random() < 0.12),
    )


def _mixed(palette: tuple[Rgb, ...], rng: np.random.Generator) -> Rgb:
    """A colour between two neighbours of a palette."""
    place = rng.random() * (len(palette) - 1)
    low, part = int(place), place - int(place)
    pair = zip(palette[low], palette[low + 1], strict=True)
    red, green, blue = (round(a + (b - a) * part) for a, b in pair)
    return red, green, blue


def _distinct(hair: Rgb, skin: Rgb) -> Rgb:
    """Hair that can be told from the skin in gray: darker where the two would come close."""
    if abs(sum(hair) - sum(skin)) > _CLOSE:
        return hair
    red, green, blue = (round(part * 0.45) for part in hair)
    return red, green, blue
