"""Axes of a chart that is written as SVG: what stands where, and which ticks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

TICKS: Final = 6
_PADDING: Final = 0.04
_STEPS: Final = (1, 2, 2.5, 5, 10)

Scale = Literal["linear", "log", "category"]


@dataclass(frozen=True)
class Tick:
    """A tick in the units of the axis (of a category: its number; of a log axis: a logarithm), and its label."""

    at: float
    label: str


@dataclass(frozen=True)
class Axis:
    """An axis from `low` to `high` in its own units, drawn from `start` to `end` in pixels."""

    scale: Scale
    low: float
    high: float
    ticks: tuple[Tick, ...]
    title: str = ""
    categories: tuple[str, ...] = ()
    start: float = 0.0
    end: float = 1.0

    def place(self, value: Any) -> float:
        """The pixel of a value."""
        share = (self.number(value) - self.low) / ((self.high - self.low) or 1.0)
        return self.start + share * (self.end - self.start)

    def number(self, value: Any) -> float:
        """A value in the units of the axis."""
        if self.scale == "category":
            return float(self.categories.index(str(value)))
        return math.log10(value) if self.scale == "log" else float(value)

    def between(self, start: float, end: float) -> "Axis":
        """The axis drawn between two pixels."""
        return replace(self, start=start, end=end)


def axis_of(layout: Any, values: Sequence[Any], margin: bool) -> Axis:
    """The axis that Plotly's `layout` of it describes, over all values drawn; with `margin` it reaches past them."""
    title = (layout.title.text if layout.title else None) or ""
    if any(isinstance(value, str) for value in values) or layout.type == "category":
        names = tuple(dict.fromkeys(str(value) for value in values))
        ticks = tuple(Tick(number, name) for number, name in enumerate(names))
        return _turned(layout, Axis("category", -0.5, len(names) - 0.5, ticks, title, names))
    is_log = layout.type == "log"
    numbers = [math.log10(value) if is_log else float(value) for value in values if value is not None]
    low, high = _reach(layout, numbers, margin)
    return _turned(layout, Axis("log" if is_log else "linear", low, high, _ticks(layout, low, high, is_log), title))


def _reach(layout: Any, numbers: Sequence[float], margin: bool) -> tuple[float, float]:
    if layout.range is not None:
        low, high = (float(end) for end in layout.range)
        return low, high
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    if layout.tickvals is not None:  # rows of their own, as of a table
        return low - 0.5, high + 0.5
    if layout.rangemode == "tozero":
        low, high = min(low, 0.0), max(high, 0.0)
    room = (high - low) * _PADDING if high > low else abs(high) * 0.1 or 0.5
    return (low - room if margin else low), high + room


def _turned(layout: Any, axis: Axis) -> Axis:
    return replace(axis, low=axis.high, high=axis.low) if layout.autorange == "reversed" else axis


def _ticks(layout: Any, low: float, high: float, is_log: bool) -> tuple[Tick, ...]:
    if layout.tickvals is not None:
        labels = layout.ticktext if layout.ticktext is not None else [f"{value:g}" for value in layout.tickvals]
        places = [math.log10(value) if is_log else float(value) for value in layout.tickvals]
        return tuple(Tick(at, str(label)) for at, label in zip(places, labels, strict=True))
    if is_log:
        decades = range(math.floor(low), math.ceil(high) + 1)
        places = [math.log10(part * 10.0**decade) for decade in decades for part in (1, 2, 5)]
        places = [at for at in places if low <= at <= high]
        return tuple(Tick(at, label_of(10.0**at, layout.tickformat)) for at in places)
    step = float(layout.dtick) if isinstance(layout.dtick, int | float) else _step(high - low)
    while (high - low) / step > 4 * TICKS:
        step *= 2
    first = math.ceil(low / step - 1e-9)
    places = [step * number for number in range(first, math.floor(high / step + 1e-9) + 1)]
    return tuple(Tick(at, label_of(at, layout.tickformat)) for at in places)


def _step(span: float) -> float:
    """A round step that makes about `TICKS` of a span."""
    rough = span / TICKS or 1.0
    size = 10.0 ** math.floor(math.log10(rough))
    return next(size * step for step in _STEPS if size * step >= rough - 1e-12)


def label_of(value: float, tickformat: str | None) -> str:
    """A number as the ticks say it; percent where the axis has it, and large ones with k, M and G."""
    if tickformat and tickformat.endswith("%"):
        return f"{value:{tickformat}}".replace("-", "−")
    for size, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size * 10 or (abs(value) >= size and sign != "k"):
            return f"{value / size:.3g} {sign}".replace("-", "−")
    return f"{value + 0.0:.6g}".replace("-", "−") if abs(value) > 1e-9 else "0"
