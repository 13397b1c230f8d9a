"""Faces of each dataset, by split and emotion, and the progress of its review."""

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fercore.curation.votes import DecisionKind, FaceState
from fercore.emotions import EMOTIONS
from fercore.splits import SPLITS
from fercore.store.datasets.faces import PRESENT
from fercore.store.tables import Adjudication, Dataset, Face, Snapshot, Vote


@dataclass(frozen=True)
class DatasetSummary:
    """The number of a dataset's faces, by split and emotion, and the progress of its review."""

    id: int
    name: str
    source: str
    faces: int
    counts: dict[str, dict[str, int]]
    reviewed: int
    rejected: int
    unlabelled: int
    unsure: int = 0  # faces of which somebody is not sure, and that have no label for that reason
    disputed: int = 0  # faces without a label because their votes differ
    snapshots: list[str] = field(default_factory=list)
    rejected_in: dict[str, int] = field(default_factory=dict)  # rejected faces by split
    unlabelled_in: dict[str, int] = field(default_factory=dict)  # unlabelled faces by split
    unsure_in: dict[str, int] = field(default_factory=dict)
    disputed_in: dict[str, int] = field(default_factory=dict)
    population: str | None = None


def summaries(session: Session) -> list[DatasetSummary]:
    """All datasets, oldest first; one grouped count over an index, no pixel is touched."""
    query = (
        select(Face.dataset_id, Face.split, Face.emotion, Face.state, func.count())
        .where(PRESENT)
        .group_by(Face.dataset_id, Face.split, Face.emotion, Face.state)
    )
    cells: defaultdict[int, list[tuple[str, int | None, str, int]]] = defaultdict(list)
    for dataset_id, split, emotion, state, count in session.execute(query):
        cells[dataset_id].append((split, emotion, state, count))
    used: defaultdict[str, list[str]] = defaultdict(list)
    for snapshot, learned, watched in session.execute(
        select(Snapshot.name, Snapshot.datasets, Snapshot.validation_from)
    ):
        for name in [*learned, *watched]:
            used[name].append(snapshot)
    unsure = _unsure(session)
    return [
        _summary(dataset, cells[dataset.id], unsure[dataset.id], used[dataset.name])
        for dataset in session.scalars(select(Dataset).order_by(Dataset.id))
    ]


def _unsure(session: Session) -> defaultdict[int, dict[str, int]]:
    """The number of faces of each dataset and split with a vote that is not sure and no ruling that settles them."""
    ruled = select(Adjudication.face_id).where(Adjudication.face_id == Vote.face_id)
    ruled = ruled.where(Adjudication.kind != DecisionKind.UNSURE)
    query = select(Face.dataset_id, Face.split, func.count(Face.id.distinct())).join(Vote, Vote.face_id == Face.id)
    query = query.where(Vote.kind == DecisionKind.UNSURE, PRESENT, ~ruled.exists()).group_by(
        Face.dataset_id, Face.split
    )
    counts: defaultdict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(SPLITS, 0))
    for dataset_id, split, count in session.execute(query):
        counts[dataset_id][split] = count
    return counts


def _summary(
    dataset: Dataset, cells: list[tuple[str, int | None, str, int]], unsure: dict[str, int], used: list[str]
) -> DatasetSummary:
    """Each face counts once: by its emotion, as rejected, as unsure, as disputed, or as unlabelled."""
    counts: dict[str, dict[str, int]] = {split: dict.fromkeys(EMOTIONS, 0) for split in SPLITS}
    rejected: dict[str, int] = dict.fromkeys(SPLITS, 0)
    unlabelled: dict[str, int] = dict.fromkeys(SPLITS, 0)
    disputed = {split: -count for split, count in unsure.items()}  # a face of which somebody is not sure has that state
    for split, emotion, state, count in cells:
        if state == FaceState.REJECTED:
            rejected[split] += count
        elif state == FaceState.DISPUTED:
            disputed[split] += count
        elif emotion is None:
            unlabelled[split] += count
        else:
            counts[split][EMOTIONS[emotion]] += count
    return DatasetSummary(
        id=dataset.id,
        name=dataset.name,
        source=dataset.source,
        faces=sum(count for *_, count in cells),
        counts=counts,
        reviewed=sum(count for _, _, state, count in cells if state != FaceState.UNDECIDED),
        rejected=sum(rejected.values()),
        unlabelled=sum(unlabelled.values()),
        unsure=sum(unsure.values()),
        disputed=sum(disputed.values()),
        rejected_in=rejected,
        unlabelled_in=unlabelled,
        unsure_in=unsure,
        disputed_in=disputed,
        snapshots=used,
        population=dataset.population,
    )
