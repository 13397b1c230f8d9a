"""Reasons to look at faces again, and filters over them, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from fercore.curation.checks import Check
from fercore.curation.quality_bands import QualityBand
from fercore.language import tr
from fercore.services.audit import words as audit_words
from fercore.services.comparison import attribute_words, face_attributes
from fercore.services.comparison.selected_faces import Reason
from fercore.services.comparison.slice_faces import Shown
from fercore.services.comparison.training_faces import DynamicsOrder


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
    if "map" in recorded:
        parts.append(" + ".join(recorded["map"]))
    if "apart_from" in recorded:
        parts.append(tr("not in this cell of evaluation {number}", number=recorded["apart_from"]))
    return ", ".join([*parts, *_of_audit(recorded), *_of_runs(recorded)])


def _of_audit(recorded: Mapping[str, Any]) -> Iterator[str]:
    """The audit and the check whose findings were sent."""
    if "audit" in recorded:
        yield tr("audit {number}", number=recorded["audit"])
    if "check" in recorded:
        yield audit_words.titles()[Check(recorded["check"])]


def _of_runs(recorded: Mapping[str, Any]) -> Iterator[str]:
    """The filters over mistakes and over training faces."""
    if "order" in recorded:
        yield orders()[DynamicsOrder(recorded["order"])]
    if "label" in recorded:
        yield tr("labelled {label}", label=tr(recorded["label"]))
    if "predicted" in recorded:
        yield tr("predicted {predicted}", predicted=tr(recorded["predicted"]))
    if "right" in recorded:
        yield tr("right: run {run}", run=recorded["right"])
    if "slice" in recorded:
        yield attribute_words.conjunction([face_attributes.from_json(value) for value in recorded["slice"]])
    if "shown" in recorded:
        yield {Shown.MISREAD: tr("misread"), Shown.RIGHT: tr("read rightly")}[Shown(recorded["shown"])]
    if "count" in recorded:
        yield tr("the first {count}", count=recorded["count"])


def orders() -> dict[DynamicsOrder, str]:
    """The orders of training faces in words."""
    return {
        DynamicsOrder.MARGIN: tr("lowest margin first: hard to learn"),
        DynamicsOrder.VARIABILITY: tr("highest variability first: ambiguous"),
        DynamicsOrder.FORGETTING: tr("most often forgotten first"),
        DynamicsOrder.LAST_LOSS: tr("highest last loss first"),
    }


def reasons() -> dict[Reason, str]:
    """The reasons to look at faces again, as people read them."""
    return {
        Reason.CELL: tr("Confusion"),
        Reason.SUREST: tr("Surest mistakes"),
        Reason.ALL_WRONG: tr("All runs wrong"),
        Reason.ONE_RIGHT: tr("Only one run right"),
        Reason.DYNAMICS: tr("Training dynamics"),
        Reason.SLICE: tr("Weak slice"),
        Reason.AUDIT: tr("Audit"),
        Reason.MAP: tr("Map of faces"),
    }
