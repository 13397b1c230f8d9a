"""Photos: which are known, and the copies of uploaded ones."""

import os
import tempfile
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from fercore.store.tables import Photo


def known(session: Session, dataset_id: int) -> dict[tuple[str, str], int]:
    """(name, sha256) → number of faces, for every photo of a dataset."""
    query = select(Photo.name, Photo.sha256, Photo.faces).where(Photo.dataset_id == dataset_id)
    return {(name, sha256): faces for name, sha256, faces in session.execute(query)}


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


def drop_orphans(session: Session, folder: Path) -> int:
    """Delete copies that no photo names any more; returns how many."""
    named = set(session.scalars(select(Photo.sha256)))
    orphans = [path for path in folder.glob("??/*") if path.name not in named]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)
