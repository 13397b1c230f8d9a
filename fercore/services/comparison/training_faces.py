"""The training faces of a run by their dynamics, to be looked at and sent to review."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.curation.votes import FaceState
from fercore.emotions import EMOTIONS
from fercore.services.comparison.selected_faces import LEARNED, Chosen, Reason
from fercore.services.training import training_dynamics
from fercore.store import Store
from fercore.store.datasets import datasets, face_rows
from fercore.training.loop.dynamics import DYNAMICS_FILE, DynamicsSummary


class DynamicsOrder(StrEnum):
    """An order of training faces: those that say most of their label first."""

    MARGIN = "margin"
    VARIABILITY = "variability"
    FORGETTING = "forgetting"
    LAST_LOSS = "last-loss"


# Equally often forgotten faces stand by their margin, which lies within ±1.
_LOWEST_FIRST: Final[Mapping[DynamicsOrder, Callable[[DynamicsSummary], npt.NDArray[np.float64]]]] = {
    DynamicsOrder.MARGIN: lambda figures: figures.margin,
    DynamicsOrder.VARIABILITY: lambda figures: -figures.variability,
    DynamicsOrder.FORGETTING: lambda figures: figures.margin / 4 - figures.forgetting,
    DynamicsOrder.LAST_LOSS: lambda figures: -figures.last_loss,
}


@dataclass(frozen=True)
class TrainingQuery:
    """The training faces of a run that are asked for: by dataset and by the label that was learned, in an order, and
    the first `count` of them. None means all.
    """

    run: int
    order: DynamicsOrder = DynamicsOrder.MARGIN
    dataset: str | None = None
    label: int | None = None
    count: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The query as a task records it; the task tells the run and the dataset."""
        label = None if self.label is None else EMOTIONS[self.label]
        given = {"order": str(self.order), "label": label, "count": self.count}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True)
class TrainingFace:
    """A face with the label that was learned and its figures over the epochs; `unchanged`: it has that label still."""

    face_id: int
    label: int
    dataset: str
    margin: float
    variability: float
    forgetting: int
    confidence: float
    loss: float
    last_loss: float
    unchanged: bool


@dataclass(frozen=True)
class TrainingFaces:
    """The faces that fit a query, among those of `datasets`; `every` counts those that fit it but for its count."""

    query: TrainingQuery
    epochs: int
    datasets: tuple[str, ...]
    every: int
    found: tuple[TrainingFace, ...]


def is_kept(store: Store, run: int) -> bool:
    """True if the dynamics of a run lie on this machine; elsewhere they may lie with its other files."""
    return (store.run_folder(run) / DYNAMICS_FILE).is_file()


def find(store: Store, query: TrainingQuery) -> TrainingFaces:
    """The training faces of a run; raises what `training_dynamics` raises, InputError where the run kept none."""
    known = training_dynamics.training_dynamics(store, query.run)
    with store.database.reading() as session:
        about = face_rows.of_faces(session, known.faces.tolist())
    names = np.array([about[face].dataset for face in known.faces.tolist()], object)
    kept = np.ones(len(known.faces), bool)
    if query.dataset is not None:
        kept &= names == query.dataset
    if query.label is not None:
        kept &= known.labels == query.label
    rows = np.flatnonzero(kept)
    rows = rows[np.argsort(_LOWEST_FIRST[query.order](known.figures)[rows], kind="stable")]
    figures = known.figures
    found = []
    for row in rows[: query.count]:
        face, label = about[int(known.faces[row])], int(known.labels[row])
        found.append(
            TrainingFace(
                face_id=int(known.faces[row]),
                label=label,
                dataset=face.dataset,
                margin=float(figures.margin[row]),
                variability=float(figures.variability[row]),
                forgetting=int(figures.forgetting[row]),
                confidence=float(figures.confidence[row]),
                loss=float(figures.loss[row]),
                last_loss=float(figures.last_loss[row]),
                unchanged=face.label == label and face.state != FaceState.REJECTED,
            )
        )
    return TrainingFaces(query, known.epochs, tuple(sorted(set(names.tolist()))), len(rows), tuple(found))


def chosen(store: Store, found: TrainingFaces) -> Chosen:
    """These faces of one dataset, those that have their label still, to be sent to review."""
    name = found.query.dataset or found.datasets[0]
    with store.database.reading() as session:
        dataset_id = datasets.named(session, name).id
    faces = {each.face_id: each.label for each in found.found if each.unchanged and each.dataset == name}
    return Chosen(
        reason=Reason.DYNAMICS,
        dataset_id=dataset_id,
        dataset=name,
        split=LEARNED,
        runs=(found.query.run,),
        faces=faces,
        filter=found.query.as_json(),
    )


COLUMNS: Final = (
    *("face", "dataset", "label", "margin", "variability", "forgetting"),
    *("last_loss", "loss", "confidence", "relabelled"),
)


def rows(found: TrainingFaces) -> list[dict[str, Any]]:
    """A row for each face, as files and the command line have it."""
    return [
        {
            "face": each.face_id,
            "dataset": each.dataset,
            "label": EMOTIONS[each.label],
            "margin": each.margin,
            "variability": each.variability,
            "forgetting": each.forgetting,
            "last_loss": each.last_loss,
            "loss": each.loss,
            "confidence": each.confidence,
            "relabelled": not each.unchanged,
        }
        for each in found.found
    ]
