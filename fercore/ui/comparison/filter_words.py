"""Filters over a cell's faces in words."""

from collections.abc import Mapping
from typing import Any

from fercore.curation.quality_bands import QualityBand
from fercore.language import tr


def bands() -> dict[QualityBand, str]:
    """The thirds of picture quality, as people read them."""
    return {
        QualityBand.POOR: tr("poorest third"),
        QualityBand.MIDDLE: tr("middle third"),
        QualityBand.GOOD: tr("best third"),
    }


def of(recorded: Mapping[str, Any]) -> str:
    """A recorded filter in a line; empty where it asks for all faces."""
    parts = []
    if "lowest" in recorded or "highest" in recorded:
        low, high = recorded.get("lowest", 0.0), recorded.get("highest", 1.0)
        parts.append(tr("confidence {low} to {high}", low=f"{low:.0%}", high=f"{high:.0%}"))
    parts += [f"{tr('Person')} {name}" for name in recorded.get("subjects", ())]
    if "gender" in recorded:
        parts.append(tr(recorded["gender"]))
    if "age" in recorded:
        parts.append(f"{tr('Age')} {recorded['age']}–{recorded['age'] + 9}")
    if "quality" in recorded:
        parts.append(f"{tr('Picture')}: {bands()[QualityBand(recorded['quality'])]}")
    if "apart_from" in recorded:
        parts.append(tr("not in this cell of evaluation {number}", number=recorded["apart_from"]))
    return ", ".join(parts)
