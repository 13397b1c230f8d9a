"""The faces of one cell of an evaluation's confusion matrix, by filters, and the cell's name in an address."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np

from fercore.curation.quality_bands import QualityBand, bands
from fercore.curation.votes import FaceState
from fercore.emotions import EMOTIONS
from fercore.faces.quality import side
from fercore.store import Store
from fercore.store.comparison import cells

# Faces of an evaluation and their pictures never change.
_bands: Final[dict[tuple[str, int], dict[int, QualityBand]]] = {}


class CellOrder(StrEnum):
    """An order of a cell's faces."""

    SUREST = "surest"
    LEAST_SURE = "least-sure"
    CLOSEST = "closest"
    NUMBER = "number"


@dataclass(frozen=True)
class CellFace:
    """One face of a confusion cell: the seven probabilities, those of the guess and of the true label, the person it
    shows, the band of its picture's quality, and whether it has the same label still.
    """

    face_id: int
    guessed: float
    true: float
    probabilities: tuple[float, ...] = ()
    subject: str | None = None
    gender: str | None = None
    age: int | None = None
    quality: QualityBand | None = None
    unchanged: bool = True


@dataclass(frozen=True)
class CellFilter:
    """Faces of a cell that are asked for: the run's confidence in its guess (0 to 1, both ends included), persons,
    gender, decade of age, and quality of the picture. Empty and None mean all. Faces that another
    evaluation has in the same cell, `apart_from`, are left out.
    """

    lowest: float = 0.0
    highest: float = 1.0
    subjects: tuple[str, ...] = ()
    gender: str | None = None
    age: int | None = None
    quality: QualityBand | None = None
    apart_from: int | None = None

    def fits(self, face: CellFace) -> bool:
        """True if a face is asked for."""
        return (
            self.lowest <= face.guessed <= self.highest
            and (not self.subjects or face.subject in self.subjects)
            and self.gender in (None, face.gender)
            and self.age in (None, face.age)
            and self.quality in (None, face.quality)
        )

    def as_json(self) -> dict[str, Any]:
        """The filter as it is recorded: only what it asks for."""
        given = asdict(self) | {"subjects": list(self.subjects)}
        everything = asdict(CellFilter()) | {"subjects": []}
        return {name: value for name, value in given.items() if value != everything[name]}


ALL_FACES: Final = CellFilter()
_KEYS: Final = {
    CellOrder.SUREST: lambda face: (-face.guessed, face.face_id),
    CellOrder.LEAST_SURE: lambda face: (face.guessed, face.face_id),
    CellOrder.CLOSEST: lambda face: (face.guessed - face.true, face.face_id),
    CellOrder.NUMBER: lambda face: face.face_id,
}


def cell(store: Store, evaluation_id: int, label: int, predicted: int) -> list[CellFace]:
    """The faces of one confusion cell, the surest guesses first."""
    with store.database.reading() as session:
        rows = cells.cell(session, evaluation_id, label, predicted)
    known = _quality(store, evaluation_id) if rows else {}
    faces = []
    for face_id, raw, subject, gender, age, emotion, state in rows:
        probabilities = np.frombuffer(raw, "<f4")
        faces.append(
            CellFace(
                face_id=face_id,
                guessed=float(probabilities[predicted]),
                true=float(probabilities[label]),
                probabilities=tuple(map(float, probabilities)),
                subject=subject,
                gender=gender,
                age=age,
                quality=known.get(face_id),
                unchanged=emotion == label and state != FaceState.REJECTED,
            )
        )
    return ordered(faces, CellOrder.SUREST)


def filtered(store: Store, evaluation_id: int, label: int, predicted: int, wanted: CellFilter) -> list[CellFace]:
    """The faces of one confusion cell that fit a filter, the surest guesses first."""
    faces = [face for face in cell(store, evaluation_id, label, predicted) if wanted.fits(face)]
    if wanted.apart_from is None:
        return faces
    with store.database.reading() as session:
        others = {row[0] for row in cells.cell(session, wanted.apart_from, label, predicted)}
    return [face for face in faces if face.face_id not in others]


def ordered(faces: Sequence[CellFace], order: CellOrder) -> list[CellFace]:
    """Faces by confidence in the guess, by how close the true label came, or by number."""
    return sorted(faces, key=_KEYS[order])


def _quality(store: Store, evaluation_id: int) -> dict[int, QualityBand]:
    """The quality band of each face of an evaluation, among all of them."""
    key = (store.settings.database, evaluation_id)
    if key not in _bands:
        with store.database.reading() as session:
            rows = cells.qualities(session, evaluation_id)
        numbers = [row[0] for row in rows]
        sharpness, brightness, contrast = (_floats([row[at] for row in rows]) for at in (1, 2, 3))
        sides = _floats([side(row[4]) for row in rows])
        _bands[key] = dict(zip(numbers, bands(sharpness, brightness, contrast, sides), strict=True))
    return _bands[key]


def _floats(values: Sequence[float | None]) -> "np.typing.NDArray[np.float64]":
    return np.array([np.nan if value is None else value for value in values], np.float64)


def parsed_cell(name: str) -> tuple[int, int, int] | None:
    """(evaluation, label, predicted) of the cell that a link names as `evaluation.label.predicted`, or None."""
    parts = name.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        return None
    number, label, predicted = map(int, parts)
    return (number, label, predicted) if max(label, predicted) < len(EMOTIONS) else None


def faces_of_cell(store: Store, name: str) -> tuple[int, ...]:
    """The faces of the cell that a link names; empty for a name of nothing."""
    parts = parsed_cell(name)
    return () if parts is None else tuple(sorted(guess.face_id for guess in cell(store, *parts)))
