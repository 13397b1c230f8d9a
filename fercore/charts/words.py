"""Charts in words: their text alternatives."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from fercore.evaluation.calibration import Abstention, Calibration
from fercore.language import tr

TOLD: Final = 3
_HALF: Final = 0.5
_NEAR: Final = 0.1


def of_values(values: Sequence[tuple[str, float]], shown: Callable[[float], str]) -> str:
    """The smallest and the largest of named values."""
    if not values:
        return tr("No values.")
    low, high = min(values, key=lambda each: each[1]), max(values, key=lambda each: each[1])
    if len(values) == 1:
        return f"{low[0]}: {shown(low[1])}."
    return tr(
        "Smallest: {low}, {least}. Largest: {high}, {most}.",
        low=low[0],
        least=shown(low[1]),
        high=high[0],
        most=shown(high[1]),
    )


def of_ranks(names: Sequence[str], spans: Sequence[tuple[int, int]]) -> str:
    """The ranks of the first few."""
    parts = [
        tr("{name}: rank {low} to {high}", name=name, low=low, high=high)
        for name, (low, high) in zip(names[:TOLD], spans, strict=False)
    ]
    return "; ".join(parts) + "."


def of_reliability(lines: Mapping[str, Calibration]) -> str:
    """The mean error of confidence of each line."""
    parts = [
        tr("{name}: off by {error} on average", name=name, error=f"{each.ece:.1%}") for name, each in lines.items()
    ]
    return "; ".join(parts) + "."


def of_abstentions(lines: Mapping[str, Sequence[Abstention]]) -> str:
    """The accuracy of each line on all faces, and on the surest half."""
    parts = []
    for name, curve in lines.items():
        whole = max(curve, key=lambda each: each.coverage)
        half = min(curve, key=lambda each: abs(each.coverage - _HALF))
        if abs(half.coverage - _HALF) > _NEAR:  # as many are equally sure
            parts.append(tr("{name}: {all} on all faces", name=name, all=f"{whole.accuracy:.1%}"))
            continue
        parts.append(
            tr(
                "{name}: {all} on all faces, {half} on the surest half",
                name=name,
                all=f"{whole.accuracy:.1%}",
                half=f"{half.accuracy:.1%}",
            )
        )
    return "; ".join(parts) + "."
