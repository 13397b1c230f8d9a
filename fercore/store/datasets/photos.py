"""Photos: which are known, and the copies of uploaded ones."""

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from fercore.store.database import insert_new
from fercore.store.tables import Photo

# What is known of a photo that is not here itself; extraction still reads the real one.
_GONE: Final[dict[str, Any]] = {"sha256": "", "path": "", "width": 0, "height": 0, "faces": 0}


class KnownPhoto(NamedTuple):
    """A photo that a dataset has: its content, the stamp its file had then, and its number of faces."""

    sha256: str
    stamp: str | None
    faces: int


def known(session: Session, dataset_id: int) -> dict[str, list[KnownPhoto]]:
    """Every photo of a dataset by its name; several where its content has changed."""
    query = select(Photo.name, Photo.sha256, Photo.stamp, Photo.faces).where(
        Photo.dataset_id == dataset_id, Photo.sha256 != _GONE["sha256"]
    )
    by_name: defaultdict[str, list[KnownPhoto]] = defaultdict(list)
    for name, sha256, stamp, faces in session.execute(query):
        by_name[name].append(KnownPhoto(sha256, stamp, faces))
    return dict(by_name)


def by_name(session: Session, dataset_id: int, import_id: int, subjects: Mapping[str, str | None]) -> dict[str, int]:
    """The numbers of photos of a dataset by their names; one it does not have is noted by its name alone.

    `subjects` has whom each wanted photo shows.
    """
    query = select(Photo.name, Photo.id).where(Photo.dataset_id == dataset_id, Photo.name.in_(list(subjects)))
    have = set(session.scalars(query.with_only_columns(Photo.name)))
    fresh = [
        {"dataset_id": dataset_id, "import_id": import_id, "name": name, "subject": subject, **_GONE}
        for name, subject in subjects.items()
        if name not in have
    ]
    if fresh:
        session.execute(insert_new(session, Photo), fresh)
    return {name: photo_id for name, photo_id in session.execute(query.order_by(Photo.id.desc()))}


def add(session: Session, rows: Sequence[dict[str, Any]]) -> dict[tuple[str, str], int]:
    """Store photos that the dataset does not have yet; returns the numbers of these by (name, sha256)."""
    fresh = {(row["name"], row["sha256"]): row for row in rows}
    if not fresh:
        return {}
    returned = session.execute(
        insert_new(session, Photo).returning(Photo.name, Photo.sha256, Photo.id), list(fresh.values())
    )
    return {(name, sha256): photo_id for name, sha256, photo_id in returned}


def hashes(session: Session, chosen: ColumnElement[bool]) -> set[str]:
    """The content hashes of some photos."""
    return set(session.scalars(select(Photo.sha256).where(chosen)))


def keep_copy(folder: Path, sha256: str, data: bytes) -> Path:
    """Write a photo's bytes under their content hash, atomically, once."""
    target = folder / sha256[:2] / sha256
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(target)
    return target


def drop_copies(session: Session, folder: Path, gone: Iterable[str]) -> int:
    """Delete the copies with these hashes that no photo names any more; returns how many."""
    named = set(session.scalars(select(Photo.sha256).where(Photo.sha256.in_(list(gone)))))
    orphans = [folder / sha256[:2] / sha256 for sha256 in set(gone) - named if sha256]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)
