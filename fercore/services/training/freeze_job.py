"""Snapshots without leaks, as a job: copies are searched before the freeze."""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import Field

from fercore.jobs.kinds import JobKind, JobRequest, NamedDataset
from fercore.lanes import FREEZE, Lane
from fercore.language import tr, trn
from fercore.progress import Progress, silent
from fercore.services.audit import rules
from fercore.services.training import snapshot_record, snapshots
from fercore.services.training.snapshots import FreezeTerms
from fercore.services.training.summaries import SnapshotSummary
from fercore.store import Store


class FreezeJob(JobRequest):
    """A snapshot's name, its datasets, and those on whose held-out faces it is tested besides its own."""

    name: str
    datasets: list[NamedDataset] = Field(min_length=1)
    only_reviewed: bool = False
    validation_from: list[NamedDataset] = Field(default_factory=list)
    tested_on: list[NamedDataset] = Field(default_factory=list)
    exception: str = ""


def named(names: Sequence[str]) -> list[NamedDataset]:
    """Datasets as a request holds them."""
    return [NamedDataset(dataset=name) for name in names]


def freeze(store: Store, asked: FreezeJob, progress: Progress = silent) -> SnapshotSummary:
    """Freeze without the faces of the training side that a held-out split has, too, under the team's rules."""
    names, watched, tested = (
        [each.dataset for each in part] for part in (asked.datasets, asked.validation_from, asked.tested_on)
    )
    snapshots.check(store, asked.name, [*names, *watched, *tested])
    copies = snapshot_record.searched_copies(store, [*names, *watched], tested, progress)
    terms = FreezeTerms(copies, rules.of_team(store.settings), asked.exception)
    return snapshots.freeze(store, asked.name, names, asked.only_reviewed, watched, terms)


def _run(store: Store, asked: FreezeJob, progress: Progress) -> dict[str, Any]:
    frozen = freeze(store, asked, progress)
    dropped = (frozen.record or {}).get("dropped", {}).get("splits", {})
    return {"snapshot": frozen.name, "faces": frozen.faces, "dropped": sum(dropped.values())}


def _summary(result: dict[str, Any]) -> str:
    faces = trn(
        "'{name}' contains {count} face.", "'{name}' contains {count} faces.", result["faces"], name=result["snapshot"]
    )
    dropped = trn("{count} leaking face was dropped.", "{count} leaking faces were dropped.", result["dropped"])
    return f"{faces} {dropped}"


KIND: Final = JobKind(
    FREEZE,
    Lane.DISK,
    FreezeJob,
    _run,
    title=lambda asked: tr("Freeze '{name}' without leaks", name=asked.name),
    summary=_summary,
    repeatable=True,
)
