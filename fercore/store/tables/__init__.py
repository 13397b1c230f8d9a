"""Every table of the store, as SQLAlchemy models.

Pixels and context pictures live in tables of their own, so that nothing that lists or counts faces
ever reads them. A face carries the label that its decisions add up to; `decisions` is the history it
can be computed from again.
"""

from fercore.store.tables.base import Base
from fercore.store.tables.faces import Context, Dataset, Face, Import, Photo, Pixels, Recut
from fercore.store.tables.models import Epoch, Evaluation, Prediction, Run, Snapshot, SnapshotFace, Sweep
from fercore.store.tables.orders import Opinion, Ordering, OrderingPart
from fercore.store.tables.remarks import Mark, Remark
from fercore.store.tables.review import Decision, Lease, Reviewer, ReviewPage, Ruling, Task, TaskFace, Vote
from fercore.store.tables.work import Job, Restore

__all__ = [
    "Base",
    "Context",
    "Dataset",
    "Decision",
    "Epoch",
    "Evaluation",
    "Face",
    "Import",
    "Job",
    "Lease",
    "Mark",
    "Opinion",
    "Ordering",
    "OrderingPart",
    "Photo",
    "Pixels",
    "Prediction",
    "Recut",
    "Remark",
    "Restore",
    "ReviewPage",
    "Reviewer",
    "Ruling",
    "Run",
    "Snapshot",
    "SnapshotFace",
    "Sweep",
    "Task",
    "TaskFace",
    "Vote",
]
