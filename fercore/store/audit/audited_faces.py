"""The faces that an audit looks at, as columns of numbers: a million of them in some hundred megabytes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fercore.curation.votes import FaceState
from fercore.splits import SPLITS, Split
from fercore.store.datasets.faces import PRESENT
from fercore.store.tables import Dataset, Face

NONE: Final = -1  # in the place of a label or a subject
_CHUNK: Final = 10_000
_COLUMNS: Final = (
    *(Face.id, Face.split, Face.emotion, Face.state, Face.pixel_hash, Face.subject),
    *(Face.sharpness, Face.brightness, Face.contrast),
)


@dataclass(frozen=True)
class AuditedFaces:
    """N faces in the order of their datasets and numbers: (N,) `ids`; `dataset` and `split`, places in `names` and
    `SPLITS`; `label`, -1 for none; `is_reviewed`; (N, 32) uint8 `digests`, SHA-256 of the pixels; `subject`, places in
    `subjects`, -1 for none; (N, 3) float32 `measures`: sharpness, brightness and contrast, NaN where not measured.

    The same name in two datasets is two subjects.
    """

    names: tuple[str, ...]
    subjects: tuple[str, ...]
    ids: npt.NDArray[np.int64]
    dataset: npt.NDArray[np.int16]
    split: npt.NDArray[np.int8]
    label: npt.NDArray[np.int8]
    is_reviewed: npt.NDArray[np.bool_]
    digests: npt.NDArray[np.uint8]
    subject: npt.NDArray[np.int32]
    measures: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.ids)

    def pixels(self, place: int) -> str:
        """The SHA-256 in hex of a face's pixels."""
        return bytes(self.digests[place]).hex()

    def only(self, places: npt.NDArray[np.int64]) -> "AuditedFaces":
        """The faces at these places."""
        return AuditedFaces(
            self.names,
            self.subjects,
            ids=self.ids[places],
            dataset=self.dataset[places],
            split=self.split[places],
            label=self.label[places],
            is_reviewed=self.is_reviewed[places],
            digests=self.digests[places],
            subject=self.subject[places],
            measures=self.measures[places],
        )


def content_hash(looked_at: AuditedFaces, numbers: Sequence[int]) -> str:
    """The hash of the faces of these datasets with their labels, splits and people, whatever their order."""
    digest = hashlib.sha256(repr(sorted(numbers)).encode())
    order = looked_at.ids.argsort()
    for column in (looked_at.ids, looked_at.split, looked_at.label, looked_at.digests):
        digest.update(column[order].tobytes())
    names = [looked_at.subjects[number] if number >= 0 else "" for number in looked_at.subject[order].tolist()]
    digest.update("\0".join(names).encode())
    return digest.hexdigest()


def rejected(session: Session, datasets: Sequence[Dataset]) -> int:
    """The number of rejected faces, which audits leave out."""
    inside = Face.dataset_id.in_([dataset.id for dataset in datasets])
    return session.scalar(select(func.count()).where(inside, Face.state == FaceState.REJECTED)) or 0


def read(session: Session, datasets: Sequence[Dataset]) -> AuditedFaces:
    """The datasets' faces but those that were rejected or withdrawn."""
    subjects: dict[tuple[int, str], int] = {}
    parts = [
        _columns(part, at, subjects)
        for at, dataset in enumerate(datasets)
        for part in session.execute(_query(dataset).execution_options(yield_per=_CHUNK)).partitions()
    ]
    columns = zip(*(parts or [_columns([], 0, subjects)]), strict=True)
    names = tuple(dataset.name for dataset in datasets)
    return AuditedFaces(names, tuple(name for _, name in subjects), *(np.concatenate(column) for column in columns))


def _query(dataset: Dataset) -> Any:
    usable = select(*_COLUMNS).where(Face.dataset_id == dataset.id, PRESENT, Face.state != FaceState.REJECTED)
    return usable.order_by(Face.id)


def _columns(rows: Sequence[Any], dataset: int, subjects: dict[tuple[int, str], int]) -> tuple[npt.NDArray[Any], ...]:
    """Rows of one dataset as the columns of AuditedFaces from `ids` on; new subjects are numbered."""
    named = [NONE if not row.subject else subjects.setdefault((dataset, row.subject), len(subjects)) for row in rows]
    digests = b"".join(bytes.fromhex(row.pixel_hash) for row in rows)
    measures = [(row.sharpness, row.brightness, row.contrast) for row in rows]
    return (
        np.array([row.id for row in rows], np.int64),
        np.full(len(rows), dataset, np.int16),
        np.array([SPLITS.index(Split(row.split)) for row in rows], np.int8),
        np.array([NONE if row.emotion is None else row.emotion for row in rows], np.int8),
        np.array([row.state != FaceState.UNDECIDED for row in rows], bool),
        np.frombuffer(digests, np.uint8).reshape(-1, 32),
        np.array(named, np.int32),
        np.array(measures, np.float32).reshape(-1, 3),
    )
