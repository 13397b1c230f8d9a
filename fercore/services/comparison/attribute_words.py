"""Attributes of faces and their values in words."""

from collections.abc import Sequence

from fercore.curation.quality_bands import QualityBand
from fercore.language import tr
from fercore.populations import Population
from fercore.services.comparison.face_attributes import MEASURED, Attribute, AttributeValue


def attribute(name: Attribute) -> str:
    """An attribute by its name."""
    names = {
        Attribute.GENDER: tr("Gender"),
        Attribute.AGE: tr("Age"),
        Attribute.PROFESSIONAL: tr("Professional or lay"),
        Attribute.QUALITY: tr("Picture quality"),
        Attribute.BRIGHTNESS: tr("Brightness"),
        Attribute.SHARPNESS: tr("Sharpness"),
        Attribute.SIZE: tr("Size in the photo"),
        Attribute.DATASET: tr("Dataset"),
        Attribute.POPULATION: tr("Population"),
        Attribute.LABEL: tr("Label"),
    }
    return names[name]


def value(of: AttributeValue) -> str:
    """A value without its attribute's name: `female`, `20–29`, `under 84`."""
    if of.attribute == Attribute.SHARPNESS:  # its numbers tell people nothing
        if of.low is None:
            return tr("blurriest third")
        return tr("sharpest third") if of.high is None else tr("middle third")
    if of.attribute in MEASURED:
        return _between(of.low, of.high, " px" if of.attribute == Attribute.SIZE else "")
    if of.attribute == Attribute.AGE:
        return f"{of.word}–{int(of.word) + 9}"
    if of.attribute == Attribute.DATASET:
        return of.word
    named = {
        QualityBand.POOR: tr("poorest third"),
        QualityBand.MIDDLE: tr("middle third"),
        QualityBand.GOOD: tr("best third"),
        "lay": tr("lay person"),
        "professional": tr("professional actor"),
        Population.WESTERN: tr("Western"),
        Population.EAST_ASIAN: tr("East Asian"),
    }
    return named.get(of.word) or tr(of.word)


def conjunction(values: Sequence[AttributeValue]) -> str:
    """Several values that hold at once: `Gender: female · Age: 20–29`."""
    return " · ".join(f"{attribute(each.attribute)}: {value(each)}" for each in values)


def _between(low: float | None, high: float | None, unit: str) -> str:
    if low is None:
        return tr("under {high}", high=f"{high:g}{unit}")
    if high is None:
        return tr("{low} or more", low=f"{low:g}{unit}")
    return tr("{low} to under {high}", low=f"{low:g}", high=f"{high:g}{unit}")
