"""New names for datasets and people, wherever the old ones are stored."""

from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.splits import SPLITS
from fercore.store.tables import (
    Audit,
    Dataset,
    Decision,
    Job,
    Lease,
    Mark,
    PairVerdict,
    Remark,
    Reviewer,
    ReviewPage,
    Snapshot,
    Sweep,
    Task,
    Vote,
)

_NAMED: Final = (
    Decision.reviewer,
    Vote.reviewer,
    Lease.reviewer,
    ReviewPage.reviewer,
    Remark.reviewer,
    Remark.whose,
    Mark.reviewer,
    PairVerdict.reviewer,
)


_LISTS: Final = ("tested_on", "datasets")  # of names, in the records of snapshots and audits


def rename_dataset(session: Session, dataset: Dataset, name: str) -> None:
    """Give a dataset another name, also where snapshots, sweeps, jobs and audits say it; hashes do not hold names."""
    old = dataset.name
    for snapshot in session.scalars(select(Snapshot)):
        snapshot.datasets = [name if former == old else former for former in snapshot.datasets]
        snapshot.validation_from = [name if former == old else former for former in snapshot.validation_from]
        snapshot.record = renamed(snapshot.record, old, name)
    for sweep in session.scalars(select(Sweep)):
        sweep.plan = renamed(sweep.plan, old, name)
    for job in session.scalars(select(Job)):
        job.arguments = renamed(job.arguments, old, name)
    for audit in session.scalars(select(Audit)):
        audit.checks = renamed(audit.checks, old, name)
    dataset.known_as = dataset.known_as or old
    dataset.former = [*(former for former in dataset.former if former not in (old, name)), old]
    dataset.name = name


def renamed(value: Any, old: str, new: str) -> Any:
    """Arguments with another dataset's name: under the key "dataset", in lists of names, and as the first of (dataset,
    split) pairs."""
    if isinstance(value, dict):
        return {key: _renamed_under(key, inner, old, new) for key, inner in value.items()}
    if isinstance(value, list):
        if len(value) == 2 and value[0] == old and value[1] in SPLITS:
            return [new, value[1]]
        return [renamed(inner, old, new) for inner in value]
    return value


def _renamed_under(key: str, value: Any, old: str, new: str) -> Any:
    if key == "dataset" and value == old:
        return new
    if key in _LISTS and isinstance(value, list):
        return [new if each == old else renamed(each, old, new) for each in value]
    return renamed(value, old, new)


def study_names(session: Session) -> dict[str, str]:
    """The first names of renamed datasets by their present ones, unless another dataset bears the first name now."""
    names = session.execute(select(Dataset.name, Dataset.known_as)).all()
    taken = {name for name, _ in names}
    return {name: first for name, first in names if first and first not in taken}


def rename_person(session: Session, old: str, new: str) -> None:
    """Give a person another name on all that they decided and take part in; the old name leads to the new one."""
    for column in _NAMED:
        session.execute(
            update(column.class_).where(column == old).values({column.key: new}),
            execution_options={"synchronize_session": False},
        )
    for task in session.scalars(select(Task)):
        task.people = [new if person == old else person for person in task.people]
        task.created_by = new if task.created_by == old else task.created_by
    session.execute(update(Job).where(Job.submitted_by == old).values(submitted_by=new))
    session.execute(update(Reviewer).where(Reviewer.renamed_to == old).values(renamed_to=new))
    before = session.get(Reviewer, old)
    if session.get(Reviewer, new) is None:
        session.add(Reviewer(name=new, added_at=before.added_at if before else now()))
        session.flush()
    else:
        session.execute(update(Reviewer).where(Reviewer.name == new).values(renamed_to=None, retired_at=None))
    if before is None:
        before = Reviewer(name=old, added_at=now())
        session.add(before)
    before.renamed_to = new
    session.execute(update(Reviewer).where(Reviewer.name == new).values(outbox=before.outbox or old))
