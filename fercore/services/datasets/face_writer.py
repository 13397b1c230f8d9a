"""Faces that a source holds, written to the store with the photos and decisions that its file tells of."""

import pickle
from collections.abc import Iterator, Sequence
from typing import IO, Final

from sqlalchemy.orm import Session

from fercore.language import tr
from fercore.progress import Progress
from fercore.services.datasets.crop_writer import CropTarget
from fercore.services.datasets.import_problems import ListedReport
from fercore.sources.record import FaceRecord
from fercore.store import Store
from fercore.store.datasets import faces as face_table
from fercore.store.datasets import photos
from fercore.store.datasets.faces import NewFace
from fercore.store.review import decision_transfer

DECIDED_ELSEWHERE: Final = "import"  # the reviewer of decisions whose file does not say who made them


def write(store: Store, place: CropTarget, spool: IO[bytes], report: ListedReport, progress: Progress) -> None:
    """Store the faces that lie pickled in `spool` batch by batch, each in a transaction of its own."""
    size = spool.tell()
    with store.database.reading() as session:
        earlier = face_table.file_names(session, place.dataset_id)
    for records in _batches(spool):
        with store.database.writing() as session:
            new = _store(session, place, records)
        report.added += len(new)
        for name in sorted(name for name in map(face_table.file_name, new) if name in earlier):
            report.changed.append(name)
        progress(size + spool.tell(), 2 * size, tr("Storing faces"))


def _batches(spool: IO[bytes]) -> Iterator[list[FaceRecord]]:
    spool.seek(0)
    while True:
        try:
            yield pickle.load(spool)  # written by this very process a moment ago
        except EOFError:
            return


def _store(session: Session, place: CropTarget, records: Sequence[FaceRecord]) -> dict[str, int]:
    """One batch, with the photos and decisions that its file tells of; returns the numbers of new faces by identity."""
    shown = {r.known.photo: r.about.subject for r in records if r.known.photo}
    named = photos.by_name(session, place.dataset_id, place.import_id, shown)
    new = [_new(record, named.get(record.known.photo or "")) for record in records]
    ids = face_table.add(session, place.dataset_id, place.import_id, new)
    decisions = {r.identity: r.known.verdicts for r in records if r.known.verdicts and r.identity in ids}
    decision_transfer.adopt(
        session, DECIDED_ELSEWHERE, {ids[identity]: verdicts for identity, verdicts in decisions.items()}
    )
    return ids


def _new(record: FaceRecord, photo_id: int | None) -> NewFace:
    return NewFace(
        identity=record.identity,
        split=record.split,
        emotion=record.emotion,
        word=record.word,
        pixel_hash=record.pixel_hash,
        gray=record.pixels,
        photo_id=photo_id,
        **vars(record.about),
        **vars(record.known.crop),
    )
