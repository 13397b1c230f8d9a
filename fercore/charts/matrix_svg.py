"""Confusion matrices as SVG: a picture for papers that reads itself out, written without a drawing library."""

from collections.abc import Sequence
from html import escape
from typing import Final

import numpy as np

_SIDE: Final = 84
_LEFT: Final = 150
_TOP: Final = 92
_BLUE: Final = (0, 114, 178)
_ORANGE: Final = (213, 94, 0)
_DEEPEST: Final = 0.62  # black can still be read on it
FONT: Final = "'Noto Sans KR', 'Apple SD Gothic Neo', 'Malgun Gothic', 'DejaVu Sans', Arial, sans-serif"


def matrix_svg(
    title: str,
    description: str,
    names: Sequence[str],
    figures: Sequence[Sequence[tuple[str, str]]],
    tones: "np.typing.NDArray[np.float64]",
) -> str:
    """An SVG of n × n (figure, smaller figure) in drawing order, with tones from -1 to 1: blue above 0, orange below.

    `title` stands on top, `description` is its text alternative.
    """
    count = len(names)
    width, height = _LEFT + count * _SIDE + 12, _TOP + count * _SIDE + 12
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-labelledby="title desc" font-family="{FONT}" font-size="15">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(description)}</desc>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _text(12, 30, title, 'font-size="17" font-weight="bold"'),
    ]
    for place, name in enumerate(names):
        middle = place * _SIDE + _SIDE / 2
        parts.append(_text(_LEFT + middle, _TOP - 10, name, 'text-anchor="middle" font-weight="bold"'))
        parts.append(_text(_LEFT - 10, _TOP + middle + 5, name, 'text-anchor="end" font-weight="bold"'))
    for row, line in enumerate(figures):
        for column, (figure, small) in enumerate(line):
            x, y = _LEFT + column * _SIDE, _TOP + row * _SIDE
            box = f'x="{x + 1.5}" y="{y + 1.5}" width="{_SIDE - 3}" height="{_SIDE - 3}" rx="4"'
            parts.append(f'<rect {box} fill="{_colour(float(tones[row, column]))}"/>')
            centre = x + _SIDE / 2
            parts.append(_text(centre, y + _SIDE / 2 - 1, figure, 'text-anchor="middle" font-weight="bold"'))
            parts.append(_text(centre, y + _SIDE / 2 + 18, small, 'text-anchor="middle" font-size="12"'))
    return "\n".join([*parts, "</svg>"])


def _text(x: float, y: float, words: str, looks: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" fill="#111111" {looks}>{escape(words)}</text>'


def _colour(tone: float) -> str:
    """A mix of white with blue or orange."""
    share = min(abs(tone), 1.0) * _DEEPEST
    parts = (round(255 * (1 - share) + share * part) for part in (_BLUE if tone >= 0 else _ORANGE))
    return "#" + "".join(f"{part:02x}" for part in parts)
