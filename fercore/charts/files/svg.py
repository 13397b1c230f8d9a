"""Charts as SVG files: the figures that pages show, written without a browser, for papers and reports."""

from collections.abc import Sequence
from html import escape
from typing import Any, Final
from unicodedata import east_asian_width

import plotly.graph_objects as go

from fercore.charts.files.axis import Axis, axis_of
from fercore.charts.files.marks import GREY, INK, bars, line, scatter, text
from fercore.charts.files.symbols import symbol
from fercore.charts.matrix_svg import FONT
from fercore.charts.theme import SERIES

WIDTH: Final = 760
_SIZE: Final = 13
_TOP: Final = 54
_ROW: Final = 22


def figure_svg(figure: go.Figure, title: str, words: str, width: int = WIDTH) -> str:
    """A figure of dots, lines and bars on one pair of axes as SVG; `words` are its text alternative.

    Raises ValueError for a figure of another kind.
    """
    traces = list(figure.data)
    if any(trace.type not in ("scatter", "bar") for trace in traces):
        raise ValueError(f"cannot be written as SVG: {sorted({trace.type for trace in traces})}")
    layout = figure.layout
    x = axis_of(layout.xaxis, _values(traces, "x"), margin=True)
    y = axis_of(layout.yaxis, _values(traces, "y"), margin=not any(trace.type == "bar" for trace in traces))
    named = [(trace, _colour(trace, at)) for at, trace in enumerate(traces) if _in_legend(trace, traces, layout)]
    keys, legend_height = _legend([(trace, colour) for trace, colour in named], width)
    height = (layout.height or 400) + _TOP + legend_height
    left = max((_length(tick.label) for tick in y.ticks), default=0) + 14 + (20 if y.title else 0)
    bottom = height - 32 - (18 if x.title else 0)
    x = x.between(min(left, width * 0.55), width - 24 - _overhang(traces))
    y = y.between(bottom, _TOP + legend_height)
    parts = [*_frame(x, y, height), *_shapes(layout, x, y)]
    grouped = [trace for trace in traces if trace.type == "bar"] if layout.barmode != "stack" else []
    for at, trace in enumerate(traces):
        colour = _colour(trace, at)
        if trace.type == "bar":
            slot = (grouped.index(trace), len(grouped)) if len(grouped) > 1 else (0, 1)
            parts += bars(trace, x, y, colour, slot)
        else:
            parts += scatter(trace, x, y, colour)
    box = f'width="{width}" height="{height:g}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} viewBox="0 0 {width} {height:g}" '
        f'role="img" font-family="{FONT}" font-size="{_SIZE}">'
        f"<title>{escape(title)}</title><desc>{escape(words)}</desc>"
        f'<rect {box} fill="#ffffff"/>'
    )
    return "\n".join([head, text(12, 26, title, 'font-size="16" font-weight="bold"'), *keys, *parts, "</svg>"])


def _values(traces: Sequence[Any], name: str) -> list[Any]:
    """All that has to fit on an axis: values, the ends of whiskers, and where bars begin and end."""
    values: list[Any] = []
    for trace in traces:
        own = list(trace[name] if trace[name] is not None else ())
        is_length = trace.type == "bar" and (trace.orientation == "h") == (name == "x")
        if is_length:
            bases = [0.0] * len(own) if trace.base is None else list(trace.base)
            values += [base + length for base, length in zip(bases, own, strict=True) if length is not None] + bases
            continue
        values += [value for value in own if value is not None]
        bounds = trace[f"error_{name}"] if trace.type == "scatter" else None
        if bounds is not None and bounds.array is not None:
            below = bounds.arrayminus if bounds.arrayminus is not None else bounds.array
            values += [value + up for value, up in zip(own, bounds.array, strict=True) if value is not None]
            values += [value - down for value, down in zip(own, below, strict=True) if value is not None]
    return values


def _colour(trace: Any, at: int) -> str:
    own = trace.line.color if trace.type == "scatter" and "lines" in (trace.mode or "lines") else trace.marker.color
    own = own or trace.marker.color
    return own if isinstance(own, str) else SERIES[at % len(SERIES)]


def _in_legend(trace: Any, traces: Sequence[Any], layout: Any) -> bool:
    return bool(trace.name) and trace.showlegend is not False and layout.showlegend is not False and len(traces) > 1


def _overhang(traces: Sequence[Any]) -> float:
    """The room for figures that stand beyond the ends of flat bars."""
    flat = [trace for trace in traces if trace.type == "bar" and trace.orientation == "h" and trace.text is not None]
    return max((_length(str(label)) for trace in flat for label in trace.text), default=0.0)


def _legend(named: Sequence[tuple[Any, str]], width: int) -> tuple[list[str], float]:
    """The keys of the legend, in as many rows as they take, and the height of these."""
    parts, x, y = [], 16.0, float(_TOP - 6)
    for trace, colour in named:
        size = 34 + _length(trace.name) + 18
        if x > 16 and x + size > width - 12:
            x, y = 16.0, y + _ROW
        if trace.type == "bar":
            parts.append(f'<rect x="{x:.1f}" y="{y - 10:.1f}" width="24" height="10" fill="{colour}"/>')
        else:
            if "lines" in (trace.mode or "lines"):
                parts.append(line((x, y - 5), (x + 26, y - 5), colour, 2, trace.line.dash))
            if "markers" in (trace.mode or "markers"):
                shape = trace.marker.symbol if isinstance(trace.marker.symbol, str) else "circle"
                parts.append(symbol(shape, x + 13, y - 5, 5, colour))
        parts.append(text(x + 34, y, trace.name))
        x += size
    return parts, (y - _TOP + 6 + 16 if named else 0.0)


def _frame(x: Axis, y: Axis, height: float) -> list[str]:
    """Grid lines, ticks, and the titles of both axes."""
    parts = []
    labels = [_length(tick.label) for tick in x.ticks]
    room = abs(x.end - x.start) / max(len(labels), 1)
    every = max(1, round(max(labels, default=0) / max(room - 4, 1) + 0.5)) if max(labels, default=0) > room - 4 else 1
    for number, tick in enumerate(x.ticks):
        at = x.start + (tick.at - x.low) / ((x.high - x.low) or 1) * (x.end - x.start)
        if x.scale != "category":
            parts.append(line((at, y.start), (at, y.end)))
        if number % every == 0:
            parts.append(text(at, y.start + 18, tick.label, 'text-anchor="middle"'))
    for tick in y.ticks:
        at = y.start + (tick.at - y.low) / ((y.high - y.low) or 1) * (y.end - y.start)
        parts.append(line((x.start, at), (x.end, at)))
        parts.append(text(x.start - 8, at + 4, _short(tick.label, x.start - 12), 'text-anchor="end"'))
    middle = (x.start + x.end) / 2
    if x.title:
        parts.append(text(middle, height - 10, x.title, 'text-anchor="middle"'))
    if y.title:
        centre = (y.start + y.end) / 2
        parts.append(text(16, centre, y.title, f'text-anchor="middle" transform="rotate(-90 16 {centre:.1f})"'))
    return [*parts, line((x.start, y.start), (x.end, y.start), INK), line((x.start, y.start), (x.start, y.end), INK)]


def _shapes(layout: Any, x: Axis, y: Axis) -> list[str]:
    """Lines across the whole chart, such as the one at zero."""
    parts = []
    for shape in layout.shapes:
        colour, width, dash = shape.line.color or GREY, shape.line.width or 1, shape.line.dash
        if str(shape.yref).endswith("domain"):
            at = x.place(shape.x0)
            parts.append(line((at, y.start), (at, y.end), colour, width, dash))
        else:
            at = y.place(shape.y0)
            parts.append(line((x.start, at), (x.end, at), colour, width, dash))
    return parts


def _length(words: str) -> float:
    """About the pixels that a text takes: a Korean sign is twice as wide as a Latin one."""
    return sum(_SIZE if east_asian_width(sign) in "WF" else _SIZE * 0.56 for sign in words)


def _short(words: str, room: float) -> str:
    """A text that is cut where there is no more room."""
    while len(words) > 2 and _length(words) > room:
        words = words[:-2] + "…"
    return words
