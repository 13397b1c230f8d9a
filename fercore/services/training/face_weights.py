"""Weights of faces in trainings: from votes, from an audit of labels, from a file or by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from fercore.curation.face_weights import by_suspicion, by_votes, checked
from fercore.errors import InputError
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.services.audit import label_issues
from fercore.sources import weights as source
from fercore.sources.weights import WeightRow
from fercore.store import Store
from fercore.store.datasets import datasets
from fercore.store.tables import Dataset
from fercore.store.training import face_weights as table


@dataclass(frozen=True, slots=True)
class WeightSummary:
    """The weights of a dataset's faces: how many are not 1, the lowest and the highest."""

    dataset: str
    faces: int
    weighted: int
    lowest: float
    highest: float


def summary(store: Store, dataset: str) -> WeightSummary:
    """The weights of a dataset now; raises NotFoundError."""
    with store.database.reading() as session:
        return _summary(session, datasets.named(session, dataset))


def clear(store: Store, dataset: str) -> WeightSummary:
    """Let all faces of a dataset count alike."""
    with store.database.writing() as session:
        chosen = datasets.named(session, dataset)
        table.clear(session, chosen)
        return _summary(session, chosen)


def from_hand(store: Store, dataset: str, weights: Mapping[int, float], fresh: bool = False) -> WeightSummary:
    """Give faces of a dataset, by number, these weights from 0 to 10; with `fresh` all others count 1.

    Raises InputError for another weight or for a face that the dataset does not have, and changes nothing then.
    """
    with store.database.writing() as session:
        chosen = datasets.named(session, dataset)
        known = {face for faces in table.by_pixels(session, chosen.id).values() for face in faces}
        unknown = next((face for face in weights if face not in known), None)
        if unknown is not None:
            raise InputError(tr("'{name}' has no face {face}.", name=dataset, face=unknown))
        return _put(session, chosen, {face: checked(weight) for face, weight in weights.items()}, fresh)


def from_file(store: Store, dataset: str, file: Path, fresh: bool = False) -> WeightSummary:
    """Give faces of a dataset the weights of a CSV; several faces with the same pixels share one."""
    rows = source.read(file)
    with store.database.writing() as session:
        chosen = datasets.named(session, dataset)
        by_pixels = table.by_pixels(session, chosen.id)
        numbers = {face for faces in by_pixels.values() for face in faces}
        weights: dict[int, float | None] = {}
        for row in rows:
            for face in _named(row, by_pixels, numbers, file.name, dataset):
                weights[face] = row.weight
        return _put(session, chosen, weights, fresh)


def _named(row: WeightRow, by_pixels: Mapping[str, list[int]], numbers: set[int], file: str, dataset: str) -> list[int]:
    """The faces of a row; raises InputError where the dataset has none."""
    found = (
        by_pixels.get(row.pixels, []) if row.pixels is not None else [face for face in (row.face,) if face in numbers]
    )
    faces = [face for face in found if face is not None]
    if not faces:
        raise InputError(
            tr("'{file}', line {line}: '{name}' does not have this face.", file=file, line=row.line, name=dataset)
        )
    return faces


def from_votes(store: Store, dataset: str, fresh: bool = False) -> WeightSummary:
    """Weigh each face with two votes or more by the share of them that name its label."""
    with store.database.writing() as session:
        chosen = datasets.named(session, dataset)
        voted = table.votes(session, chosen.id)
        weights = {face: by_votes(label, given) for face, (label, given) in voted.items() if len(given) > 1}
        return _put(session, chosen, weights, fresh)


def from_labels(store: Store, dataset: str, fresh: bool = False, progress: Progress = silent) -> WeightSummary:
    """Weigh each face whose label looks wrong by the probability of its label; others that were looked at count 1.

    A label that people decided on counts 1. Raises what the audit of labels raises.
    """
    audit = label_issues.audit(store, dataset, progress=progress)
    with store.database.writing() as session:
        chosen = datasets.named(session, dataset)
        open_faces = table.undecided(session, chosen.id)
        weights = {
            each.face: by_suspicion(each.score) if each.is_issue and each.face in open_faces else None
            for each in audit.findings
        }
        return _put(session, chosen, weights, fresh)


def _put(session: Session, dataset: Dataset, weights: Mapping[int, float | None], fresh: bool) -> WeightSummary:
    if fresh:
        table.clear(session, dataset)
    table.put(session, dataset, weights)
    session.flush()
    return _summary(session, dataset)


def _summary(session: Session, dataset: Dataset) -> WeightSummary:
    now = table.summary(session, dataset.id)
    return WeightSummary(dataset.name, now.faces, now.weighted, now.lowest, now.highest)


def as_json(of: WeightSummary) -> dict[str, Any]:
    """Weights as the command line prints them."""
    return {
        "dataset": of.dataset,
        "faces": of.faces,
        "weighted": of.weighted,
        "lowest": of.lowest,
        "highest": of.highest,
    }
