"""Releases that somebody recorded."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.errors import InputError
from fercore.language import tr
from fercore.sources import releases
from fercore.sources.releases import Release, ReleasedFace
from fercore.store.datasets.faces import PRESENT
from fercore.store.tables import Dataset, Face, RecordedRelease


def faces(session: Session, dataset: Dataset) -> list[ReleasedFace]:
    """A dataset's faces as its source gave them: pixels, split and the source's own label."""
    query = select(Face.pixel_hash, Face.split, Face.source_emotion).where(Face.dataset_id == dataset.id, PRESENT)
    return [ReleasedFace(*row) for row in session.execute(query)]


def add(session: Session, release: Release) -> None:
    """Keep a release; raises InputError where one has that name."""
    if session.get(RecordedRelease, release.name) is not None:
        raise InputError(tr("There is a release '{name}' already: choose another name.", name=release.name))
    splits = {split: parts.as_json() for split, parts in release.splits.items()}
    session.add(
        RecordedRelease(name=release.name, splits=splits, pictures=releases.packed(release.pictures), recorded_at=now())
    )


def names(session: Session) -> Sequence[str]:
    """The names of recorded releases."""
    return list(session.scalars(select(RecordedRelease.name).order_by(RecordedRelease.name)))


def named(session: Session, name: str) -> Release | None:
    """A recorded release; None where there is none of that name."""
    stored = session.get(RecordedRelease, name)
    return None if stored is None else releases.of_parts(stored.name, stored.splits, stored.pictures)
