"""Dots in shapes that tell groups apart without colour, as SVG."""

from math import cos, pi, sin
from typing import Final

Corners = tuple[tuple[float, float], ...]


def _around(radii: tuple[float, ...], turn: float = 0.0) -> Corners:
    """Corners at equal angles and these distances from the middle, the first on top."""
    angles = [turn + 2 * pi * number / len(radii) for number in range(len(radii))]
    return tuple((radius * sin(angle), -radius * cos(angle)) for radius, angle in zip(radii, angles, strict=True))


# A cross has three corners at each of its four ends and one between two of them.
_CROSS: Final = (
    *((-0.35, -1.0), (0.35, -1.0), (0.35, -0.35), (1.0, -0.35), (1.0, 0.35), (0.35, 0.35)),
    *((0.35, 1.0), (-0.35, 1.0), (-0.35, 0.35), (-1.0, 0.35), (-1.0, -0.35), (-0.35, -0.35)),
)
_SHAPES: Final[dict[str, Corners]] = {
    "square": _around((1.25,) * 4, pi / 4),
    "diamond": _around((1.3,) * 4),
    "triangle-up": _around((1.3,) * 3),
    "triangle-down": _around((1.3,) * 3, pi),
    "hexagon": _around((1.15,) * 6, pi / 6),
    "star": _around((1.4, 0.6) * 5),
    "cross": _CROSS,
    "x": tuple(((a - b) * 0.8, (a + b) * 0.8) for a, b in _CROSS),
}


def symbol(name: str, x: float, y: float, half: float, colour: str) -> str:
    """A dot of half a width around (x, y); a circle where the shape has no corners."""
    if name in _SHAPES:
        corners = " ".join(f"{x + half * a:.1f},{y + half * b:.1f}" for a, b in _SHAPES[name])
        return f'<polygon points="{corners}" fill="{colour}"/>'
    looks = f'fill="none" stroke="{colour}" stroke-width="2"' if name.endswith("-open") else f'fill="{colour}"'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{half:.1f}" {looks}/>'
