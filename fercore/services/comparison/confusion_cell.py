"""The faces of one cell of an evaluation's confusion matrix, and the cell's name in an address."""

from dataclasses import dataclass

import numpy as np

from fercore.emotions import EMOTIONS
from fercore.store import Store
from fercore.store.comparison import evaluations


@dataclass(frozen=True)
class CellFace:
    """One face of a confusion cell, with the probability the run gave its guess and the true label."""

    face_id: int
    guessed: float
    true: float


def cell(store: Store, evaluation_id: int, label: int, predicted: int) -> list[CellFace]:
    """The faces of one confusion cell, the surest guesses first."""
    with store.database.reading() as session:
        rows = evaluations.cell(session, evaluation_id, label, predicted)
    guesses = []
    for face_id, raw in rows:
        probabilities = np.frombuffer(raw, "<f4")
        guesses.append(CellFace(face_id, float(probabilities[predicted]), float(probabilities[label])))
    return sorted(guesses, key=lambda guess: -guess.guessed)


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
