"""Figures of the home page: where the pipeline stands and what to do next."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from fercore.store import Store
from fercore.store.datasets import summaries
from fercore.store.datasets.summaries import DatasetSummary
from fercore.store.tables import Dataset
from fercore.store.training import runs, snapshots


class NextStep(StrEnum):
    """A stage of the pipeline: what there is to do next."""

    BRING = "bring"
    LABEL = "label"
    REVIEW = "review"
    FREEZE = "freeze"
    TRAIN = "train"
    COMPARE = "compare"


@dataclass(frozen=True)
class Overview:
    """The pipeline in numbers."""

    datasets: list[DatasetSummary]
    snapshots: int
    runs: int

    @property
    def faces(self) -> int:
        """All faces of all datasets."""
        return sum(dataset.faces for dataset in self.datasets)

    @property
    def reviewed(self) -> int:
        """Faces that somebody decided."""
        return sum(dataset.reviewed for dataset in self.datasets)

    @property
    def unlabelled(self) -> int:
        """Faces that wait for an emotion."""
        return sum(dataset.unlabelled for dataset in self.datasets)

    @property
    def most_unlabelled(self) -> DatasetSummary:
        """The dataset with the most faces that wait for an emotion."""
        return max(self.datasets, key=lambda dataset: dataset.unlabelled)

    @property
    def least_reviewed(self) -> DatasetSummary:
        """The dataset with the most faces that were not reviewed."""
        return max(self.datasets, key=lambda dataset: dataset.faces - dataset.reviewed)

    @property
    def next_step(self) -> NextStep:
        """The step that moves the pipeline on: the first stage that has nothing to show yet."""
        if not self.faces:
            return NextStep.BRING
        if self.unlabelled:
            return NextStep.LABEL
        if not self.snapshots:
            return NextStep.FREEZE if self.reviewed else NextStep.REVIEW
        if not self.runs:
            return NextStep.TRAIN
        return NextStep.COMPARE


def overview(store: Store) -> Overview:
    """Count everything once."""
    with store.database.reading() as session:
        return Overview(
            datasets=summaries.summaries(session), snapshots=len(snapshots.listed(session)), runs=runs.count(session)
        )


def dataset_ids(store: Store) -> dict[str, int]:
    """Every dataset's number by its name, oldest first."""
    with store.database.reading() as session:
        rows = session.execute(select(Dataset.name, Dataset.id).order_by(Dataset.id))
        return {name: dataset_id for name, dataset_id in rows}


def identity(store: Store, dataset_id: int) -> str:
    """A short name of one dataset in one installation, unlike that of any other."""
    with store.database.reading() as session:
        dataset = session.get_one(Dataset, dataset_id)
        words = f"{store.settings.database} {dataset.id} {dataset.created_at.isoformat()}"
    return hashlib.sha256(words.encode()).hexdigest()[:16]
