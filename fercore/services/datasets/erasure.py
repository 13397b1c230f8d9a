"""One person's faces: found by the hash their source gives them, and deleted when they ask for it."""

from pathlib import Path

from fercore.errors import NotFoundError
from fercore.services.training import training_dynamics
from fercore.store import Store
from fercore.store.audit import map_files
from fercore.store.datasets import datasets, erasure, photos
from fercore.store.datasets.erasure import PersonRecords as PersonRecords


def find(store: Store, subject: str, dataset: str | None = None) -> PersonRecords:
    """The data of a person; raises NotFoundError when there is none."""
    with store.database.reading() as session:
        dataset_id = datasets.named(session, dataset).id if dataset else None
        records = erasure.find(session, _as_stored(subject), dataset_id)
    if not records.faces and not records.photos:
        raise NotFoundError("person", subject.strip())
    return records


def purge(store: Store, subject: str, dataset: str | None = None) -> PersonRecords:
    """Delete all of it; returns what went. Photos outside of the data folder are named and left."""
    find(store, subject, dataset)
    with store.database.writing() as session:
        dataset_id = datasets.named(session, dataset).id if dataset else None
        face_ids = erasure.face_ids(session, _as_stored(subject), dataset_id)
        gone = erasure.purge(session, _as_stored(subject), dataset_id)
    training_dynamics.forget(store, gone.runs, face_ids)
    map_files.forget(store.maps, face_ids)
    with store.database.reading() as session:
        photos.drop_copies(session, store.photos, [Path(copy).name for copy in gone.copies])
    for listed in store.logs.glob("*problems.csv"):
        _forget_lines(listed, gone.subject)
    store.database.flush_log()
    return gone


def _as_stored(subject: str) -> str:
    """Hashes are kept in small letters."""
    subject = subject.strip()
    return subject.lower() if len(subject) == 64 else subject


def _forget_lines(file: Path, subject: str) -> None:
    """Take the lines that name a person out of a list of problems."""
    lines = file.read_text("utf-8", "replace").splitlines(keepends=True)
    rest = [line for line in lines if not erasure.names(line, subject)]
    if len(rest) < len(lines):
        draft = file.with_suffix(".draft")
        draft.write_text("".join(rest), "utf-8")
        draft.replace(file)
