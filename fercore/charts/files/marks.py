"""The marks of a chart that is written as SVG: lines, dots with whiskers, bars, and text."""

from collections.abc import Sequence
from html import escape, unescape
from itertools import pairwise
from typing import Any, Final

from fercore.charts.files.axis import Axis
from fercore.charts.files.symbols import symbol

_DASHES: Final = {"dot": "2 4", "dash": "8 5", "dashdot": "8 4 2 4", "longdash": "14 6", "longdashdot": "14 5 2 5"}
_WIDTH: Final = 2.0
_BAR: Final = 0.78
_CAP: Final = 4
Point = tuple[float, float]
INK: Final = "#1F2933"
GREY: Final = "#D5DAE0"


def text(x: float, y: float, words: str, attributes: str = "") -> str:
    """A line of text; what Plotly takes for an entity is read as it does."""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{INK}" {attributes}>{escape(unescape(words))}</text>'


def line(start: Point, end: Point, colour: str = GREY, width: float = 1, dash: str | None = None) -> str:
    """A straight line."""
    (x1, y1), (x2, y2) = start, end
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width:g}"{_dashed(dash)}/>'
    )


def scatter(trace: Any, x: Axis, y: Axis, colour: str) -> list[str]:
    """A trace of dots or a line, with the whiskers of its intervals behind."""
    points = [(a, b) for a, b in zip(trace.x, trace.y, strict=True) if a is not None and b is not None]
    mode = trace.mode or "lines+markers"
    parts = _whiskers(trace, x, y, colour)
    if "lines" in mode:
        parts.append(_path(trace, [(x.place(a), y.place(b)) for a, b in points], colour))
    if "markers" in mode:
        colours = _each(trace.marker.color, len(points), colour)
        symbols = _each(trace.marker.symbol, len(points), "circle")
        size = _each(trace.marker.size, len(points), 7)
        parts += [
            symbol(str(name), x.place(a), y.place(b), float(side) / 2, str(tone))
            for (a, b), tone, name, side in zip(points, colours, symbols, size, strict=True)
        ]
    if "text" in mode and trace.text is not None:
        parts += [
            text(x.place(a) + 7, y.place(b) - 7, str(words), 'font-size="12"')
            for (a, b), words in zip(points, _each(trace.text, len(points), ""), strict=True)
        ]
    return parts


def _path(trace: Any, points: Sequence[tuple[float, float]], colour: str) -> str:
    steps = [f"{px:.1f},{py:.1f}" for px, py in _stepped(points, trace.line.shape)]
    width = trace.line.width or _WIDTH
    return (
        f'<polyline points="{" ".join(steps)}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
        f'stroke-linejoin="round"{_dashed(trace.line.dash)}/>'
    )


def _stepped(points: Sequence[tuple[float, float]], shape: str | None) -> list[tuple[float, float]]:
    """The corners of a line that goes in steps: across first (hv) or up first (vh)."""
    if shape not in ("hv", "vh"):
        return list(points)
    corners = list(points[:1])
    for (x1, y1), (x2, y2) in pairwise(points):
        corners += [(x2, y1) if shape == "hv" else (x1, y2), (x2, y2)]
    return corners


def _whiskers(trace: Any, x: Axis, y: Axis, colour: str) -> list[str]:
    parts = []
    for bounds, is_x in ((trace.error_x, True), (trace.error_y, False)):
        if bounds.array is None:
            continue
        below = bounds.arrayminus if bounds.arrayminus is not None else bounds.array
        for a, b, up, down in zip(trace.x, trace.y, bounds.array, below, strict=True):
            if a is None or b is None:
                continue
            ends = (x.place(a - down), x.place(a + up)) if is_x else (y.place(b - down), y.place(b + up))
            parts += _whisker(is_x, y.place(b) if is_x else x.place(a), ends, colour)
    return parts


def _whisker(is_x: bool, fixed: float, ends: Point, colour: str) -> list[str]:
    """The stem of a whisker, and a cap at each of its ends."""
    stem = ((ends[0], fixed), (ends[1], fixed))
    caps = [((end, fixed - _CAP), (end, fixed + _CAP)) for end in ends]
    lines = [stem, *caps] if is_x else [tuple((b, a) for a, b in each) for each in (stem, *caps)]
    return [line(first, second, colour, 1.5) for first, second in lines]


def bars(trace: Any, x: Axis, y: Axis, colour: str, slot: tuple[int, int]) -> list[str]:
    """A trace of bars, each with its figure; `slot` is (place, number) among bars of one category side by side."""
    is_flat = trace.orientation == "h"
    along, across = (x, y) if is_flat else (y, x)
    lengths, names = (trace.x, trace.y) if is_flat else (trace.y, trace.x)
    bases = _each(trace.base, len(lengths), 0.0)
    words = _each(trace.text, len(lengths), "")
    colours = _each(trace.marker.color, len(lengths), colour)
    unit = abs(across.end - across.start) / abs(across.high - across.low)
    thick = unit * _BAR / slot[1]
    parts = []
    for name, length, base, label, tone in zip(names, lengths, bases, words, colours, strict=True):
        if length is None:
            continue
        first, last = along.place(base), along.place(base + length)
        edge = across.place(name) - unit * _BAR / 2 + slot[0] * thick
        low, size = min(first, last), abs(last - first)
        box = (low, edge, size, thick) if is_flat else (edge, low, thick, size)
        parts.append('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}"/>'.format(*box, tone))
        if label:
            place = (last + 6, edge + thick / 2 + 4) if is_flat else (edge + thick / 2, last - 6)
            parts.append(text(*place, str(label), f'font-size="12" text-anchor="{"start" if is_flat else "middle"}"'))
    return parts


def _each(values: Any, count: int, otherwise: Any) -> list[Any]:
    """A value for each mark: one for all, or a list."""
    if values is None:
        return [otherwise] * count
    if isinstance(values, str) or not hasattr(values, "__len__"):
        return [values] * count
    return list(values)


def _dashed(dash: str | None) -> str:
    return f' stroke-dasharray="{_DASHES[dash]}"' if dash in _DASHES else ""
