"""Every table of the store, as SQLAlchemy models.

Pixels and context pictures live in tables of their own, so that nothing that lists or counts faces
ever reads them. A face carries the label that its decisions add up to; `decisions` is the history it
can be computed from again.
"""

from fercore.store.tables.audits import Audit, Finding, PairVerdict, RecordedRelease
from fercore.store.tables.base import Base
from fercore.store.tables.faces import Dataset, Face, FaceContext, Import, Photo, Pixels, Recrop
from fercore.store.tables.models import Epoch, Evaluation, Prediction, Run, Snapshot, SnapshotFace, Sweep
from fercore.store.tables.orders import ModelPrediction, SortOrder, SortOrderPart
from fercore.store.tables.remarks import Mark, Remark
from fercore.store.tables.review import Adjudication, Decision, Lease, Reviewer, ReviewPage, Task, TaskFace, Vote
from fercore.store.tables.selections import Selection, SelectionFace
from fercore.store.tables.work import Job, Restore

__all__ = [
    "Adjudication",
    "Audit",
    "Base",
    "Dataset",
    "Decision",
    "Epoch",
    "Evaluation",
    "Face",
    "FaceContext",
    "Finding",
    "Import",
    "Job",
    "Lease",
    "Mark",
    "ModelPrediction",
    "PairVerdict",
    "Photo",
    "Pixels",
    "Prediction",
    "RecordedRelease",
    "Recrop",
    "Remark",
    "Restore",
    "ReviewPage",
    "Reviewer",
    "Run",
    "Selection",
    "SelectionFace",
    "Snapshot",
    "SnapshotFace",
    "SortOrder",
    "SortOrderPart",
    "Sweep",
    "Task",
    "TaskFace",
    "Vote",
]
