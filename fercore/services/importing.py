"""Import a source into a dataset: read all of it, refuse or skip what is bad, then store the rest."""

import pickle
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from fercore.errors import BadRowsError, Fault
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.services import uploading
from fercore.services.names import checked_name
from fercore.sources.record import FaceRecord, Notice, Options, PhotoRecord, Split
from fercore.store import Store, datasets
from fercore.store import faces as face_table
from fercore.store.faces import NewFace

BATCH: Final = 1000


@dataclass(frozen=True)
class ImportRequest:
    """What to import, and as what."""

    source: str
    path: Path
    dataset: str
    skip_bad: bool = False
    split: Split = "train"
    title: str = ""


@dataclass(frozen=True)
class ImportReport:
    """What an import did."""

    dataset: str
    added: int
    skipped: list[dict[str, str]]
    counts: dict[str, dict[str, int]] = field(default_factory=dict)


def import_source(store: Store, request: ImportRequest, progress: Progress = silent) -> ImportReport:
    """Import a source; raises BadRowsError (nothing is stored) unless bad rows are to be skipped."""
    name = checked_name(request.dataset)
    with tempfile.TemporaryFile() as spool:
        faults = _read(request, spool, progress)
        if faults and not request.skip_bad:
            raise BadRowsError(faults)
        added = _write(store, request, name, spool, faults, progress)
    with store.database.reading() as session:
        counts = next(s.counts for s in datasets.summaries(session) if s.name == name)
    return ImportReport(name, added, [asdict(fault) for fault in faults], counts)


def _read(request: ImportRequest, spool: IO[bytes], progress: Progress) -> list[Fault]:
    """Parse the whole source into a temporary file, so that a bad row at its end costs nothing."""
    from fercore.sources.reading import reader

    faults: list[Fault] = []
    batch: list[FaceRecord] = []

    def told(done: int, total: int) -> None:
        progress(done // 2, total, tr("Reading {name}", name=request.title or request.path.name))

    for item in reader(request.source)(request.path, Options(split=request.split), told):
        if isinstance(item, Fault):
            faults.append(item)
            continue
        if isinstance(item, (PhotoRecord, Notice)):
            continue
        batch.append(item)
        if len(batch) == BATCH:
            pickle.dump(batch, spool, pickle.HIGHEST_PROTOCOL)
            batch = []
    if batch:
        pickle.dump(batch, spool, pickle.HIGHEST_PROTOCOL)
    return faults


def _write(
    store: Store,
    request: ImportRequest,
    name: str,
    spool: IO[bytes],
    faults: Sequence[Fault],
    progress: Progress,
) -> int:
    """Store in short transactions, so that reviewers can save in between."""
    with store.database.writing() as session:
        begun = datasets.begin_import(session, name, request.source, request.title or str(request.path))
        begun.skipped = [asdict(fault) for fault in faults]
        dataset_id, import_id = begun.dataset_id, begun.id
    added, size = 0, spool.tell()
    for records in _batches(spool):
        with store.database.writing() as session:
            added += face_table.add(session, dataset_id, import_id, [_new(r) for r in records])
        progress(size + spool.tell(), 2 * size, tr("Storing faces"))
    with store.database.writing() as session:
        datasets.finish_import(session, import_id)
    return added


def _batches(spool: IO[bytes]) -> Iterator[list[FaceRecord]]:
    spool.seek(0)
    while True:
        try:
            yield pickle.load(spool)  # written by this very process a moment ago
        except EOFError:
            return


def _new(record: FaceRecord) -> NewFace:
    return NewFace(
        identity=record.identity,
        split=record.split,
        emotion=record.emotion,
        word=record.word,
        pixel_hash=record.pixel_hash,
        gray=record.pixels,
        **vars(record.about),
    )


def work(store: Store, arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """The job `import`."""
    request = ImportRequest(**{**arguments, "path": Path(arguments["path"])})
    report = import_source(store, request, progress)
    uploading.clear(store, request.path)
    return asdict(report)
