"""Export a dataset's or a snapshot's faces: class folders, FER2013's CSV, or Parquet, or tasks for Label Studio."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from pydantic.dataclasses import dataclass as request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fercore.curation.exclusions import Exclusion
from fercore.curation.votes import FaceState
from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.exports import fer2013_csv, folders, label_studio, parquet
from fercore.exports.face import ExportFace
from fercore.exports.targets import pack, placed, refuse_over
from fercore.jobs.kinds import STRICT, FilePath, JobKind
from fercore.lanes import EXPORT, Lane
from fercore.language import tr, trn
from fercore.progress import Progress, silent
from fercore.services.datasets import left_out
from fercore.splits import SPLITS
from fercore.store import Store
from fercore.store.datasets import datasets, exclusions, export_query
from fercore.store.tables import Decision, Face, Import
from fercore.store.training import snapshots


class ExportKind(StrEnum):
    """Kinds of exports."""

    DATASET = "dataset"
    SNAPSHOT = "snapshot"


Writer = Callable[[Iterable[ExportFace], Path], int]

WRITERS: Final[dict[str, Writer]] = {
    "folder": folders.write,
    "csv": fer2013_csv.write,
    "parquet": parquet.write,
    "label-studio": label_studio.write,
}
# What is written of every face, with or without a label, rejected or not.
WHOLE: Final = ("parquet", "label-studio")
FORMATS: Final = tuple(WRITERS)
_PROGRESS_EVERY: Final = 200  # faces


@request(frozen=True, config=STRICT)
class ExportRequest:
    """A request to write, in which of FORMATS, and where: a new or empty place; one ending in .zip is packed.

    With `replace`, a regular file that is there is replaced.
    """

    kind: ExportKind
    name: str
    format: str
    to: FilePath
    replace: bool = False


@dataclass(frozen=True)
class ExportReport:
    """The result of an export; `counts` are faces with a label that are not rejected, the others are counted apart.

    `left_out` are the faces that it did not write, by reason.
    """

    format: str
    to: str
    faces: int
    files: int
    counts: dict[str, dict[str, int]]
    rejected: int
    unlabelled: int
    left_out: dict[Exclusion, int] = field(default_factory=dict)


def export(store: Store, request: ExportRequest, progress: Progress = silent) -> ExportReport:
    """Write faces so that they appear whole or not at all.

    Raises InputError where there is nothing to export or the place is taken, UnreadableSourceError where the disk
    refuses.
    """
    target = _target(request)
    tally: Counter[tuple[str, int | None, bool]] = Counter()
    with store.database.one_moment() as session:
        chosen = _chosen(session, request)
        total = sum(len(selection.face_ids) for selection in chosen)
        with placed(target, request.replace) as draft:
            faces = _counted(
                export_query.faces(session, chosen, request.format == "label-studio"), tally, total, progress
            )
            files = _write(WRITERS[request.format], faces, draft)
        gone = _left_out(session, request)
    return _report(request.format, target, files, tally, gone)


def check(store: Store, request: ExportRequest) -> None:
    """Raise at once what `export` would refuse: a place that is taken, or nothing to export."""
    refuse_over(_target(request), request.replace)
    with store.database.reading() as session:
        _chosen(session, request)


def packed(store: Store, kind: ExportKind, name: str, form: str) -> tuple[bytes, ExportReport]:
    """An export as the bytes of a zip, for the browser, and its report."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "export.zip"
        report = export(store, ExportRequest(kind, name, form, file))
        return file.read_bytes(), report


def mark(store: Store, kind: ExportKind, name: str) -> tuple[object, ...]:
    """A mark that changes whenever an export of the same name would: a prepared one is good only for the same mark."""
    with store.database.reading() as session:
        if kind == ExportKind.SNAPSHOT:
            frozen = snapshots.named(session, name)
            return frozen.id, frozen.hash, frozen.purged
        dataset = datasets.named(session, name)
        inside = Face.dataset_id == dataset.id
        decided = select(func.max(Decision.sequence)).join(Face, Face.id == Decision.face_id).where(inside)
        counted = session.execute(select(func.count(), func.max(Face.id)).where(inside)).one()
        latest = select(func.max(Import.started_at)).where(Import.dataset_id == dataset.id)
        return dataset.id, dataset.rule, dataset.weighings, session.scalar(decided), *counted, session.scalar(latest)


def _summary(result: Mapping[str, Any]) -> str:
    """The number of exported faces, and those left out by reason."""
    words = trn("{count} face is in {place}.", "{count} faces are in {place}.", result["faces"], place=result["to"])
    return f"{words} {left_out.sentence(result.get('left_out', {}))}".rstrip()


KIND: Final = JobKind(
    EXPORT,
    Lane.DISK,
    ExportRequest,
    lambda store, request, progress: asdict(export(store, request, progress)),
    title=lambda request: tr("Export {name}", name=request.name),
    summary=_summary,
)


def _target(request: ExportRequest) -> Path:
    """The place of the export: a CSV that is sent to a folder gets FER2013's own name in it."""
    if request.format not in WRITERS:
        known = ", ".join(FORMATS)
        raise InputError(tr("There is no format '{name}': use one of {known}.", name=request.format, known=known))
    target = request.to.expanduser().absolute()
    return target / fer2013_csv.NAME if request.format == "csv" and target.is_dir() else target


def _chosen(session: Session, request: ExportRequest) -> list[export_query.ExportSelection]:
    if request.kind == ExportKind.SNAPSHOT:
        chosen = export_query.of_snapshot(session, snapshots.named(session, request.name).id)
    else:
        dataset = datasets.named(session, request.name)
        chosen = export_query.of_dataset(session, dataset.id, usable_only=request.format not in WHOLE)
    if not any(len(selection.face_ids) for selection in chosen):
        raise InputError(
            tr(
                "There is nothing to export in '{name}': no face has a label and is not rejected. Parquet takes the "
                "others, too.",
                name=request.name,
            )
        )
    return chosen


def _left_out(session: Session, request: ExportRequest) -> dict[Exclusion, int]:
    """The faces that a format without place for them leaves out, and those deleted from a snapshot, by reason."""
    if request.kind == ExportKind.SNAPSHOT:
        purged = snapshots.named(session, request.name).purged
        return {Exclusion.PURGED: purged} if purged else {}
    if request.format in WHOLE:
        return {}
    return exclusions.counts(session, datasets.named(session, request.name).id)


def _write(writer: Writer, faces: Iterable[ExportFace], draft: Path) -> int:
    if draft.suffix.lower() != ".zip":
        return writer(faces, draft)
    folder = draft.with_name("unpacked")
    if writer is fer2013_csv.write:
        folder.mkdir()
        files = writer(faces, folder / fer2013_csv.NAME)
    else:
        files = writer(faces, folder)
    pack(folder, draft)
    return files


def _counted(
    faces: Iterable[ExportFace], tally: Counter[tuple[str, int | None, bool]], total: int, progress: Progress
) -> Iterator[ExportFace]:
    for done, face in enumerate(faces):
        if done % _PROGRESS_EVERY == 0:
            progress(done, total, tr("Writing faces"))
        tally[face.split, face.label, face.state == FaceState.REJECTED] += 1
        yield face
    progress(total, total, tr("Writing faces"))


def _report(
    form: str,
    target: Path,
    files: int,
    tally: Counter[tuple[str, int | None, bool]],
    gone: dict[Exclusion, int],
) -> ExportReport:
    return ExportReport(
        format=form,
        to=str(target),
        faces=tally.total(),
        files=files,
        counts={split: {name: tally[split, i, False] for i, name in enumerate(EMOTIONS)} for split in SPLITS},
        rejected=sum(count for (_, _, rejected), count in tally.items() if rejected),
        unlabelled=sum(count for (_, label, rejected), count in tally.items() if label is None and not rejected),
        left_out=gone,
    )
